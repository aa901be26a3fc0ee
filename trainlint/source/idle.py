"""Lines that name a number and do nothing else: as long as nobody says the name, a program is the same without them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import field, frozen

from trainlint.source.opaque import OPAQUE, spoken

_NAME = re.compile(r"[^\W\d]\w*")
_IDLE = re.compile(
    rb"(?:(?!__)([A-Za-z_]\w*)(?:[ \t]*=[ \t]*(?:[-+]?\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?|None|True|False))?)"
)
_WORDS = frozenset(b"break continue pass raise return yield None True False match case".split())
_GOES_ON = re.compile(rb"(?:elif|else|except|finally|case)\b")
_DEFINITION = re.compile(rb"(?:async[ \t]+)?(def|class)\b")


@frozen
class Idle:
    """A line that binds or reads a name of its own, and the offset in the rest of the statement at which it stood."""

    name: str
    line: bytes
    at: int


@frozen
class Core:
    """A statement without its idle lines, and these."""

    text: bytes
    idle: tuple[Idle, ...] = ()


@frozen
class _Line:
    """A logical line: its bytes with nothing in strings, and the name if it says nothing but one."""

    start: int
    end: int
    indent: bytes
    text: bytes
    name: bytes = field(default=b"")


def core(bare: bytes) -> Core:
    """The core of a statement that is given without comments and empty lines."""
    plain = OPAQUE.sub(lambda match: b'"' * len(match.group()), bare)
    if b"\\" in plain or b"\f" in plain:
        return Core(bare)
    lines = list(_lines(plain))
    if not any(line.name for line in lines):
        return Core(bare)
    others = b"".join(bare[line.start : line.end] for line in lines if not line.name)
    said = frozenset(_NAME.findall(spoken(others).decode("utf-8", "replace")))
    parts: list[bytes] = []
    idle: list[Idle] = []
    length = 0
    for line, left_out in zip(lines, _left_out(lines, said), strict=True):
        text = bare[line.start : line.end]
        if left_out:
            idle.append(Idle(line.name.decode(), text.strip(), length))
        else:
            parts.append(text)
            length += len(text)
    return Core(b"".join(parts).rstrip(), tuple(idle)) if idle else Core(bare)


def _lines(plain: bytes) -> Iterator[_Line]:
    """The logical lines of a text; a line that may be idle has a name."""
    begin, depth = 0, 0
    for line in re.finditer(rb"[^\n]*(?:\n|\Z)", plain):
        text = line.group()
        opened = text.count(b"(") + text.count(b"[") + text.count(b"{")
        closed = text.count(b")") + text.count(b"]") + text.count(b"}")
        depth = max(0, depth + opened - closed)
        if depth == 0 and plain[begin : line.end()].strip():
            yield _line(plain, begin, line.end())
            begin = line.end()
    if begin < len(plain):
        yield _line(plain, begin, len(plain))


def _line(plain: bytes, start: int, end: int) -> _Line:
    text = plain[start:end].lstrip(b"\n")
    code = text.strip()
    found = _IDLE.fullmatch(code)
    name = b"" if found is None or found.group(1) in _WORDS else found.group(1)
    return _Line(start, end, text[: len(text) - len(text.lstrip())], code, name)


def _left_out(lines: Sequence[_Line], said: frozenset[str]) -> list[bool]:
    """For each line whether it is idle and stands where a statement of a function or of the module may stand or not."""
    found = [False] * len(lines)
    headers: list[tuple[int, bool]] = []  # indentation of the definitions around a line; whether it is a class
    kept: list[_Line] = []
    index = 0
    while index < len(lines):
        line, end = lines[index], index
        while headers and headers[-1][0] >= len(line.indent):
            headers.pop()
        while end < len(lines) and lines[end].indent == line.indent and _is_idle(lines[end], said):
            end += 1
        if end == index:
            definition = _DEFINITION.match(line.text)
            if definition is not None:
                headers.append((len(line.indent), definition.group(1) == b"class"))
            kept.append(line)
            index += 1
            continue
        is_attribute = bool(headers) and headers[-1][1]
        if not is_attribute and _is_optional(kept, line, lines[end] if end < len(lines) else None):
            found[index:end] = [True] * (end - index)
        else:
            kept += lines[index:end]
        index = end
    return found


def _is_idle(line: _Line, said: frozenset[str]) -> bool:
    return bool(line.name) and line.name.decode() not in said


def _is_optional(kept: Sequence[_Line], line: _Line, after: _Line | None) -> bool:
    """Whether the block around a line has other statements, and stays in one piece without or with it."""
    if kept and kept[-1].text.startswith(b"@"):
        return False
    if after is not None and len(after.indent) >= len(line.indent):
        return after.indent == line.indent and _GOES_ON.match(after.text) is None
    above = next((each for each in reversed(kept) if len(each.indent) <= len(line.indent)), None)
    if above is None:
        return not kept and after is None
    is_header = above.text.endswith(b":") and (above is kept[-1] or above.text.startswith(b"case"))
    return above.indent == line.indent and not is_header
