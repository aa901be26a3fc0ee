"""The marker that says what is expected: `# expect: rule-a "part of the message"; rule-b` at the end of a line.

It stands on the line of the primary or of a related place of the finding; the part of the message is optional.
Findings are those of `--output-format json`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen

_MARKER = re.compile(r"[ \t]*# expect:(?P<list>.*)$", re.MULTILINE)
_ONE = re.compile(r'\s*(?P<rule>[a-z0-9]+(?:-[a-z0-9]+)*)(?:\s+"(?P<part>[^"]*)")?\s*(?:;|$)')


@frozen
class Marker:
    """A rule expected on a line of a file, or of a cell of a notebook."""

    path: str
    cell: int | None
    line: int
    rule: str
    part: str

    def fits(self, finding: Mapping[str, Any]) -> bool:
        """Whether `finding` is what is expected here."""
        return (
            finding["rule"] == self.rule
            and self.part in finding["message"]
            and (self.path, self.cell, self.line)
            in ((at["path"], at["cell"], at["start"]["line"]) for at in (finding, *finding["related"]))
        )

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.cell is None else f"{self.path}:cell {self.cell}:{self.line}"
        return f"{where}: {self.rule}" + (f' "{self.part}"' if self.part else "")


def markers(path: str, text: str, cell: int | None = None) -> Iterator[Marker]:
    """The markers in `text`; raises ValueError for one that cannot be read."""
    for number, line in enumerate(text.split("\n"), start=1):
        if marker := _MARKER.search(line):
            rest = marker["list"].strip()
            position = 0
            while position < len(rest) or not rest:
                one = _ONE.match(rest, position)
                if one is None or not rest:
                    raise ValueError(f"{path}:{number}: cannot read the marker {rest!r}")
                yield Marker(path, cell, number, one["rule"], one["part"] or "")
                position = one.end()


def stripped(text: str) -> str:
    """`text` without its markers."""
    return _MARKER.sub("", text)


def differences(findings: Iterable[Mapping[str, Any]], expected: Iterable[Marker]) -> list[str]:
    """What is missing and what is too much, a sentence each; empty if the findings are exactly those expected."""
    findings, expected = list(findings), list(expected)
    missing = [f"missing: {marker}" for marker in expected if not any(map(marker.fits, findings))]
    surplus = [
        f"not expected: {finding['path']}:{finding['start']['line']}: {finding['rule']} {finding['message']!r}"
        for finding in findings
        if not any(marker.fits(finding) for marker in expected)
    ]
    return missing + surplus
