"""A file cut into its top-level statements without parsing it."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from trainlint.source.contents import Content, Imported, content
from trainlint.source.lines import shared
from trainlint.source.scanner import Piece, pieces

_DECIDED = 16  # bytes of a statement that tell that it begins there


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
    closed: bool
    """Whether nothing behind the beginning of the next one has a part in where it ends."""

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


@frozen(eq=False)
class Earlier:
    """An earlier version of a file: its bytes and its statements."""

    data: bytes
    segments: tuple[Segment, ...]


def segments(data: bytes, cuts: tuple[tuple[int, int], ...] = (), before: Earlier | None = None) -> tuple[Segment, ...]:
    """The segments of a text.

    ``cuts`` are ranges that are scanned by themselves, such as the cells of a notebook. Where the bytes are the same,
    contents are shared with those of an earlier version; two statements of one version never share theirs.
    """
    if before is None:
        return tuple(_found(data, cuts, {}))
    if cuts:
        return tuple(_found(data, cuts, {each.data: each.content for each in before.segments}))
    return _updated(data, before)


def _found(data: bytes, cuts: tuple[tuple[int, int], ...], known: dict[bytes, Content]) -> Iterator[Segment]:
    number = 0
    for start, end in cuts or ((0, len(data)),):
        for piece in pieces(data[start:end], whole=not cuts):
            yield _segment(number, data, start, piece, known)
            number += 1


def _segment(number: int, data: bytes, offset: int, piece: Piece, known: dict[bytes, Content]) -> Segment:
    start, end = offset + piece.start, offset + piece.end
    text = data[start:end]
    held = known.pop(text, None) or content(text)
    return Segment(number, start, end, held, held.data, held.kind, held.name, piece.closed)


def _updated(data: bytes, before: Earlier) -> tuple[Segment, ...]:
    """The segments of a text of which an earlier version is known: what is between the changes is scanned anew."""
    old = before.segments
    same = shared(before.data, data)
    head = 0
    while head + 1 < len(old) and old[head].closed and old[head + 1].start + _DECIDED <= same:
        head += 1
    ends_alike = shared(before.data[same:][::-1], data[same:][::-1])
    shift, first = len(data) - len(before.data), len(before.data) - ends_alike + 1
    tail = {each.start + shift: each.number for each in old[head:] if each.start >= first}
    known = {each.data: each.content for each in old[head : len(old) - len(tail)]}
    found = list(old[:head])
    for piece in pieces(data, whole=True, start=old[head].start if head else 0):
        if piece.start in tail:
            for each in old[tail[piece.start] :]:
                found.append(evolve(each, number=len(found), start=each.start + shift, end=each.end + shift))
            break
        found.append(_segment(len(found), data, 0, piece, known))
    return tuple(found)
