"""A span as numbers: within its cell for people, within its file for programs that know no cells."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from attrs import frozen

from trainlint.model import Span
from trainlint.source.rows import rows
from trainlint.source.source import Source
from trainlint.source.sources import Sources

_END = re.compile(r"\r\n|\n|\r")


@frozen
class Region:
    """Lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None
    """The cell that the lines are counted in; None for those of the file."""

    @property
    def said(self) -> str:
        """`cell 3, line 5`, or nothing where the file has no cells."""
        return "" if self.cell is None else f"cell {self.cell}, line {self.line}"


def source_of(span: Span, sources: Sources) -> Source:
    """The source that `span` lies in."""
    source = sources.get(span.path)
    if source is None:
        raise LookupError(f"{span.path} has a finding but no source")
    return source


def region(span: Span, sources: Sources) -> Region:
    """Where `span` lies in its file, or in its cell."""
    source = source_of(span, sources)
    start, end = source.place(span.start), source.place(span.end)
    if end.cell != start.cell:  # the end of a cell's last line is the start of the next cell
        last = source.place(max(span.start, span.end - 1))
        return Region(start.line, start.column, last.line, last.column + 1, start.cell)
    return Region(start.line, start.column, end.line, end.column, start.cell)


def file_region(span: Span, sources: Sources) -> Region:
    """Where `span` lies in its file; of a notebook, the whole lines of the JSON text that hold it.

    A notebook whose file holds another text has no such lines: its first stands for all.
    """
    inner = region(span, sources)
    if inner.cell is None:
        return inner
    cells, lines = _file(source_of(span, sources), sources)
    written = cells.get(inner.cell, ())
    if inner.end_line > len(written):
        return Region(1, 1, 1, 2)
    first, last = written[inner.line - 1], written[inner.end_line - 1]
    return Region(first, 1, last, len(lines[last - 1]) + 1)


def _file(source: Source, sources: Sources) -> tuple[Mapping[int, Sequence[int]], Sequence[str]]:
    """Per cell of a notebook the lines of its file that hold it, and all lines of the file."""
    key = __name__, source.path
    if key not in sources.derived:
        raw = sources.raw(source.path)
        same = raw is not None and Source.read(source.path, raw).original == source.original
        text = raw.decode("utf-8-sig") if raw is not None and same else ""
        sources.derived[key] = rows(text), _END.split(text)
    found: tuple[Mapping[int, Sequence[int]], Sequence[str]] = sources.derived[key]
    return found
