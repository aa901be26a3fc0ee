"""Where an ignore comment goes so that it covers a finding: at a line end that can take one, else above."""

from __future__ import annotations

import re
from collections.abc import Iterable

from trainlint.model import Edit, Finding, Span
from trainlint.source.ignores import Ignore, logical_lines
from trainlint.source.opaque import opaque_spans
from trainlint.source.source import Source

REASON = "TODO: say why"
_BREAK = re.compile(rb"\r\n|\r|\n")


def ignoring(source: Source, finding: Finding) -> Edit | None:
    """The edit that lets a comment silence a finding; None where the text cannot be read."""
    if source.problem is not None:
        return None
    path, span = finding.span.path, finding.span
    first = source.lines.line_span(source.lines.place(span.start)[0])
    if known := _existing(source.ignores, *first):
        return Edit(Span(path, known.spans[-1][1], known.spans[-1][1]), f", {finding.rule}")
    comment = f"# trainlint: ignore[{finding.rule}] {REASON}"
    opaque = list(opaque_spans(source.data))
    start, end = _logical(source, opaque, *first)
    at = _free_end(source, opaque, first[0], end)
    if at is not None:
        text = source.original[:at]
        return Edit(Span(path, len(text.rstrip(b" \t")), at), f"  {comment}")
    start = source.lines.line_span(source.lines.place(start)[0])[0]
    blank = re.compile(rb"[ \t\f]*").match(source.original, start)
    indent = blank[0].decode() if blank else ""
    following = _BREAK.search(source.original, start)
    newline = following[0].decode() if following else "\n"
    return Edit(Span(path, start, start), f"{indent}{comment}{newline}")


def _existing(ignores: Iterable[Ignore], start: int, end: int) -> Ignore | None:
    """A comment that covers the line already, to which the rule can be added."""
    for ignore in ignores:
        if not ignore.whole_file and ignore.spans and start <= ignore.line_end and ignore.line_start <= end:
            return ignore
    return None


def _logical(source: Source, opaque: list[tuple[int, int]], start: int, end: int) -> tuple[int, int]:
    """The logical line to which the line from ``start`` to ``end`` belongs."""
    for first, last in logical_lines(source.data, opaque):
        if start <= last and first <= end:
            return first, last
    return start, end


def _free_end(source: Source, opaque: list[tuple[int, int]], start: int, last: int) -> int | None:
    """The first line end between two bytes where a comment can begin: outside strings, with none there already."""
    number = source.lines.place(start)[0]
    while number <= source.lines.count:
        begin, end = source.lines.line_span(number)
        if begin > last:
            return None
        around = [
            source.data[at] for at, to in opaque if at < end and (end < to or (end == to and _is_comment(source, at)))
        ]
        if not around and not source.data[begin:end].rstrip(b"\r\n").endswith(b"\\"):
            return end
        number += 1
    return None


def _is_comment(source: Source, at: int) -> bool:
    return source.data[at : at + 1] == b"#"
