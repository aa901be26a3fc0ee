"""Tables: columns that are known by name, each with a scale and content of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import containers, intervals, scales
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import (
    Column,
    Node,
    Nothing,
    Number,
    Place,
    Scale,
    Sequence,
    Tensor,
    Text,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

TABLES = frozenset({scales.FRAME, scales.BY_NAME, scales.BY_POSITION})
MOST_COLUMNS = 64
COLUMN = "column"  # the operation that takes one column out of a table, of which it is the second input
KEEPS = {"range": 1, "reach": 1, "content": 1, "data": 1}
WHOLE = Sequence((Nothing(), Nothing(), Nothing()), kind="slice")
Columns = tuple[Column, ...]


def columns_of(value: Value | None) -> Columns | None:
    """The columns of a table, if they are known by name."""
    return value.columns if isinstance(value, Tensor) and value.library in TABLES else None


def name_of(value: Value) -> str | int | None:
    """What a value names a column."""
    if isinstance(value, Text):
        return value.text
    return value.exact if isinstance(value, Number) and isinstance(value.exact, int) else None


def names_of(machine: Machine, value: Value | None) -> list[str | int] | None:
    """The names in a list, or the one name that a value is; None if any of them is not known."""
    one = None if value is None else name_of(value)
    if one is not None:
        return [one]
    items = None if value is None or isinstance(value, Tensor) else containers.items_of(machine, value)
    if items is None or not items.exact:
        return None
    names = [name_of(each) for each in items.head]
    known = [each for each in names if each is not None]
    return known if len(known) == len(names) else None


def names(held: Columns) -> list[str | int]:
    return [each.name for each in held]


def as_value(name: str | int) -> Value:
    """A name as the program sees it."""
    return Text(name) if isinstance(name, str) else Number(intervals.point(float(name)), integer=True, exact=name)


def as_values(held: Columns) -> tuple[Value, ...]:
    return tuple(as_value(each.name) for each in held)


# Making ---------------------------------------------------------------------------------------------------------------


def columns(value: Value, under: Iterable[str | int]) -> Columns:
    """What a table has of a value under these names."""
    names = tuple(under)
    own = columns_of(value)
    if own is not None and len(own) == len(names):
        return tuple(evolve(each, name=name) for each, name in zip(own, names, strict=True))
    if isinstance(value, Number) and value.exact is not None and not isinstance(value.exact, complex):
        return tuple(Column(name, intervals.point(float(value.exact)), raw=True) for name in names)
    if not isinstance(value, Tensor):
        return tuple(Column(name) for name in names)
    fills = _fills(value.scale, len(names))
    raw = value.scale is not None and value.scale.raw
    return tuple(
        Column(name, each, raw, value.content, value.dtype, value.origin)
        for name, each in zip(names, fills, strict=True)
    )


def _fills(scale: Scale | None, count: int) -> tuple[Interval | None, ...]:
    """What each of so many columns fills."""
    if scale is None or scale.loose or len(scale.features) not in (1, count):
        return (None,) * count
    return scale.features * (count // len(scale.features))


def scale_of(columns: Columns) -> Scale | None:
    """The scale of several columns together; None if one of them is not known."""
    known = [each.fills for each in columns if each.fills is not None]
    if not known or len(known) < len(columns):
        return None
    raw = all(each.raw for each in columns)
    return Scale(tuple(known[:1]) if len(set(known)) == 1 else tuple(known), raw)


def table(like: Tensor, columns: Columns, origin: Node, machine: Machine) -> Tensor:
    """A table of these columns with the rows of a tensor."""
    return _filled(
        evolve(
            like,
            shape=(_length(like), len(columns)),
            number=machine.fresh(),
            buffer=machine.fresh(),
            base=0,
            facts=frozenset(),
            library=scales.FRAME,
            origin=origin,
        ),
        columns,
    )


def _filled(made: Tensor, columns: Columns) -> Tensor:
    scale = scale_of(columns)
    contents, dtypes = {each.content for each in columns}, {each.dtype for each in columns}
    return evolve(
        made,
        columns=columns,
        range=intervals.ANY if scale is None else scales.hull(scale),
        reach=None if scale is None else scales.hull(scale),
        content=contents.pop() if len(contents) == 1 else "",
        dtype=dtypes.pop() if len(dtypes) == 1 else None,
        scale=scale,
    )


def _length(x: Tensor) -> int | None:
    first = x.shape[0] if x.shape else None
    return first if isinstance(first, int) else None


def renewed(made: Tensor, before: Columns) -> Tensor:
    """The result of arithmetic with a table or a column: the same names, each with what it fills now."""
    if made.library not in TABLES | {scales.SERIES} or made.scale is None:
        return made
    library = scales.SERIES if made.library == scales.SERIES else scales.FRAME
    return evolve(made, library=library, columns=columns(made, [each.name for each in before]))


def column(machine: Machine, x: Tensor, one: Column, place: Place | None) -> Tensor:
    """One column of a table."""
    inner = Tensor(
        range=one.fills or intervals.ANY,
        reach=one.fills,
        content=one.content,
        dtype=one.dtype,
        scale=None if one.fills is None else Scale((one.fills,), one.raw),
        origin=one.origin,
    )
    return evolve(
        inner,
        shape=(_length(x),),
        number=machine.fresh(),
        buffer=machine.fresh(),
        library=scales.SERIES,
        columns=(one,),
        origin=Node(COLUMN, place, (x, inner), KEEPS, label="a column"),
    )


def pairs(machine: Machine, x: Tensor, place: Place | None) -> Iterator[tuple[Value, Value]]:
    """The names of the columns, each with its column."""
    return ((as_value(each.name), column(machine, x, each, place)) for each in columns_of(x) or ())


# Taking out -----------------------------------------------------------------------------------------------------------


def picked(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """``table[at]``, ``table.iloc[at]``, ``table.loc[at]``."""
    asked = _asked(machine, x, at)
    if asked is None:
        return _rows(machine, x, at, place)
    held = {each.name: each for each in x.columns or ()}
    rows = x if asked.rows == WHOLE else _rows(machine, x, asked.rows, place)
    if asked.names is None or not all(name in held for name in asked.names):
        return evolve(_rows(machine, x, asked.rows, place), scale=None, reach=None, columns=None)
    if asked.single:
        return column(machine, rows, held[asked.names[0]], place)
    origin = Node("index", place, (rows, WHOLE), {"data": 0}, label="indexing")
    return table(rows, tuple(held[name] for name in asked.names), origin, machine)


@frozen
class _Asked:
    """The columns that an index names, None if they are not known, and the rows of these."""

    names: list[str | int] | None
    rows: Value = WHOLE
    single: bool = False


def _asked(machine: Machine, x: Tensor, at: Value) -> _Asked | None:
    """What an index asks for; None if that is whole rows."""
    if x.library == scales.FRAME:
        if isinstance(at, Tensor) or _is_slice(at):
            return None
        return _Asked(names_of(machine, at), single=name_of(at) is not None)
    if not isinstance(at, Sequence) or at.kind != "tuple" or len(at.head) != 2 or not at.exact:
        return None
    rows, wanted = at.head
    held = x.columns or ()
    if x.library == scales.BY_POSITION:
        numbers = scales.picked(wanted, len(held))
        names = None if numbers is None else [held[each].name for each in numbers]
        return _Asked(names, rows, isinstance(wanted, Number))
    if _is_slice(wanted):
        return _Asked(_between(held, wanted), rows)
    return _Asked(names_of(machine, wanted), rows, name_of(wanted) is not None)


def _is_slice(at: Value) -> bool:
    return isinstance(at, Sequence) and at.kind == "slice"


def _between(held: Columns, at: Value) -> list[str | int] | None:
    """The names from one to another, both of them included."""
    assert isinstance(at, Sequence)
    names = [each.name for each in held]
    ends = [name_of(each) for each in at.head[:2]]
    if any(end is None and not isinstance(each, Nothing) for end, each in zip(ends, at.head, strict=False)):
        return None
    if any(end is not None and end not in names for end in ends):
        return None
    first = 0 if ends[0] is None else names.index(ends[0])
    return names[first : len(names) if ends[1] is None else names.index(ends[1]) + 1]


def _rows(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """Some rows of a table; a single one is no table any more."""
    from trainlint.semantics.primitives import selection

    made = evolve(selection.rows(machine, x, at, place), base=0)
    if isinstance(at, Number):
        return evolve(made, columns=None, library=scales.SERIES)
    shape = None if x.columns is None else (None, len(x.columns))
    return evolve(made, library=scales.FRAME, shape=shape)


def attribute(machine: Machine, x: Tensor, name: str, place: Place | None) -> Tensor | None:
    """``table.name``, if that is a column and not something that all tables have."""
    one = next((each for each in columns_of(x) or () if each.name == name), None)
    if one is None or machine.knowledge.get(machine.knowledge.tensor_method(name, x.library)) is not None:
        return None
    return column(machine, x, one, place)


# Changing -------------------------------------------------------------------------------------------------------------


def assigned(machine: Machine, x: Tensor, at: Value, value: Value, place: Place | None) -> Tensor:
    """A table after ``table[at] = value``; what is written by name or by position is written into the table."""
    buffer, base = (x.buffer, x.base) if x.library == scales.FRAME else (x.base, 0)
    origin = Node("setitem", place, (x, value), {"data": 0}, label="an assignment")
    if x.columns is None:
        same = isinstance(value, Tensor) and value.scale == x.scale
        left = evolve(x, library=scales.FRAME, range=intervals.ANY, reach=None, content="", facts=frozenset())
        whole = evolve(left, number=machine.fresh(), scale=x.scale if same else None, origin=origin)
        return evolve(whole, buffer=buffer, base=base)
    asked = _asked(machine, x, at)
    if asked is None or asked.names is None:
        changed = tuple(map(forgotten, x.columns))
    else:
        new = columns(value, asked.names)
        new = new if asked.rows == WHOLE else tuple(_mixed(x.columns, each) for each in new)
        changed = with_columns(x.columns, new)
    return evolve(table(x, changed, origin, machine), buffer=buffer, base=base)


def renamed(machine: Machine, x: Tensor, to: Value, place: Place | None) -> Tensor:
    """A table after ``table.columns = to``."""
    given, held = names_of(machine, to), x.columns or ()
    origin = Node("setitem", place, (x,), {"data": 0})
    if given is None or len(given) != len(held):
        return evolve(x, columns=None, number=machine.fresh(), origin=origin)
    return table(x, tuple(evolve(each, name=name) for each, name in zip(held, given, strict=True)), origin, machine)


def deleted(machine: Machine, x: Tensor, at: Value, place: Place | None) -> Tensor:
    """A table after ``del table[at]``."""
    name, held = name_of(at), x.columns or ()
    left = tuple(each for each in held if each.name != name) if name is not None else tuple(map(forgotten, held))
    return table(x, left, Node("setitem", place, (x,), {"data": 0}), machine)


def forgotten(column: Column) -> Column:
    """A column of which nothing is known but its name."""
    return Column(column.name)


def with_columns(held: Columns, new: Columns) -> Columns:
    """Columns after some were written: a known name keeps its place."""
    merged = {each.name: each for each in held}
    merged.update((each.name, each) for each in new)
    return tuple(merged.values())


def _mixed(held: Columns, new: Column) -> Column:
    """A column of which some rows were written."""
    old = next((each for each in held if each.name == new.name), None)
    if old is None or old.fills is None or new.fills is None or not new.fills.within(old.fills):
        return Column(new.name)
    return old
