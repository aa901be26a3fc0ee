"""A file cut into its top-level statements without parsing it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from trainlint.source.contents import Content, Imported, content
from trainlint.source.scanner import pieces


@frozen(eq=False)
class Segment:
    """One top-level statement where it stands: ``start`` to ``end`` in the bytes of its file, and its `Content`."""

    number: int
    start: int
    end: int
    content: Content
    data: bytes
    kind: str
    name: str | None

    @property
    def readable(self) -> bool:
        """Whether it lies within the limits of the parser."""
        return self.content.readable

    @property
    def digest(self) -> bytes:
        """A hash of its bytes."""
        return self.content.digest

    @property
    def mentions(self) -> frozenset[str]:
        """Every identifier in it, those in comments and long strings excepted."""
        return self.content.mentions

    @property
    def head(self) -> frozenset[str]:
        """The identifiers that are evaluated when it is run: decorators and bases of a definition, else all."""
        return self.content.head

    @property
    def spoken(self) -> str:
        """Its text without comments and long strings, which speak of names without using them."""
        return self.content.spoken

    @property
    def touches(self) -> frozenset[str]:
        """The names of the module that running it may bind or change; "*" for a star import."""
        return self.content.touches

    @property
    def imports(self) -> tuple[Imported, ...]:
        """What the import statements in it bind, those within functions included."""
        return self.content.imports


def segments(
    data: bytes, cuts: tuple[tuple[int, int], ...] = (), known: Mapping[bytes, Content] | None = None
) -> tuple[Segment, ...]:
    """The segments of a text.

    ``cuts`` are ranges that are scanned by themselves, such as the cells of a notebook; ``known`` are contents of an
    earlier version, to be shared where the bytes are the same; two statements of one version never share theirs.
    """
    left = dict(known or {})
    found: list[Segment] = []
    for start, end in cuts or ((0, len(data)),):
        for piece_start, piece_end in pieces(data[start:end], whole=not cuts):
            text = data[start + piece_start : start + piece_end]
            held = left.pop(text, None) or content(text)
            found.append(
                Segment(
                    len(found),
                    start + piece_start,
                    start + piece_end,
                    held,
                    held.data,
                    held.kind,
                    held.name,
                )
            )
    return tuple(found)
