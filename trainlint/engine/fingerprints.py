"""Fingerprints: what stays the same of a finding when lines move or its file is renamed."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from trainlint.model import Finding, Span
from trainlint.source.source import Source
from trainlint.source.sources import Sources

_DEFINITION = re.compile(rb"([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)")
_INDENT = re.compile(rb"[ \t]*(?=[^\s#])")
_COMMENT = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|#.*""")
_BLANK = re.compile(r"\s+")


def fingerprints(findings: Iterable[Finding], sources: Sources) -> Mapping[tuple[str, Span], str]:
    """The fingerprint of each finding, by its identity.

    It is made of the rule, the text of the primary line without blanks and comment, the definitions around it, and the
    number of the occurrence among findings of the same file that agree in all of these. The path is no part of it.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    made: dict[tuple[str, Span], str] = {}
    for finding in sorted(findings, key=lambda finding: (finding.span, finding.rule)):
        source = sources.get(finding.span.path)
        line, around = ("", ()) if source is None else (_line(source, finding), _definitions(source, finding))
        key = (finding.rule, line, *around)
        occurrence = (finding.span.path, *key)
        text = "\0".join((*key, str(seen[occurrence])))
        made[finding.identity] = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        seen[occurrence] += 1
    return made


def _line(source: Source, finding: Finding) -> str:
    """The primary line, normalised."""
    start, end = source.lines.line_span(source.lines.place(finding.span.start)[0])
    text = source.original[start:end].decode("utf-8", "replace")
    return _BLANK.sub("", _COMMENT.sub(lambda match: match[1] or "", text))


def _definitions(source: Source, finding: Finding) -> tuple[str, ...]:
    """The names of the functions and classes around the primary place, innermost first.

    Read off the indentation, upwards from the primary line to the start of its top-level statement.
    """
    number = source.lines.place(finding.span.start)[0]
    top = next((segment.start for segment in source.segments if segment.start <= finding.span.start < segment.end), 0)
    names: list[str] = []
    depth: int | None = None
    while number > 0:
        start, end = source.lines.line_span(number)
        if start < top:
            break
        line = source.original[start:end]
        if indent := _INDENT.match(line):
            width = len(indent[0].expandtabs())
            if depth is not None and width < depth and (definition := _DEFINITION.match(line)):
                names.append(definition[2].decode())
            depth = width if depth is None else min(depth, width)
        number -= 1
    return tuple(names)
