"""A document or a cell as a part of the source that is checked: byte spans to ranges and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen
from lsprotocol.types import Position, Range

from trainlint.server.positions import size, units
from trainlint.source.source import Source

Uris = tuple[tuple[str, "int | None"], ...]


@frozen
class Sheet:
    """The bytes ``start`` to ``end`` of a source below ``root`` are the text of the document ``uri``."""

    root: Path
    uri: str
    version: int | None
    source: Source
    start: int
    end: int
    encoding: str

    def holds(self, offset: int) -> bool:
        return self.start <= offset < self.end or (offset == self.end == len(self.source.original))

    def range(self, start: int, end: int) -> Range:
        """The range of a span; what reaches beyond this sheet ends with it."""
        return Range(self._position(start), self._position(max(start, min(end, self._last))))

    def offset(self, position: Position) -> int:
        """The byte at which a position lies."""
        lines = self.source.lines
        number = lines.place(self.start)[0] + position.line
        if number > lines.count:
            return self._last
        start, end = lines.line_span(number)
        text = self.source.original[start:end]
        return min(start + size(text, position.character, self.encoding), self._last)

    def span(self, range: Range) -> tuple[int, int]:
        return self.offset(range.start), self.offset(range.end)

    @property
    def _last(self) -> int:
        """The end of the text: the line end after a cell is ours."""
        return self.end - 1 if self.source.cells else self.end

    def _position(self, offset: int) -> Position:
        lines = self.source.lines
        number = lines.place(offset)[0]
        start, _ = lines.line_span(number)
        column = units(self.source.original[start:offset], self.encoding)
        return Position(number - lines.place(self.start)[0], column)


def sheets(root: Path, source: Source, uris: Uris, encoding: str) -> Iterator[Sheet]:
    """The sheets of a source: one for a file, one per cell for a notebook, with URI and version."""
    parts = [(cell.start, cell.end) for cell in source.cells] or [(0, len(source.original))]
    for (uri, version), (start, end) in zip(uris, parts, strict=False):
        yield Sheet(root, uri, version, source, start, end, encoding)
