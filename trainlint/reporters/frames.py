"""Excerpts of sources, with labels under the places that a finding speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from trainlint.model import Finding, Severity, Span
from trainlint.reporters.columns import Line, window
from trainlint.reporters.paint import Paint
from trainlint.reporters.places import place, printable
from trainlint.source.source import Source
from trainlint.source.sources import Sources

_WHOLE = 4
"""A label over at most so many lines is drawn under each of them, a longer one under its first and last."""


@frozen
class Label:
    """A place, what is said of it, and whether it is where the mistake lies."""

    span: Span
    text: str
    primary: bool


@frozen
class Mark:
    """The part of a label on one line: its characters `start` to `end`, and the text where the label ends."""

    start: int
    end: int
    text: str
    primary: bool


@frozen
class Excerpt:
    """The marked lines of one file or cell, by their number in the source."""

    source: Source
    first: Label
    marks: Mapping[int, Sequence[Mark]]

    def shown_number(self, line: int) -> int:
        """The number that is printed: of a notebook, that within the cell."""
        return self.source.place(self.source.lines.line_span(line)[0]).line


def frames(finding: Finding, sources: Sources, paint: Paint, width: int) -> tuple[str, list[str]]:
    """The margin, and the lines of all excerpts: that of the primary place, then the others as the evidence goes."""
    excerpts = _excerpts(finding, sources)
    numbers = (excerpt.shown_number(line) for excerpt in excerpts for line in excerpt.marks)
    gutter = len(str(max(numbers, default=1)))
    margin = " " * gutter
    rule = f"{margin} {paint.frame('|')}"
    lines: list[str] = []
    for excerpt in excerpts:
        arrow = paint.frame("-->" if excerpt.first.primary else ":::")
        lines += (f"{margin}{arrow} {place(excerpt.first.span, sources)}", rule)
        lines += _drawn(excerpt, gutter, finding.severity, paint, width - gutter - 3)
        lines.append(rule)
    return margin, lines


def _excerpts(finding: Finding, sources: Sources) -> list[Excerpt]:
    together: dict[tuple[str, int | None], list[Label]] = {}
    for label in _labels(finding):
        if source := sources.get(label.span.path):
            cell = source.place(label.span.start).cell
            together.setdefault((source.path, cell), []).append(label)
    excerpts = []
    for (path, _), labels in together.items():
        if source := sources.get(path):
            marks: dict[int, list[Mark]] = {}
            for label in labels:
                for number, mark in _marks(source, label):
                    marks.setdefault(number, []).extend([mark] if mark else [])
            excerpts.append(Excerpt(source, labels[0], marks))
    return excerpts


def _labels(finding: Finding) -> Iterator[Label]:
    """The primary place with what notes say of the very same place, then the other notes."""
    own = [note.message for note in finding.related if note.span == finding.span]
    yield Label(finding.span, "; ".join(own), primary=True)
    for note in finding.related:
        if note.span != finding.span:
            yield Label(note.span, note.message, primary=False)


def _marks(source: Source, label: Label) -> Iterator[tuple[int, Mark | None]]:
    """The lines of a label, each with its mark; an empty line within has none."""
    start, end = label.span.start, label.span.end
    first = source.lines.place(start)[0]
    last = source.lines.place(max(start, end - 1))[0]
    for number in range(first, last + 1) if last - first < _WHOLE else (first, last):
        line_start, line_end = source.lines.line_span(number)
        content = source.original[line_start:line_end]
        if first < number < last and not content.strip():
            yield number, None
            continue
        left = start if number == first else line_end - len(content.lstrip())
        right = min(end, line_end) if number == last else line_start + len(content.rstrip())
        text = label.text if number == last else ""
        yield (
            number,
            Mark(
                _characters(content[: left - line_start]),
                _characters(content[: right - line_start]),
                text,
                label.primary,
            ),
        )


def _characters(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))


def _drawn(excerpt: Excerpt, gutter: int, severity: Severity, paint: Paint, room: int) -> Iterator[str]:
    """The rows of one excerpt, with a gap where more than one line is left out."""
    previous: int | None = None
    for number in sorted(excerpt.marks):
        if previous is not None and number - previous == 2:
            yield from _row(excerpt, number - 1, gutter, severity, paint, room)
        elif previous is not None and number - previous > 2:
            yield paint.frame("...")
        yield from _row(excerpt, number, gutter, severity, paint, room)
        previous = number


def _row(excerpt: Excerpt, number: int, gutter: int, severity: Severity, paint: Paint, room: int) -> Iterator[str]:
    """A line of the source and a row for each of its marks."""
    start, end = excerpt.source.lines.line_span(number)
    line = Line.of(excerpt.source.original[start:end].decode("utf-8", "replace"))
    marks = sorted(excerpt.marks.get(number, ()), key=lambda mark: (mark.start, not mark.primary))
    ranges = [(line.columns[mark.start], line.columns[mark.end]) for mark in marks]
    view = window(line, ranges, room)
    bar = paint.frame("|")
    yield f"{paint.frame(f'{excerpt.shown_number(number):>{gutter}}')} {bar} {view.text}".rstrip()
    for mark, (first, last) in zip(marks, ranges, strict=True):
        left, right = view.marks(first, last)
        drawn = ("^" if mark.primary else "-") * (right - left) + f" {printable(mark.text)}".rstrip()
        painted = paint.severity(severity, drawn) if mark.primary else paint.frame(drawn)
        yield f"{' ' * gutter} {bar} {' ' * left}{painted}"
