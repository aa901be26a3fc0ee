"""What is done to tables, and to what is made of words: their columns keep names, scales and contents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from trainlint.semantics import containers, intervals, scales, shapes, tables
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import arguments
from trainlint.semantics.primitives import selection
from trainlint.semantics.primitives.base import KEEP_ALL, Use, make, primitive
from trainlint.semantics.tables import Columns, columns_of, name_of, names_of
from trainlint.semantics.values import Column, Flag, Node, Nothing, Number, Object, Scale, Tensor, Text, Unknown, Value
from trainlint.semantics.values import Sequence as Items

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

ROWS, COLUMNS = 0, 1
BESIDE = "beside"
_AXES = {"index": ROWS, "rows": ROWS, "columns": COLUMNS}
_UNNAMED = frozenset({"frame", "inplace", "self"})


def axis_of(use: Use) -> int | None:
    """Whether a call goes along rows or columns; None where that is not known."""
    value = use.get("axis")
    if isinstance(value, Text):
        return _AXES.get(value.text or "")
    return value.exact if isinstance(value, Number) and isinstance(value.exact, int) else None


def _strange(use: Use, what: str = "a table that was not followed") -> Value:
    value = use.bound.get(use.first)
    return value if isinstance(value, Unknown) else use.machine.unknown(what, use.place, *use.tensors())


def _origin(use: Use, *inputs: Value) -> Node:
    return Node("table", use.place, inputs, {"data": 0}, label=use.label)


def _anew(use: Use, value: Tensor, *, base: int = 0) -> Tensor:
    """The same elements in memory of their own."""
    return evolve(
        value,
        number=use.machine.fresh(),
        buffer=use.machine.fresh(),
        base=base,
        facts=frozenset(),
        library=use.set.get("library", value.library),
        origin=Node("augment", use.place, (value,), KEEP_ALL, label=use.label),
    )


# Making ---------------------------------------------------------------------------------------------------------------


@primitive("framed")
def framed(use: Use) -> Value:
    """An array, or columns under their names, as a table."""
    value = use.bound.get(use.first)
    if isinstance(value, Tensor):
        return as_frame(use.machine, value, _names(use, value), use)
    if not isinstance(value, Object) or not containers.is_dict(value):
        return use.machine.unknown("a table that was not followed", use.place)
    mapping = containers.mapping_of(use.machine, value)
    names = None if mapping is None or mapping.rest is not None else [name_of(key) for key, _ in mapping.items]
    if mapping is None or not names or None in names:
        return use.machine.unknown("a table that was not followed", use.place)
    held = [use.machine.narrow(each) for _, each in mapping.items]
    made = [tables.columns(each, [name])[0] for each, name in zip(held, names, strict=True) if name is not None]
    first = next((each for each in held if isinstance(each, Tensor)), None)
    if first is None:
        return use.machine.unknown("a table of what was not followed", use.place)
    return tables.table(make(use, first, shape=first.shape), tuple(made), _origin(use, first, *held), use.machine)


def as_frame(machine: Machine, value: Tensor, names: Sequence[str | int] | None, use: Use | None = None) -> Tensor:
    """An array as a table, whose columns may have names."""
    origin = value.origin if use is None else Node("augment", use.place, (value,), KEEP_ALL, label=use.label)
    assert origin is not None
    if names is not None and len(names) <= tables.MOST_COLUMNS:
        return tables.table(value, tables.columns(value, names), origin, machine)
    library = scales.FRAME if len(value.shape or ()) == 2 else value.library
    number, buffer = machine.fresh(), machine.fresh()
    return evolve(value, library=library, columns=None, origin=origin, number=number, buffer=buffer, base=0)


def _names(use: Use, value: Tensor) -> list[str | int] | None:
    """The names that the columns of a new table get."""
    asked, held = use.get("columns"), columns_of(value)
    count = shapes.length(value.shape, -1) if len(value.shape or ()) == 2 else None
    if not isinstance(asked, Nothing | None):
        names = names_of(use.machine, asked)
        return names if names is not None and count in (None, len(names)) else None
    if held is not None:
        return tables.names(held)
    return None if count is None else list(range(count))


@primitive("array_of")
def array_of(use: Use) -> Value:
    """The numbers of a table or of a sparse matrix as an array."""
    value = use.bound.get(use.first)
    return evolve(_anew(use, value, base=value.buffer), columns=None) if isinstance(value, Tensor) else _strange(use)


@primitive("accessor")
def accessor(use: Use) -> Value:
    """A table as its columns and rows are picked by name, or by position: what is written there is written into it."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    return evolve(value, library=use.set["library"], buffer=use.machine.fresh(), base=value.buffer)


@primitive("column_names")
def column_names(use: Use) -> Value:
    held = columns_of(use.bound.get(use.first))
    if held is None:
        return use.machine.unknown("the names of columns", use.place, *use.tensors())
    return Items(tables.as_values(held))


@primitive("column_items")
def column_items(use: Use) -> Value:
    """The names of the columns, each with its column."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor) or columns_of(value) is None:
        return use.machine.unknown("the columns of a table", use.place, *use.tensors())
    return Items(tuple(Items(each) for each in tables.pairs(use.machine, value, use.place)))


# Rows -----------------------------------------------------------------------------------------------------------------


@primitive("some_rows")
def some_rows(use: Use) -> Value:
    """Some of the rows, or all of them in another order."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    made = selection.rows(use.machine, value, use.machine.unknown(f"the rows of {use.label}", use.place), use.place)
    shape = None if value.shape is None else (None, *value.shape[1:])
    return evolve(made, shape=shape, base=0)


@primitive("tidied")
def tidied(use: Use) -> Value:
    """The same columns on the same scale: gaps are filled, or what is always the same was left out."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    if any(_attribute(use, name) not in wanted for name, wanted in use.set.get("only", {}).items()):
        return make(use, value)
    return _anew(use, value)


@primitive("some_columns")
def some_columns(use: Use) -> Value:
    """Some columns, nobody knows which: their scale is known where all are alike."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    every = use.set.get("all", {})
    if every and all(_attribute(use, name) in wanted for name, wanted in every.items()):
        return _anew(use, value)  # only what never changes is left out
    alike = value.scale is not None and len(value.scale.features) == 1
    shape = None if value.shape is None else (*value.shape[:-1], None)
    return evolve(_anew(use, value), scale=value.scale if alike else None, shape=shape, columns=None)


# Columns --------------------------------------------------------------------------------------------------------------


def _with(use: Use, value: Tensor, columns: Columns, *others: Value) -> Value:
    return tables.table(value, columns, _origin(use, value, *others), use.machine)


@primitive("drop_columns")
def drop_columns(use: Use) -> Value:
    """A table without some rows or columns."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    named = use.get("columns")
    if isinstance(named, Nothing | None):
        if axis_of(use) == ROWS or not isinstance(use.get("index"), Nothing | None):
            return some_rows(use)
        named = use.get("labels") if axis_of(use) == COLUMNS else None
    names, held = names_of(use.machine, named), columns_of(value)
    if names is None or held is None:
        return make(use, value)
    return _with(use, value, tuple(each for each in held if each.name not in names))


@primitive("pop_column")
def pop_column(use: Use) -> Value:
    """A column, which the table does not have any more."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    name = name_of(use.get("item") or use.machine.nothing)
    if not isinstance(value, Tensor) or held is None:
        return _strange(use)
    one = next((each for each in held if each.name == name), None)
    left = tuple(each for each in held if each.name != name) if one is not None else ()
    containers.write_buffer(use.machine, value, tables.table(value, left, _origin(use, value), use.machine))
    return _strange(use, "a column") if one is None else tables.column(use.machine, value, one, use.place)


@primitive("new_columns")
def new_columns(use: Use) -> Value:
    """A table with further columns, given by keywords; a function is called with the table."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    if not isinstance(value, Tensor):
        return _strange(use)
    added: list[Column] = []
    for name, each in use.bound.items():
        if name not in _UNNAMED:
            given = each if isinstance(each, Tensor | Number | Unknown | Text) else _called(use, each, value)
            added += tables.columns(given, [name])
    return make(use, value) if held is None else _with(use, value, tables.with_columns(held, tuple(added)))


@primitive("insert_column")
def insert_column(use: Use) -> Value:
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    name = name_of(use.get("column") or use.machine.nothing)
    if isinstance(value, Tensor) and held is not None:
        added = () if name is None else tables.columns(use.get("value") or use.machine.nothing, [name])
        at = use.constant("loc")
        first = at if isinstance(at, int) and name is not None else 0
        known = held if isinstance(at, int) and name is not None else tuple(map(tables.forgotten, held))
        made = tables.table(value, (*known[:first], *added, *known[first:]), _origin(use, value), use.machine)
        containers.write_buffer(use.machine, value, made)
    return use.machine.nothing


@primitive("rename_columns")
def rename_columns(use: Use) -> Value:
    """A table whose columns have other names."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    if not isinstance(value, Tensor):
        return _strange(use)
    given = use.get("columns")
    if held is None or isinstance(given, Nothing | None):
        return tidied(use)
    mapping = containers.mapping_of(use.machine, given)
    if mapping is None or mapping.rest is not None:
        return evolve(_anew(use, value), columns=None)
    to = {name_of(key): name_of(each) for key, each in mapping.items}
    renamed = [to.get(each.name, each.name) for each in held]
    if None in renamed:
        return evolve(_anew(use, value), columns=None)
    return _with(use, value, tables.columns(value, [each for each in renamed if each is not None]))


@primitive("reset_rows")
def reset_rows(use: Use) -> Value:
    """A table whose rows are numbered anew; their old names are a further column, unless that is dropped."""
    value, held, drops = use.bound.get(use.first), columns_of(use.bound.get(use.first)), use.get("drop")
    if held is None or not isinstance(value, Tensor) or (isinstance(drops, Flag) and drops.truth):
        return tidied(use)
    return _with(use, value, (Column("index"), *held))


@primitive("each_column")
def each_column(use: Use) -> Value:
    """What a function makes of every column of a table."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    function = use.get("func")
    if not isinstance(value, Tensor) or held is None or axis_of(use) != ROWS or function is None:
        return _strange(use)
    made: list[Column] = []
    for each in held:
        result = _called(use, function, tables.column(use.machine, value, each, use.place))
        if not isinstance(result, Tensor):
            return use.machine.unknown("what a function makes of columns", use.place, value)
        made += tables.columns(result, [each.name])
    return _with(use, value, tuple(made))


def _called(use: Use, function: Value, given: Value) -> Value:
    return use.machine.narrow(use.machine.call(function, arguments(given), use.place))


@primitive("join_tables")
def join_tables(use: Use) -> Value:
    """Tables under each other, or side by side."""
    items = containers.items_of(use.machine, use.bound.get(use.first) or use.machine.nothing)
    if items is None or not items.exact or not items.head:
        return _strange(use, "tables that were not followed")
    return joined(use, [use.machine.narrow(each) for each in items.head], axis_of(use))


def joined(use: Use, parts: list[Value], axis: int | None) -> Value:
    held = [each for each in parts if isinstance(each, Tensor)]
    if len(held) < len(parts) or axis is None:
        if not all(isinstance(each, Tensor | Unknown) for each in parts):
            return use.machine.unknown("tables that were not followed", use.place, *parts)
        origin = Node(BESIDE, use.place, tuple(parts), {"why": 0}, label=use.label)
        return Unknown(why="tables that were not followed", origin=origin)
    if axis == COLUMNS:
        return side_by_side(use, held)
    known = {columns_of(each) for each in held}
    stacked = selection.mixture(use, held)
    columns = known.pop() if len(known) == 1 else None
    return evolve(stacked, library=held[0].library, columns=columns, scale=stacked.scale)


@primitive("joined_to")
def joined_to(use: Use) -> Value:
    """A table with the columns of another one behind its own."""
    pair = [use.bound.get(use.first), use.get("other")]
    return joined(use, [use.machine.nothing if each is None else each for each in pair], COLUMNS)


@primitive("to_frame")
def to_frame(use: Use) -> Value:
    """A column as a table that has nothing else."""
    value, name = use.bound.get(use.first), name_of(use.get("name") or use.machine.nothing)
    if not isinstance(value, Tensor):
        return _strange(use)
    name = name if name is not None or value.columns is None else value.columns[0].name
    if name is None:
        return make(use, value)
    return _with(use, value, tables.columns(value, [name]))


@primitive("sparse")
def sparse(use: Use) -> Value:
    """A matrix of which only what is not zero is kept."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return _strange(use)
    return evolve(_anew(use, value), columns=None)


@primitive("stacked")
def stacked(use: Use) -> Value:
    """Arrays or tables under each other."""
    items = containers.items_of(use.machine, use.bound.get(use.first) or use.machine.nothing)
    if items is None or not items.exact or not items.head:
        return _strange(use, "joined tensors that were not followed")
    return joined(use, [use.machine.narrow(each) for each in items.head], ROWS)


@primitive("column_part")
def column_part(use: Use) -> Value:
    """The columns that a step of several is given: by name, by position, or as a slice of positions."""
    value, wanted = use.bound.get(use.first), use.get("columns") or use.machine.nothing
    if not isinstance(value, Tensor):
        return _strange(use)
    wanted = selection.listed(use.machine, wanted)
    held = columns_of(value)
    names = None if isinstance(wanted, Tensor) else names_of(use.machine, wanted)
    if held is not None and names is not None and all(isinstance(each, str) for each in names):
        return selection.index(use.machine, value, Items(tuple(map(tables.as_value, names)), kind="list"), use.place)
    numbers = scales.picked(wanted, selection.width(value) or 0)
    if numbers is None:
        return make(use, value)
    at = Items((tables.WHOLE, Items(tuple(map(tables.as_value, numbers)), kind="list")))
    by_position = value if held is None else evolve(value, library=scales.BY_POSITION)
    return selection.index(use.machine, by_position, at, use.place)


@primitive("other_columns")
def other_columns(use: Use) -> Value:
    """The columns of a table that are in none of several lists."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    lists = containers.items_of(use.machine, use.get("columns") or use.machine.nothing)
    if not isinstance(value, Tensor):
        return _strange(use)
    given = [selection.listed(use.machine, each) for each in lists.head] if lists is not None and lists.exact else []
    names = [names_of(use.machine, each) for each in given]
    if held is not None and given and all(each is not None and set(each) <= set(tables.names(held)) for each in names):
        taken = {name for each in names for name in each or ()}
        return _with(use, value, tuple(each for each in held if each.name not in taken))
    count = selection.width(value) or 0
    numbers = [scales.picked(each, count) for each in given]
    if not numbers or any(each is None for each in numbers):
        return make(use, value)
    left = set(range(count)) - {one % count for each in numbers for one in each or ()}
    at = Items((tables.WHOLE, Items(tuple(map(tables.as_value, sorted(left))), kind="list")))
    by_position = value if held is None else evolve(value, library=scales.BY_POSITION)
    return selection.index(use.machine, by_position, at, use.place)


@primitive(BESIDE)
def beside(use: Use) -> Value:
    """Arrays or tables side by side."""
    items = containers.items_of(use.machine, use.bound.get(use.first) or use.machine.nothing)
    if items is None or not items.exact or not items.head:
        return _strange(use, "joined tensors that were not followed")
    return joined(use, [use.machine.narrow(each) for each in items.head], COLUMNS)


def side_by_side(use: Use, parts: list[Tensor]) -> Tensor:
    """The columns of several tensors next to each other."""
    widths = [selection.width(each) for each in parts]
    known = [each for each in widths if each is not None]
    scale = scales.beside([(each.scale, count) for each, count in zip(parts, widths, strict=True)])
    made = selection.with_scale(selection.mixture(use, parts), scale)
    shape = (None, sum(known) if len(known) == len(widths) else None)
    is_sparse = "sparse" in use.set and any(each.library == use.set["sparse"] for each in parts)
    library = use.set["sparse"] if is_sparse else use.set.get("library", parts[0].library)
    whole = evolve(made, shape=shape, library=library)
    tabular = [_columns(each) for each in parts]
    if whole.library not in (scales.FRAME, scales.SERIES) or None in tabular or whole.origin is None:
        return whole
    return tables.table(whole, tuple(one for each in tabular for one in each or ()), whole.origin, use.machine)


def _columns(x: Tensor) -> Columns | None:
    """The columns that a part of a table brings."""
    if x.library == scales.SERIES and x.columns is not None:
        return tables.columns(x, [x.columns[0].name])
    return columns_of(x)


# Encodings ------------------------------------------------------------------------------------------------------------


def _attribute(use: Use, name: str) -> object:
    """What the object of a method was told, as a plain value."""
    owner = use.bound.get("self")
    held = use.machine.heap.get(owner.id, name) if isinstance(owner, Object) else use.bound.get(name)
    if isinstance(held, Flag):
        return held.truth
    if isinstance(held, Text):
        return held.text
    if isinstance(held, Number):
        return held.exact
    return None if isinstance(held, Nothing) else ...


@primitive("encoded")
def encoded(use: Use) -> Value:
    """Numbers made of words, of records or of classes; what they fill may depend on how the object was made."""
    value = use.bound.get(use.first)
    fills = use.set.get("range")
    for name, cases in use.set.get("cases", {}).items():
        fills = cases.get(_attribute(use, name), fills)
    if fills is None or not _is_followed(use, value):
        return value if isinstance(value, Unknown) else use.machine.unknown("an encoding", use.place, *use.tensors())
    range_ = Interval(float(fills[0]), float(fills[1]))
    made = make(use, range=range_, reach=range_ if range_.is_bounded else None)
    dense = any(_attribute(use, name) is False for name in use.set.get("sparse", ()))
    library = "numpy.ndarray" if dense or "sparse" not in use.set else use.set["library"]
    origin = Node("encoded", use.place, () if value is None else (value,), label=use.label)
    scale = Scale((range_,), raw=True) if range_.is_bounded else None
    return evolve(made, origin=origin, library=library, scale=scale)


def _is_followed(use: Use, value: Value | None) -> bool:
    """Whether all that is encoded is known to be data."""
    if isinstance(value, Tensor | Unknown):
        return True
    items = None if value is None else containers.items_of(use.machine, value)
    return items is not None and items.exact and all(isinstance(each, Text | Tensor) for each in items.head)


@primitive("indicators")
def indicators(use: Use) -> Value:
    """A table in which some columns are replaced by one for each of their values: nobody knows how many."""
    value, held = use.bound.get(use.first), columns_of(use.bound.get(use.first))
    names = names_of(use.machine, use.get("columns"))
    one = Scale((intervals.UNIT,), raw=True)
    if not isinstance(value, Tensor) or (value.library != scales.SERIES and (held is None or names is None)):
        return _strange(use)
    left = [each for each in held or () if each.name not in (names or ())]
    known = [(None if each.fills is None else Scale((each.fills,), each.raw), 1) for each in left]
    scale = scales.beside([*known, (one, None)])
    range_ = intervals.ANY if scale is None else scales.hull(scale)
    made = make(use, value, range=range_, reach=None if scale is None else range_, shape=(None, None))
    return evolve(selection.with_scale(made, scale), library=scales.FRAME)
