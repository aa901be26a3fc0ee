"""Syntax errors with message and place: what both Python's own compiler and libcst refuse."""

from __future__ import annotations

import ast
import re
import warnings
import weakref
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.syntax.parse import accepted, is_readable

if TYPE_CHECKING:
    from trainlint.source.contents import Content
    from trainlint.source.source import Source

_FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_MORE = re.compile(r" \(<unknown>, line \d+\)$")
_sound: weakref.WeakSet[Content] = weakref.WeakSet()  # what Python has accepted already, in this or another version


@frozen
class SyntaxProblem:
    """A message in Python's words, and the bytes of the file that it is about."""

    message: str
    start: int
    end: int


def problems(source: Source) -> tuple[SyntaxProblem, ...]:
    """Everything in ``source`` that cannot be read; segments over the parser's limits are not asked about."""
    if source.problem is not None:
        return (SyntaxProblem(source.problem.message, source.problem.start, source.problem.end),)
    segments = source.segments
    doubtful = [segment for segment in segments if segment.content not in _sound and not accepted(segment)]
    if len(doubtful) < max(1, len(segments) // 2) and all(
        segment.readable and _refusal(segment.data) is None for segment in doubtful
    ):
        _sound.update(segment.content for segment in doubtful)
        return ()
    if all(segment.readable for segment in segments) and _refusal(source.data) is None:
        _sound.update(segment.content for segment in segments)
        return ()
    found = []
    for segment in segments:
        if not segment.readable or segment.content in _sound or accepted(segment):
            continue
        if _refusal(segment.data) is None or is_readable(segment.data):
            _sound.add(segment.content)
            continue
        above = b"\n" * (source.place(segment.start).line - 1)  # for the lines that messages speak of
        error = _refusal(above + segment.data)
        if error is None:
            continue
        start, end = _place(above + segment.data, error)
        begin, message = segment.start - len(above), _MORE.sub("", error.msg or "invalid syntax")
        found.append(SyntaxProblem(message, max(begin + start, segment.start), max(begin + end, segment.start + 1)))
    return tuple(found)


def _refusal(data: bytes) -> SyntaxError | None:
    """Python's objection to a piece of code; none where it has no opinion."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<unknown>", "exec", _FLAGS)
    except SyntaxError as error:
        return error
    except (RecursionError, MemoryError, ValueError, OverflowError):
        return None
    return None


def _place(data: bytes, error: SyntaxError) -> tuple[int, int]:
    """The bytes that an error is about, within ``data``. Python counts lines from 1 and columns in characters."""
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data)
    start = _offset(lines, error.lineno or 1, (error.offset or 1) - 1)
    end = start
    if error.end_lineno is not None and error.end_offset is not None and error.end_offset > 0:
        end = _offset(lines, error.end_lineno, error.end_offset - 1)
    size = len(data.rstrip()) or len(data)
    start = min(start, max(0, size - 1))
    while start > 0 and data[start] & 0xC0 == 0x80:
        start -= 1
    if end <= start:
        end = start + 1
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end += 1
    return start, min(end, len(data))


def _offset(lines: list[bytes], line: int, column: int) -> int:
    line = min(max(line, 1), max(len(lines), 1))
    before = sum(len(each) for each in lines[: line - 1])
    text = lines[line - 1].decode("utf-8", "replace") if lines else ""
    return before + len(text[:column].encode("utf-8"))
