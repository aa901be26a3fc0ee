"""Ignore comments: ``# trainlint: ignore[rule, …] reason`` and ``# trainlint: ignore-file[rule]``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from attrs import frozen

from trainlint.source.lines import newlines
from trainlint.source.opaque import opaque_spans

_COMMENT = re.compile(rb"#\s*trainlint:\s*ignore(-file)?\[([^\]\n]*)\][ \t]*([^\r\n]*)")
_NAME = re.compile(rb"[^\s,]+")
_TOKEN = re.compile(rb"[(\[{]|[)\]}]|\\\n|\n|[^\s]")


@frozen
class Ignore:
    """One comment: the rules that it names and where, and the bytes of the logical line that it covers."""

    rules: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    whole_file: bool
    start: int
    end: int
    line_start: int
    line_end: int
    reason: str


def ignores(data: bytes) -> Iterator[Ignore]:
    """The ignore comments of a text, in order; what looks like one inside a string is none."""
    if b"trainlint:" not in data:
        return
    spans = list(opaque_spans(data))
    lines = logical_lines(data, spans)
    for start, end in spans:
        match = _COMMENT.match(data, start, end)
        if match is None:
            continue
        names = list(_NAME.finditer(data, match.start(2), match.end(2)))
        line_start, line_end = _covered(lines, start, end)
        yield Ignore(
            rules=tuple(name.group().decode("utf-8", "replace") for name in names),
            spans=tuple(name.span() for name in names),
            whole_file=match.group(1) is not None,
            start=start,
            end=match.end(),
            line_start=line_start,
            line_end=line_end,
            reason=match.group(3).decode("utf-8", "replace").strip(),
        )


def _covered(lines: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The logical line in which a comment stands, or the next one if it stands alone."""
    for line_start, line_end in lines:
        if line_start <= start <= line_end:
            return line_start, line_end
        if line_start > end:
            return line_start, line_end
    return start, end


def logical_lines(data: bytes, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """First and last byte of every logical line that holds code; a comment at its end belongs to it."""
    text = bytearray(newlines(data))
    comments = set()
    for start, end in spans:
        if text[start : start + 1] == b"#":
            comments.add(start)
            text[start:end] = b" " * (end - start)
        else:
            text[start:end] = b"x" * (end - start)
    lines: list[tuple[int, int]] = []
    first: int | None = None
    depth = 0
    for match in _TOKEN.finditer(bytes(text)):
        token = match.group()
        if token == b"\n":
            if first is not None and depth == 0:
                lines.append((first, match.start()))
                first = None
        elif token != b"\\\n":
            first = match.start() if first is None else first
            depth += token in b"([{"
            depth = max(0, depth - (token in b")]}"))
    if first is not None:
        lines.append((first, len(data)))
    return lines
