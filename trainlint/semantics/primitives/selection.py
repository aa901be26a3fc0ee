"""Layout, selection, joining: the same elements elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from trainlint.semantics import containers, dtypes, intervals, scales, shapes, tables
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import NON_NEGATIVE, Interval
from trainlint.semantics.primitives import reductions
from trainlint.semantics.primitives.base import (
    EXPONENTIAL,
    KEEP_ALL,
    MIXTURE,
    Use,
    exponentials,
    make,
    primitive,
    tensor,
)
from trainlint.semantics.primitives.elementwise import same
from trainlint.semantics.rows import ROWS
from trainlint.semantics.shapes import Shape
from trainlint.semantics.values import (
    Choice,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Place,
    Scale,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


LAYOUT = "layout"
_ROWS_STAY = frozenset({"reshape", "rows", "flatten", "squeeze"})
_KEEP_ROWS = {**KEEP_ALL, ROWS: 0}
_ELLIPSIS = Library("builtins.Ellipsis")
FAR = frozenset({"affine", "embedding", "recurrent", "attention"})  # what came before says little of what came out


def layout(
    machine: Machine,
    x: Tensor,
    name: str,
    place: Place | None,
    shape: Shape | None,
    keeps: Mapping[str, int] = KEEP_ALL,
) -> Tensor:
    """The same elements in another order or form."""
    return evolve(x, shape=shape, origin=Node(LAYOUT, place, (x,), keeps, label=name))


@primitive("layout")
def relayout(use: Use) -> Value:
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a layout of no tensor", use.place)
    if use.set.get("layout") == "cast":
        return _cast(use, value)
    keeps = _KEEP_ROWS if use.set.get("layout") in _ROWS_STAY else KEEP_ALL
    made = layout(use.machine, value, use.label, use.place, _shape_after(use, value), keeps)
    axis = _axis_after(use, value)
    return made if axis == made.axis else evolve(made, axis=axis)


def _cast(use: Use, value: Tensor) -> Value:
    """The same numbers as elements of another type, or in another place."""
    cast = same(evolve(use, op="same"))
    assert isinstance(cast, Tensor)
    given = containers.items_of(use.machine, use.bound.get("args") or Sequence())
    named = [dtypes.named(each) for each in (*use.bound.values(), *(given.known if given is not None else ()))]
    wanted = use.set.get("dtype") or next((each for each in named if each is not None), None)
    return cast if wanted is None else evolve(cast, dtype=wanted)


def _axis_after(use: Use, x: Tensor) -> int | None:
    return x.axis if use.set.get("layout") in (None, "reshape", "squeeze", "unsqueeze") else None


def _shape_after(use: Use, x: Tensor) -> Shape | None:
    kind = use.set.get("layout")
    if kind == "flatten" and use.constant("start_dim") == 1:
        return shapes.flattened(x.shape)
    if kind in ("reshape", "rows"):
        target = _target(use)
        return target if target is None or kind == "reshape" else (None, *target)
    if kind == "repeat":
        return (None, None, shapes.length(x.shape, -1))
    if kind == "squeeze":
        return shapes.without(x.shape, use.constant("dim"))
    if kind == "unsqueeze":
        return shapes.with_new(x.shape, use.constant("dim"))
    return None


def _target(use: Use) -> Shape | None:
    """The sizes that a tensor is brought to, given one by one or as a tuple."""
    given = containers.items_of(use.machine, use.get("target") or use.machine.nothing)
    if given is not None and len(given.head) == 1 and not isinstance(given.head[0], Number | Unknown):
        given = containers.items_of(use.machine, given.head[0])
    if given is None or not given.exact or not given.head:
        return None
    sizes = (each.exact if isinstance(each, Number) else None for each in given.head)
    return tuple(each if isinstance(each, int) and each > 0 else None for each in sizes)


def _adds_axes(at: Value) -> bool:
    """Whether an index picks nothing: only new axes and whole ones."""
    if isinstance(at, Sequence) and at.kind == "slice":
        return all(isinstance(part, Nothing) for part in at.head)
    if isinstance(at, Sequence):
        return at.exact and all(map(_adds_axes, at.head))
    return isinstance(at, Nothing) or at == _ELLIPSIS


def _parts(at: Value) -> tuple[object, ...]:
    """An index, axis by axis, in the words of `shapes.indexed`."""
    if isinstance(at, Sequence) and at.kind == "list":
        return ((len(at.head),),) if at.exact and all(isinstance(each, Number) for each in at.head) else (at,)
    if isinstance(at, Sequence) and at.kind != "slice":
        return tuple(part for each in at.head for part in _parts(each)) if at.exact else (at,)
    if isinstance(at, Sequence):
        ends = [
            each.exact if isinstance(each, Number) else None if isinstance(each, Nothing) else at for each in at.head
        ]
        known = all(each is None or isinstance(each, int) for each in ends) and ends[2] != 0
        return (slice(*ends) if known else (None,),)
    if isinstance(at, Number):
        return (0,)
    if isinstance(at, Nothing):
        return (None,)
    if isinstance(at, Tensor) and at.dtype == "int64" and at.shape is not None:
        return (at.shape,)
    return (...,) if at == _ELLIPSIS else (at,)


def index(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """Some elements of a tensor: they are what the whole is, unless the whole is a mixture."""
    if _adds_axes(at):
        made = layout(machine, x, "indexing", place, shapes.indexed(x.shape, _parts(at)))
        first = at.head[0] if isinstance(at, Sequence) and at.kind == "tuple" and at.head else at
        if isinstance(first, Nothing) or made.origin is None:
            return made
        return evolve(made, origin=evolve(made.origin, carrier=_KEEP_ROWS))
    at = listed(machine, at)
    if x.columns is not None and x.library in tables.TABLES:
        return tables.picked(machine, x, at, place)
    picked = rows(machine, x, at, place)
    if x.scale is None or len(x.scale.features) == 1:
        return picked
    scale = scales.selected(x.scale, at, named=x.library in scales.NAMED)
    if scale is None:
        return evolve(picked, range=x.range, reach=None, scale=None)
    return evolve(picked, range=scales.hull(scale), reach=scales.hull(scale), scale=scale)


def rows(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """Some rows of a tensor."""
    return evolve(
        x,
        reach=None if MIXTURE in x.facts else x.reach,
        shape=shapes.indexed(x.shape, _parts(at)),
        number=machine.fresh(),
        facts=frozenset(fact for fact in x.facts if fact == MIXTURE or fact.kind == EXPONENTIAL),
        buffer=machine.fresh(),
        base=x.buffer,
        origin=Node("index", place, (x, at), {**KEEP_ALL}, label="indexing"),
    )


def listed(machine: Machine, at: Value) -> Value:
    """An index in which lists and short vectors that the program writes out are sequences."""
    if isinstance(at, Sequence) and at.kind == "tuple" and at.exact:
        if not any(isinstance(each, Object | Tensor) for each in at.head):
            return at
        return evolve(at, head=tuple(_listed(machine, each) for each in at.head))
    return _listed(machine, at)


def _listed(machine: Machine, at: Value) -> Value:
    if isinstance(at, Object) and containers.is_list(at):
        return containers.items_of(machine, at) or at
    if isinstance(at, Tensor) and at.scale is None and at.origin is not None and at.origin.op == "convert":
        written = at.origin.inputs[0] if at.origin.inputs else None
        if isinstance(written, Sequence) and written.exact and all(isinstance(each, Number) for each in written.head):
            return evolve(written, kind="list")
    return at


@primitive("select")
def select(use: Use) -> Value:
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a selection from no tensor", use.place)
    if use.set.get("indices"):
        return Sequence((), reductions.indices(use, value), (), "iterator", endless=True)
    part = index(use.machine, value, use.machine.unknown("an index", use.place), use.place)
    if use.set.get("many"):
        return Sequence((), part, (), "iterator", endless=True)
    return evolve(part, shape=None)


@primitive("concat")
def concat(use: Use) -> Value:
    """Several tensors side by side: the hull of all; it is filled only as far as the widest part is."""
    sequence = containers.items_of(use.machine, use.bound.get(use.first) or use.machine.nothing)
    if sequence is None:
        return use.machine.unknown("joined tensors that were not followed", use.place)
    parts = [tensor(use.machine, _first_option(each)) for each in sequence.known]
    if not parts or any(isinstance(each, Choice) for each in sequence.known):
        return make(use, *parts)
    joined = mixture(use, parts, exact=sequence.exact)
    if joined.scale is None and sequence.exact and _are_columns(use, parts):
        joined = with_scale(joined, scales.beside([(each.scale, width(each)) for each in parts]))
    lengths = [shapes.length(each.shape, -1) for each in parts]
    known = [each for each in lengths if each is not None]
    if use.axis() == -1 and sequence.exact and len(known) == len(lengths):
        return evolve(joined, shape=shapes.with_last(parts[0].shape, sum(known)))
    return joined


def _are_columns(use: Use, parts: list[Tensor]) -> bool:
    """Whether tensors are put side by side: along the last of two axes, or what has one axis as columns."""
    along = use.set.get("axes", [2] if use.axis() in (-1, 1) else [])
    return (
        bool(along)
        and all(each.shape is not None and ... not in each.shape for each in parts)
        and all(len(each.shape or ()) in along for each in parts)
    )


def width(x: Tensor) -> int | None:
    """How many columns a tensor has beside others."""
    if x.shape is None or x.shape == (...,):
        return None
    return 1 if len(x.shape) == 1 else shapes.length(x.shape, -1)


def with_scale(joined: Tensor, scale: Scale | None) -> Tensor:
    """What several tensors make, with a scale that their own ones tell."""
    if scale is None or joined.origin is None:
        return evolve(joined, scale=None)
    return evolve(joined, scale=scale, origin=evolve(joined.origin, carrier={**joined.origin.carrier, "data": 0}))


def _first_option(value: Value) -> Value:
    return value.options[0][1] if isinstance(value, Choice) else value


def mixture(use: Use, parts: list[Tensor], *, exact: bool = True) -> Tensor:
    hull = parts[0].range
    reaches = [part.reach for part in parts if part.reach is not None]
    for part in parts[1:]:
        hull = hull.hull(part.range)
    reach: Interval | None = reaches[0] if reaches else None
    for each in reaches[1:]:
        reach = reach.hull(each) if reach is not None else None
    contents = {part.content for part in parts}
    alike = len({(part.range, part.reach) for part in parts}) == 1
    content = contents.pop() if len(contents) == 1 else ""
    # An end that only an unknown part could exceed is not known to be the end.
    facts = exponentials(*parts) | (frozenset() if alike else frozenset({MIXTURE}))
    axis = parts[0].axis if content else None
    scale = scales.alike(parts)
    dtype = parts[0].dtype if len({part.dtype for part in parts}) == 1 else None
    result = make(use, *parts, range=hull, reach=reach, content=content, axis=axis, scale=scale, dtype=dtype)
    keeps = KEEP_ALL if alike else {} if scale is None else {"data": 0}
    assert result.origin is not None
    return evolve(result, facts=result.facts | facts, origin=evolve(result.origin, carrier=keeps))


@primitive("where")
def where(use: Use) -> Value:
    if all(isinstance(use.get(role), Nothing | None) for role in ("yes", "no")):  # where a condition holds
        return Sequence((), reductions.indices(use, use.x), (), "iterator", endless=True)
    parts = [tensor(use.machine, use.get(role)) for role in ("yes", "no")]
    if any(isinstance(use.get(role), Unknown) for role in ("yes", "no")):
        return make(use, *parts)
    return _picked(use, parts, use.get("condition"))


@primitive("mixed")
def mixed(use: Use) -> Value:
    """Some elements are replaced: by those of another tensor, or by one number."""
    candidates = (use.get("other"), use.bound.get("value"))
    other = next((each for each in candidates if isinstance(each, Number | Tensor)), None)
    if other is None or any(isinstance(use.get(role), Text | Flag) for role in ("reduce", "accumulate")):
        return make(use, use.x)
    return evolve(_picked(use, [use.x, tensor(use.machine, other)], use.get("mask")), shape=use.x.shape)


def _picked(use: Use, parts: list[Tensor], test: Value | None) -> Tensor:
    """Elements of either part; where the test looks at the parts, it may leave out any end of them."""
    result = mixture(use, parts)
    numbers = {part.number for part in parts}
    numbers |= {each.number for part in parts if part.origin for each in part.origin.inputs if isinstance(each, Tensor)}
    if isinstance(test, Tensor) and result.origin is not None:
        result = evolve(result, origin=evolve(result.origin, inputs=(*result.origin.inputs, test)))
    return evolve(result, reach=None) if looks_at(test, numbers - {0}) else result


def looks_at(value: Value | None, numbers: set[int], most: int = 30) -> bool:
    """Whether a value was computed, in a few steps, from one of the tensors with these numbers."""
    pending, steps = [value], 0
    while pending and steps < most:
        value, steps = pending.pop(), steps + 1
        if isinstance(value, Tensor) and value.number in numbers:
            return True
        if value is not None and value.origin is not None and value.origin.op not in FAR:
            pending.extend(value.origin.inputs)
    return False


@primitive("pad")
def pad(use: Use) -> Value:
    """Zeros or another number beside or instead of elements."""
    x = use.x
    mode, given = use.get("mode"), use.get("value")
    fill = use.constant("value")
    if fill is None:
        if isinstance(given, Unknown | Tensor | Number):
            return make(use, x)
        fill = 0
    if isinstance(mode, Text) and mode.value in ("reflect", "replicate", "circular"):
        keeps = tuple(KEEP_ALL)
        return make(use, x, range=x.range, reach=x.reach, content=x.content, axis=x.axis, keeps=keeps, scale=x.scale)
    shape = shapes.spatial(x.shape, shapes.length(x.shape, -1)) if use.set.get("spatial") else None
    range_ = x.range.hull(intervals.point(float(fill)))
    if range_ == x.range:
        kept = make(use, x, range=range_, reach=x.reach, content=x.content, axis=x.axis, keeps=tuple(KEEP_ALL))
        return evolve(kept, shape=shape, scale=x.scale)
    return make(use, x, range=range_, reach=x.reach, shape=shape)


@primitive("replaced")
def replaced(use: Use) -> Value:
    """The elements of another tensor, copied."""
    other = use.get("other")
    return tensor(use.machine, other) if isinstance(other, Tensor | Number) else make(use)


@primitive("clone")
def clone(use: Use) -> Value:
    """The same elements in memory of their own."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if value is not None else use.machine.nothing
    copied = same(use)
    assert isinstance(copied, Tensor)
    return evolve(copied, buffer=use.machine.fresh(), base=0)


@primitive("with_lengths")
def with_lengths(use: Use) -> Value:
    return Sequence((use.bound.get(use.first) or use.machine.nothing, use.machine.unknown("lengths", use.place)))


@primitive("size")
def size(use: Use) -> Value:
    """The lengths of all axes, or of one."""
    x, axis = use.x, use.constant("dim")
    if isinstance(axis, int):
        return containers.size_of(x, axis)
    return use.machine.attribute(x, "shape", use.place)


@primitive("count")
def count(use: Use) -> Value:
    """The number of axes or of elements."""
    x = use.x
    if use.set.get("of") == "axes" and x.shape is not None:
        return number(len(x.shape))
    return Number(NON_NEGATIVE, integer=True, origin=Node(use.label, use.place, (x,)))
