"""Where a node lies: the walk of its segment is repeated with libcst's byte positions, once per segment that asks."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from trainlint.source.lines import shared
from trainlint.syntax.parse import concrete, palatable, parse
from trainlint.syntax.places import place_of

if TYPE_CHECKING:
    from trainlint.source.contents import Content
    from trainlint.source.segments import Segment


def span(segment: Segment, at: int) -> tuple[int, int]:
    """The bytes of the file at which node ``at`` of ``segment`` lies; the whole segment where that is not known."""
    text = palatable(segment.content)
    found = None if text is None else place_of(parse(segment), text, at)
    if found is None:
        found = _spans(segment.content).get(at)
    if found is None:
        return segment.start, segment.end
    start, length = found
    return segment.start + start, segment.start + start + length


def moved(before: Segment, after: Segment, start: int, end: int) -> tuple[int, int] | None:
    """Where the bytes ``start`` to ``end`` of a segment lie in a later version of it that means the same.

    None where that cannot be told.
    """
    if before.content is after.content:
        shift = after.start - before.start
        return start + shift, end + shift
    was, now = before.content.data, after.content.data
    same = shared(was, now)
    if end - before.start < same:
        return after.start + start - before.start, after.start + end - before.start
    same = shared(was[same:][::-1], now[same:][::-1])
    if before.end - start < same:
        return after.end - (before.end - start), after.end - (before.end - end)
    if before.content.core.idle != after.content.core.idle:  # nodes have other numbers then
        return None
    held = (start - before.start, end - start)
    old, new = _spans(before.content), _spans(after.content)
    found = {new[at] for at, known in old.items() if known == held} if old.keys() == new.keys() else set()
    if not found and (start, end) == (before.start, before.end):
        return after.start, after.end
    if len(found) != 1:
        return None
    ((at, length),) = found
    return after.start + at, after.start + at + length


@functools.lru_cache(maxsize=64)
def _spans(segment: Content) -> dict[int, tuple[int, int]]:
    """Start and length of every node of a segment, in bytes from its beginning."""
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    from trainlint.syntax.lower import Lowering

    module = concrete(segment)
    if module is None:
        return {}
    recorded: dict[int, libcst.CSTNode] = {}
    try:
        wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        Lowering(recorded).module(wrapper.module)
        found = wrapper.resolve(ByteSpanPositionProvider)
    except RecursionError:
        return {}
    whole = (0, len(segment.data))
    return {
        at: (position.start, position.length) if (position := found.get(node)) is not None else whole
        for at, node in recorded.items()
    }
