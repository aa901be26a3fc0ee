"""Document links: from a rule's name in an ignore comment or in a settings file to its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lsprotocol import types

from trainlint.rules.catalogue import catalogue
from trainlint.server.outcome import View
from trainlint.server.positions import units

OWN, SHARED = "/trainlint.toml", "/pyproject.toml"
_LINE = re.compile(r"\r\n|\n|\r")
_TABLE = re.compile(r"\s*\[+\s*([^\]]*?)\s*\]")
_TOKEN = re.compile(r"#.*|\"[^\"]*\"|'[^']*'|[\w-]+")


def in_comments(view: View) -> list[types.DocumentLink]:
    """The links of a Python document."""
    return [
        _link(rule, view.sheet.range(start, end))
        for ignore in view.sheet.source.ignores
        for rule, (start, end) in zip(ignore.rules, ignore.spans, strict=True)
        if rule in catalogue() and view.sheet.holds(start)
    ]


def is_settings(uri: str) -> bool:
    return uri.endswith((OWN, SHARED))


def in_settings(uri: str, text: str, encoding: str) -> list[types.DocumentLink]:
    """The links of a settings file; in one that is shared with other tools those of its tables of trainlint."""
    return list(_in_settings(text, encoding, everywhere=uri.endswith(OWN)))


def _in_settings(text: str, encoding: str, *, everywhere: bool) -> Iterator[types.DocumentLink]:
    ours = everywhere
    for number, line in enumerate(_LINE.split(text)):
        if header := _TABLE.match(line):
            keys = header[1].replace('"', "").replace(" ", "")
            ours = everywhere or keys == "tool.trainlint" or keys.startswith("tool.trainlint.")
        for token in _TOKEN.finditer(line) if ours else ():
            quoted = token[0][0] in "\"'"
            name = token[0].strip("\"'")
            if name in catalogue():
                start, end = token.start() + quoted, token.end() - quoted
                yield _link(name, types.Range(_at(number, line, start, encoding), _at(number, line, end, encoding)))


def _at(number: int, line: str, column: int, encoding: str) -> types.Position:
    return types.Position(number, units(line[:column].encode("utf-8", "replace"), encoding))


def _link(rule: str, range: types.Range) -> types.DocumentLink:
    info = catalogue()[rule]
    return types.DocumentLink(range, target=info.url, tooltip=f"{rule}: {info.summary}")
