"""Where paths meet: what is known of a value that is one thing on one path and another on the next."""

from __future__ import annotations

from collections.abc import Iterable

from trainlint.semantics import shapes
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import (
    MOST_OPTIONS,
    Choice,
    Condition,
    Flag,
    Mapping,
    Node,
    Number,
    Object,
    Parameters,
    Path,
    Sequence,
    Tensor,
    Unknown,
    Value,
    leaves_defaults,
    options,
)

LONGEST_PATH = 12  # conditions that an alternative remembers


def join(a: Value, b: Value, a_path: Path = (), b_path: Path = ()) -> Value:
    """One value for both paths; alternatives that cannot be merged stay apart as a `Choice` under their conditions."""
    if a is b or a == b:
        return a
    merged = _merge(a, b, a_path, b_path)
    if merged is not None:
        return merged
    if not a_path and not b_path:
        meeting = Node("meeting", None)
        a_path = (Condition(meeting, "first", None, True),)
        b_path = (Condition(meeting, "first", None, False),)
    return choose([(a_path + path, v) for path, v in options(a)] + [(b_path + path, v) for path, v in options(b)])


def gathered(results: Iterable[tuple[Path, Value]], left: Iterable[tuple[Path, Value]]) -> Value:
    """What was made of several alternatives, as one value; ``left`` are those of which nothing was made."""
    found = [(path + inner, value) for path, result in results for inner, value in options(result)]
    return choose([*found, *((path, Unknown(why="too many alternatives")) for path, _ in left)])


def choose(alternatives: Iterable[tuple[Path, Value]]) -> Value:
    """A `Choice` of the alternatives, equal ones merged, those that the defaults give first."""
    kept: list[tuple[Path, Value]] = []
    for whole, value in alternatives:
        path = whole if len(whole) < 2 else _essential(whole)
        if path is None:
            continue
        kind = type(value)
        for index, (other_path, other) in enumerate(kept):
            if type(other) is not kind:
                continue
            if other is value or kind is Unknown or other == value:
                kept[index] = (_shared(path, other_path), other)
                break
            if isinstance(other, Tensor) and isinstance(value, Tensor) and _look_alike(other, value):
                merged = _merge_tensors(other, value)
                kept[index] = (_shared(path, other_path), other if merged is None else merged)
                break
        else:
            kept.append((path, value))
    if len(kept) == 1:
        return kept[0][1]
    if not kept:
        return Unknown(why="alternatives that exclude each other")
    if True in [leaves_defaults(path) for path, _ in kept[:-1]]:
        kept.sort(key=lambda option: leaves_defaults(option[0]))
    if len(kept) > MOST_OPTIONS:
        kept = _without_later_turns(kept)
    if len(kept) > MOST_OPTIONS:
        rest = kept[MOST_OPTIONS - 1 :]
        kept = [*kept[: MOST_OPTIONS - 1], (rest[0][0], Unknown(why="too many alternatives", origin=rest[0][1].origin))]
    return Choice(tuple(kept))


def _without_later_turns(kept: list[tuple[Path, Value]]) -> list[tuple[Path, Value]]:
    """Of objects that are made in turn after turn at one place, the first and the last stand for all of them."""
    rows: dict[object, list[int]] = {}
    for index, (_, each) in enumerate(kept):
        if isinstance(each, Object):
            ways = tuple(link.place for link in each.id.site.links())
            rows.setdefault((each.id.place, each.cls, ways), []).append(index)
    dropped = {index for row in rows.values() for index in sorted(row, key=lambda one: _age(kept[one][1]))[1:-1]}
    return [each for index, each in enumerate(kept) if index not in dropped]


def _age(value: Value) -> tuple[int, ...]:
    return tuple(turn.turn for turn in value.id.site.turns()) if isinstance(value, Object) else ()


def _look_alike(a: Tensor, b: Tensor) -> bool:
    """Whether two tensors differ in nothing that an operation could make a difference of."""
    same = (a.range, a.reach, a.content, a.axis, a.scale) == (b.range, b.reach, b.content, b.axis, b.scale)
    return same and bool(a.live) == bool(b.live) and bool(a.cut) == bool(b.cut)


def _essential(path: Path) -> Path | None:
    """A path without repetitions; of a long one, what goes off the defaults and what was decided last.

    None for one that assumes something and its opposite.
    """
    if len({condition.subject for condition in path}) < len(path):
        if _contradictory(path):
            return None
        path = tuple(dict.fromkeys(path))
    if len(path) <= LONGEST_PATH:
        return path
    flags = [condition for condition in path if condition.off_default][:LONGEST_PATH]
    rest = [condition for condition in path if not condition.off_default][-(LONGEST_PATH - len(flags)) or len(path) :]
    kept = {*flags, *rest}
    return tuple(condition for condition in path if condition in kept)


def _contradictory(path: Path) -> bool:
    """Whether a path assumes something and its opposite."""
    return any(one.opposes(other) for index, one in enumerate(path) for other in path[index + 1 :])


def _shared(a: Path, b: Path) -> Path:
    return tuple(condition for condition in a if condition in b)


def _merge(a: Value, b: Value, a_path: Path, b_path: Path) -> Value | None:
    if isinstance(a, Number) and isinstance(b, Number):
        if any(condition.shipped is not None for condition in a_path + b_path):
            return None
        return Number(
            a.range.hull(b.range),
            a.value if a.value == b.value else None,
            integer=a.integer and b.integer,
            taint=a.taint | b.taint,
            origin=Node("join", None, (a, b), {"number": int(bool(b.taint and not a.taint))}),
        )
    if isinstance(a, Unknown) and isinstance(b, Unknown):
        return a
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return _merge_tensors(a, b)
    if isinstance(a, Flag) and isinstance(b, Flag) and not a_path and not b_path:
        return Flag(None, origin=a.origin)
    if isinstance(a, Sequence) and isinstance(b, Sequence) and a.kind == b.kind:
        return _merge_sequences(a, b, a_path, b_path)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return _merge_mappings(a, b, a_path, b_path)
    if isinstance(a, Parameters) and isinstance(b, Parameters):
        complete = a.owners == b.owners and a.complete and b.complete
        return Parameters(
            a.owners | b.owners,
            complete,
            a.each and b.each and a.owners == b.owners,
            a.lazy or b.lazy,
            a.named and b.named,
            origin=a.origin,
        )
    return None


def _merge_tensors(a: Tensor, b: Tensor) -> Tensor | None:
    if (a.content, a.axis) != (b.content, b.axis):
        return None
    if a.range != b.range and ("range" in _makers(a) or "range" in _makers(b)):
        return None  # an activation on one path only: keep the two apart
    return evolve(
        a,
        range=a.range.hull(b.range),
        reach=a.reach.meet(b.reach) if a.reach is not None and b.reach is not None else None,
        shape=shapes.merged(a.shape, b.shape),
        dtype=a.dtype if a.dtype == b.dtype else None,
        number=_joined(a.number, b.number),
        facts=a.facts & b.facts,
        live=a.live | b.live,
        cut=a.cut | b.cut,
        buffer=a.buffer if a.buffer == b.buffer else 0,
        base=a.base if a.base == b.base else 0,
        scale=a.scale if a.scale == b.scale else None,
        columns=a.columns if a.columns == b.columns else None,
        origin=a.origin,
    )


def _joined(a: int, b: int) -> int:
    """The number of what is the one value on one path and the other on another: below zero, as no operation's is."""
    if a == b:
        return a
    return 0 if 0 in (a, b) else -1 - (hash((a, b)) & 0x7FFFFFFFFFFFFFFF)


def _makers(tensor: Tensor) -> tuple[str, ...]:
    return ("range",) if tensor.range.lo == 0 or tensor.range.is_bounded else ()


def _merge_sequences(a: Sequence, b: Sequence, a_path: Path, b_path: Path) -> Sequence | None:
    if a.exact and b.exact and len(a.head) == len(b.head):
        return evolve(a, head=tuple(join(x, y, a_path, b_path) for x, y in zip(a.head, b.head, strict=False)))
    if a.kind == "tuple":
        return None
    return stretch(a, b)


def stretch(a: Sequence, b: Sequence) -> Sequence:
    """A list that may be either: the ends that both share exactly, and between them any number of the rest."""
    first, second = list(a.known), list(b.known)
    limit = min(len(a.head), len(b.head))
    start = 0
    while start < limit and (first[start] is second[start] or first[start] == second[start]):
        start += 1
    limit = min(len(a.tail) if not a.exact else len(first) - start, len(b.tail) if not b.exact else len(second) - start)
    end = 0
    while end < limit and (first[-1 - end] is second[-1 - end] or first[-1 - end] == second[-1 - end]):
        end += 1
    inner = first[start : len(first) - end] + second[start : len(second) - end]
    if not inner:
        return a
    middle = inner[0]
    for item in inner[1:]:
        middle = join(middle, item)
    return evolve(
        a,
        head=tuple(first[:start]),
        middle=middle,
        tail=tuple(first[len(first) - end :]) if end else (),
        symbol=Node("length", None),
        turns=(),
        count=None,
    )


def _merge_mappings(a: Mapping, b: Mapping, a_path: Path, b_path: Path) -> Mapping:
    theirs = dict(b.items)
    items = []
    for key, value in a.items:
        other = theirs.pop(key, None)
        items.append((key, value if other is None else join(value, other, a_path, b_path)))
    items.extend(theirs.items())
    rest = a.rest if b.rest is None else b.rest if a.rest is None else join(a.rest, b.rest, a_path, b_path)
    return evolve(a, items=tuple(items), rest=rest)
