"""Lists, tuples, dictionaries and whatever else has items: building, reading, iterating, changing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics import carried, intervals, iterators, outside, scales, shapes, tables
from trainlint.semantics.facts import Happened, Put
from trainlint.semantics.heap import ITEMS, LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import choose, join
from trainlint.semantics.machine import arguments
from trainlint.semantics.rows import EACH
from trainlint.semantics.values import (
    Choice,
    Class,
    Condition,
    Flag,
    Function,
    Library,
    Mapping,
    Node,
    Nothing,
    Number,
    Object,
    Parameters,
    Place,
    Sequence,
    Size,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

LIST = Library("builtins.list")
DICT = Library("builtins.dict")
FACTORY = "@factory"  # what a dictionary calls for the entry of a key that it does not have
MANY = 16  # entries, one of which is meant
NAMES = ".__dict__"  # the names of a module
_LISTS = frozenset({"builtins.list", "builtins.set", "collections.deque"})
_DICTS = frozenset({"builtins.dict"})
ATTRIBUTES = "__dict__"  # the operation that makes a dictionary of an object's attributes
NAMED_TUPLE = "typing.NamedTuple"
_TUPLES = frozenset({NAMED_TUPLE})
Pairs = tuple[tuple[Value, Value], ...]


def is_list(value: Value) -> bool:
    return _descends(value, _LISTS)


def is_dict(value: Value) -> bool:
    return _descends(value, _DICTS)


def is_tuple(value: Value) -> bool:
    """Whether a value is an instance of a named tuple."""
    return _descends(value, _TUPLES)


def _descends(value: Value, names: frozenset[str]) -> bool:
    if not isinstance(value, Object):
        return False
    cls = value.cls
    if not isinstance(cls, Class):
        return isinstance(cls, Library) and cls.name in names
    return any(isinstance(each, Library) and each.name in names for each in cls.mro)


def has_own(machine: Machine, value: Value, name: str) -> bool:
    """Whether an object's class defines the method ``name`` in the program that is analysed."""
    if not isinstance(value, Object) or not isinstance(value.cls, Class):
        return False
    held = next(filter(None, (machine.heap.get(cls.id, name) for cls in value.cls.mro if isinstance(cls, Class))), None)
    return isinstance(held, Function)


def begin(machine: Machine, made: Object) -> None:
    """Give a new object of a class that builds on list or dict its items: none."""
    if is_list(made):
        machine.heap.set(made.id, ITEMS, Sequence(kind="list"))
    elif is_dict(made):
        machine.heap.set(made.id, ITEMS, Mapping())


def new_list(machine: Machine, items: Sequence, place: Place | None) -> Object:
    """A fresh list object with these items."""
    made = machine.allocate(LIST, place)
    machine.heap.set(made.id, ITEMS, evolve(items, kind="list"))
    return made


def new_dict(machine: Machine, items: Pairs, rest: Value | None, place: Place | None) -> Object:
    made = machine.allocate(DICT, place)
    machine.heap.set(made.id, ITEMS, Mapping(items, rest))
    return made


def updated(items: Iterable[tuple[Value, Value]], new: Iterable[tuple[Value, Value]]) -> list[tuple[Value, Value]]:
    """Pairs after assignment of ``new``: a known key keeps its position."""
    merged = dict(items)
    merged.update(new)
    return list(merged.items())


def items_of(machine: Machine, value: Value) -> Sequence | None:
    """The items that iterating ``value`` gives; None where they are unknown."""
    if isinstance(value, Sequence):
        return value
    if isinstance(value, Mapping):
        return _keys(value)
    if isinstance(value, Text) and value.text is not None and len(value.text) <= 64:
        return Sequence(tuple(Text(character) for character in value.text))
    if isinstance(value, Object):
        held = machine.heap.get(value.id, ITEMS)
        if isinstance(held, Sequence):
            return held
        if isinstance(held, Mapping):
            return _keys(mapping_of(machine, value) or held)
        if held is None and (not isinstance(value.cls, Library) or _has_items(machine, value.cls)):
            return _from_protocol(machine, value)
    if isinstance(value, Tensor):
        columns = tables.columns_of(value)
        return _tensor_rows(machine, value) if columns is None else Sequence(tables.as_values(columns))
    if isinstance(value, Parameters):
        each = evolve(value, complete=False, each=value.complete, lazy=False, named=False)
        return Sequence(middle=Sequence((Text(None), each)) if value.named else each, endless=True)
    return None


def _has_items(machine: Machine, cls: Library) -> bool:
    return machine.knowledge.method(cls.name, "__getitem__") is not None


def _keys(mapping: Mapping) -> Sequence:
    keys = tuple(key for key, _ in mapping.items)
    return Sequence(keys, None if mapping.rest is None else Unknown(why="a key that is not known"))


def _from_protocol(machine: Machine, value: Object) -> Sequence | None:
    iterator = machine.attribute(value, "__iter__", None)
    if not isinstance(iterator, Unknown):
        result = machine.narrow(machine.call(iterator, arguments(), None))
        if isinstance(result, Sequence):
            return result
        if isinstance(result, Object) and result.id is not value.id:
            return items_of(machine, result)
        if isinstance(result, Object):
            item = machine.method(value, "__next__", arguments(), None)
            return Sequence(middle=item, endless=True)
        return None
    getter = machine.attribute(value, "__getitem__", None)
    if isinstance(getter, Unknown):
        return None
    item = machine.call(getter, arguments(machine.unknown("an index", None)), None)
    return Sequence(middle=item, endless=True)


def _tensor_rows(machine: Machine, tensor: Tensor) -> Sequence:
    from trainlint.semantics.primitives import selection

    row = selection.rows(machine, tensor, Unknown(why="the number of a row", origin=Node(EACH, None)), None)
    count = shapes.length(tensor.shape, 0)
    if count is not None and count <= 8:
        return Sequence((row,) * count)
    return Sequence(middle=row, endless=True)


def mapping_of(machine: Machine, value: Value, key: Value | None = None) -> Mapping | None:
    """The entries of a dictionary, or all that is needed to look up ``key``; None where they are unknown."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Object):
        held = machine.heap.get(value.id, ITEMS)
        if isinstance(held, Mapping) and (key is None or held.position(key) is None):
            from trainlint.semantics import registries

            whole = registries.complete(machine, value, key)
            held = machine.heap.get(value.id, ITEMS)
            if isinstance(held, Mapping) and not whole and held.rest is None:
                return evolve(held, rest=machine.unknown("an entry of a table that was not looked through", None))
        return held if isinstance(held, Mapping) else None
    return None


def entries_of(machine: Machine, value: Value) -> Mapping | None:
    """The entries of a dictionary, or of whichever of several it is; what only some of them have is in the rest."""
    if not isinstance(value, Choice):
        return mapping_of(machine, value)
    several = [(path, mapping_of(machine, each)) for path, each in machine.possible(value)]
    known = [(path, each) for path, each in several if each is not None]
    if len(known) < len(several):
        return None
    held: dict[Value, list[tuple[tuple[Condition, ...], Value]]] = {}
    for path, mapping in known:
        for key, each in mapping.items:
            parts = each.options if isinstance(each, Choice) else (((), each),)
            held.setdefault(key, []).extend((path + inner, part) for inner, part in parts)
    shared = [key for key in held if all(any(key == own for own, _ in mapping.items) for _, mapping in known)]
    beside = [pair for key in held if key not in shared for pair in held[key]]
    beside += [(path, mapping.rest) for path, mapping in known if mapping.rest is not None]
    return Mapping(tuple((key, choose(held[key])) for key in shared), choose(beside) if beside else None)


def iterate(machine: Machine, value: Value, place: Place) -> Sequence:
    """What a loop over ``value`` sees; an unknown iterable has two turns or more of unknown items."""
    if isinstance(value, Parameters):
        machine.facts.happened.append(Happened("parameters", machine.activation.site, machine.facts.tick()))
        iterators.use_up(machine, value, place)
        pairs = iterators.pairs(machine, value)
        if pairs is not None:
            return pairs
    sequence = items_of(machine, value)
    if sequence is not None:
        return sequence
    return Sequence(middle=outside.entries(machine, value, place), endless=True)


def nth(machine: Machine, sequence: Sequence, index: int, count: int | None, place: Place | None) -> Value:
    """Item ``index`` of a sequence; ``count`` is its length where a pattern tells it."""
    if sequence.exact:
        if -len(sequence.head) <= index < len(sequence.head):
            return sequence.head[index]
        return machine.unknown("an index out of range", place)
    if 0 <= index < len(sequence.head):
        return sequence.head[index]
    if index < 0 and -index <= len(sequence.tail):
        return sequence.tail[index]
    if count is not None and index >= count - len(sequence.tail):
        return sequence.tail[index - count]
    assert sequence.middle is not None
    result = one_of_many(sequence.middle, place)
    for item in sequence.tail if index >= 0 else sequence.head:
        result = join(result, item)
    return result


def one_of_many(value: Value, place: Place | None) -> Value:
    """One of the items that a value stands for: what is found out about it says nothing of the others."""
    if isinstance(value, Number | Text | Unknown) and value.origin is not None:
        carried = "why" if isinstance(value, Unknown) else "number"
        return evolve(value, origin=Node("one", place, (value,), {carried: 0}))
    if isinstance(value, Tensor) and value.origin is not None:
        from trainlint.semantics.primitives.base import KEEP_ALL

        return evolve(value, origin=Node("one", place, (value,), KEEP_ALL))
    return evolve(value, each=False) if isinstance(value, Parameters) else value


def unpacked(machine: Machine, value: Value, index: int, place: Place) -> Value:
    """Part ``index`` of a value that was not followed: the part is unknown for the same reason."""
    if isinstance(value, Unknown):
        origin = Node("part", place, (value, number(index)), {"why": 0})
        return Unknown(why=value.why, origin=origin, taint=value.taint)
    return machine.unknown("unpacked from something that was not followed", place, value)


# Items ----------------------------------------------------------------------------------------------------------------


def item(machine: Machine, value: Value, index: Value, place: Place) -> Value:
    """``value[index]``."""
    if isinstance(index, Choice):
        return machine.split(index, lambda one: item(machine, value, one, place))
    if isinstance(value, Tensor):
        from trainlint.semantics.primitives import selection

        part = selection.index(machine, value, index, place)
        if machine.graph.applied:
            machine.graph.note(machine, (value,), part, lambda swap: item(machine, swap(value), index, place))
        return part
    own = has_own(machine, value, "__getitem__")
    mapping = None if own else mapping_of(machine, value, index)
    if mapping is not None:
        factory = machine.heap.get(value.id, FACTORY) if isinstance(value, Object) else None
        if isinstance(value, Object) and factory is not None and mapping.position(index) is None:
            return _made(machine, value, factory, mapping, index, place)
        return _entry(machine, mapping, index, place)
    if isinstance(value, Unknown):
        return outside.item(machine, value, index, place)
    if isinstance(value, Library) and value.name.endswith(NAMES):
        module = Library(value.name.removesuffix(NAMES))
        return machine.call(Library("builtins.getattr"), arguments(module, index), place)
    if isinstance(value, Class | Library):
        return value
    if isinstance(value, Object) and (own or not (is_list(value) or is_tuple(value))):
        getter = machine.attribute(value, "__getitem__", place)
        if isinstance(getter, Unknown):
            return machine.unknown("indexing something that was not followed", place, value)
        return machine.call(getter, arguments(index), place)
    sequence = items_of(machine, value)
    if sequence is None:
        return machine.unknown("indexing something that was not followed", place, value)
    if isinstance(index, Sequence) and index.kind == "slice":
        return _sliced(machine, value, sequence, index, place)
    if isinstance(index, Number) and isinstance(index.exact, int):
        return nth(machine, sequence, index.exact, None, place)
    if isinstance(index, Number) and isinstance(index.shipped, int):
        return nth(machine, sequence, index.shipped, None, place)
    known = sequence.known
    if not known or len(known) > 8:
        return machine.unknown("an index that is not known", place)
    result = known[0]
    for each in known[1:]:
        result = join(result, each)
    return result


def _sliced(machine: Machine, value: Value, sequence: Sequence, index: Sequence, place: Place) -> Value:
    bounds: list[int | None] = []
    for part in index.head:
        if isinstance(part, Nothing):
            bounds.append(None)
        elif isinstance(part, Number) and isinstance(part.value, int):
            bounds.append(part.value)
        else:
            return machine.unknown("a slice that is not known", place, value)
    lower, upper, step = bounds
    if sequence.exact:
        part = Sequence(sequence.head[slice(lower, upper, step)])
    elif (
        step in (None, 1) and (lower or 0) >= 0 and lower is not None and lower <= len(sequence.head) and upper is None
    ):
        part = evolve(sequence, head=sequence.head[lower:], symbol=Node("length", place))
    elif step in (None, 1) and not lower and upper is not None and -len(sequence.tail) <= upper < 0:
        part = evolve(sequence, tail=sequence.tail[:upper], symbol=Node("length", place))
    elif upper is not None and not lower and 0 <= upper <= len(sequence.head):
        part = Sequence(sequence.head[slice(lower, upper, step)])
    elif upper is None and lower is not None and -len(sequence.tail) <= lower < 0:
        part = Sequence(sequence.tail[lower:])
    elif bounds == [None, None, -1]:
        part = evolve(sequence, head=sequence.tail[::-1], tail=sequence.head[::-1])
    else:
        return machine.unknown("a slice of a sequence of unknown length", place, value)
    if is_list(value):
        return new_list(machine, part, place)
    if isinstance(value, Text) and all(isinstance(each, Text) for each in part.head):
        return Text("".join(each.text or "" for each in part.head if isinstance(each, Text)))
    return evolve(part, kind="tuple")


def _entry(machine: Machine, mapping: Mapping, key: Value, place: Place) -> Value:
    at = mapping.position(key)
    if at is not None:
        return mapping.items[at][1]
    shipped = key.shipped if isinstance(key, Text | Number) else None
    open_key = isinstance(key, Unknown) or (isinstance(key, Text) and key.text is None)
    if open_key and mapping.items:
        origin = key.origin or Node("key", place)
        alternatives = []
        for held, value in mapping.items:
            operand = getattr(held, "text", None) or getattr(held, "exact", None)
            default = None if shipped is None else operand == shipped
            alternatives.append(((Condition(origin, "==", operand, True, default, origin.label),), value))
        alternatives.sort(key=lambda option: option[0][0].shipped is not True)
        if len(alternatives) > MANY and alternatives[0][0][0].shipped is not True:
            return machine.unknown("one of many entries of a dictionary", place)
        alternatives = [each for each in alternatives if not machine.contradicted(each[0])] or alternatives
        return choose(alternatives)
    if mapping.rest is not None:
        if outside.is_outside(mapping.rest):
            return outside.item(machine, mapping.rest, key, place)
        return one_of_many(mapping.rest, place)
    return machine.unknown("a key that is not in the dictionary", place)


def _made(machine: Machine, holder: Object, factory: Value, mapping: Mapping, key: Value, place: Place) -> Value:
    """The entry of a default dictionary for a key that it does not have, or may not have."""
    if mapping.rest is None:
        made = machine.call(factory, arguments(), place)
        if (key.text if isinstance(key, Text) else key.exact if isinstance(key, Number) else None) is not None:
            machine.heap.set(holder.id, ITEMS, Mapping((*mapping.items, (key, made))))
            return made
        if isinstance(made, Object):  # one for all keys that are not known
            machine.heap.set(holder.id, ITEMS, evolve(mapping, rest=made))
            return _entry(machine, evolve(mapping, rest=made), key, place)
    opened = evolve(mapping, rest=machine.unknown("an entry of a default dictionary", place))
    machine.heap.set(holder.id, ITEMS, opened)
    return _entry(machine, opened, key, place)


def set_item(machine: Machine, holder: Value, index: Value, value: Value, place: Place) -> None:
    """``holder[index] = value``; what says where is counted, as right and wrong predictions are in a table."""
    machine.facts.scored += (each for each in _followed(index) if each.origin is not None)
    if isinstance(holder, Choice):
        machine.split(holder, lambda one: _set_item(machine, one, index, value, place))
    else:
        _set_item(machine, holder, index, value, place)


def _followed(index: Value) -> tuple[Value, ...]:
    """What of an index comes from elsewhere: where something is written tells of it too."""
    parts = index.head if isinstance(index, Sequence) else (index,)
    return tuple(each for each in parts if isinstance(each, Tensor | Unknown))


def _set_item(machine: Machine, holder: Value, index: Value, value: Value, place: Place) -> Value:
    if isinstance(holder, Tensor) and holder.library in tables.TABLES:
        changed = tables.assigned(machine, holder, index, value, place)
        write_buffer(machine, changed, changed)
        return machine.nothing
    if isinstance(holder, Tensor):
        from trainlint.semantics.primitives import selection

        part = value if isinstance(value, Tensor) else None
        values = part.range if part else value.range if isinstance(value, Number) else intervals.ANY
        reach = part.reach if part else None
        hull = None if holder.reach is None else holder.reach if reach is None else holder.reach.hull(reach)
        whole = holder.range.hull(values)
        if isinstance(value, Unknown):
            whole, hull = intervals.ANY, None
        changed = evolve(
            holder,
            range=whole,
            reach=hull,
            content=holder.content if part is not None and part.content == holder.content else "",
            facts=frozenset(),
            number=machine.fresh(),
            live=holder.live | (part.live if part else frozenset()),
            scale=scales.written(holder, value, selection.listed(machine, index)),
            origin=Node(
                "setitem", place, (holder, value, *_followed(index)), {} if part is None else {"range": 1, "data": 1}
            ),
        )
        write_buffer(machine, holder, changed)
        return machine.nothing
    stored(machine, value, place)
    owner = attributes_of(holder)
    if owner is not None and isinstance(index, Text) and index.text is not None:
        machine.set_attribute(owner, index.text, value)
    if isinstance(holder, Unknown):
        outside.put(machine, holder, index, value)
    if not isinstance(holder, Object):
        return machine.nothing
    if has_own(machine, holder, "__setitem__"):
        machine.method(holder, "__setitem__", arguments(index, value), place)
    else:
        put(machine, holder, index, value, place)
    return machine.nothing


def attributes_of(value: Value) -> Object | None:
    """The object whose ``__dict__`` a value is."""
    if isinstance(value, Mapping) and value.origin is not None and value.origin.op == ATTRIBUTES:
        owner = value.origin.inputs[0]
        return owner if isinstance(owner, Object) else None
    return None


def put(machine: Machine, holder: Object, index: Value, value: Value, place: Place | None = None) -> None:
    """Change an item of a list or dictionary, whatever ``__setitem__`` its class may have."""
    from trainlint.semantics import optimizers

    stored(machine, value, place)
    held = machine.heap.get(holder.id, ITEMS)
    if isinstance(held, Mapping):
        if isinstance(index, Unknown) or (isinstance(index, Text) and index.text is None):
            rest = value if held.rest is None else join(held.rest, value)
            items = outside.overwritten(machine, held.items, value, place) if outside.is_outside(value) else held.items
            machine.heap.set(holder.id, ITEMS, evolve(held, items=items, rest=rest))
        else:
            machine.heap.set(holder.id, ITEMS, held.with_pair(index, value))
            at = held.position(index)
            before = None if at is None else held.items[at][1]
            optimizers.item_set(machine, holder, index, before, place)
    elif isinstance(held, Sequence):
        position = index.exact if isinstance(index, Number) else None
        if held.exact and isinstance(position, int) and -len(held.head) <= position < len(held.head):
            head = list(held.head)
            head[position] = value
            machine.heap.set(holder.id, ITEMS, evolve(held, head=tuple(head)))
        elif not held.exact and isinstance(position, int) and -len(held.tail) <= position < 0:
            tail = list(held.tail)
            tail[position] = value
            machine.heap.set(holder.id, ITEMS, evolve(held, tail=tuple(tail)))
        elif held.middle is not None and len(held.known) == 1 and _are_data(value, held.middle):
            machine.heap.set(holder.id, ITEMS, evolve(held, middle=join(value, held.middle), turns=()))
        else:
            weaken(machine, holder)


def _are_data(*values: Value) -> bool:
    """Whether these are tensors, or nobody knows what."""
    return all(isinstance(each, Tensor | Unknown) for value in values for _, each in options(value))


def delete_item(machine: Machine, holder: Value, index: Value, place: Place) -> None:
    if isinstance(holder, Tensor) and tables.columns_of(holder) is not None:
        write_buffer(machine, holder, tables.deleted(machine, holder, index, place))
    if not isinstance(holder, Object):
        return
    held = machine.heap.get(holder.id, ITEMS)
    if isinstance(held, Mapping):
        machine.heap.set(holder.id, ITEMS, evolve(held, items=tuple(pair for pair in held.items if pair[0] != index)))
    elif isinstance(held, Sequence):
        position = index.exact if isinstance(index, Number) else None
        if held.exact and isinstance(position, int) and -len(held.head) <= position < len(held.head):
            head = list(held.head)
            del head[position]
            machine.heap.set(holder.id, ITEMS, evolve(held, head=tuple(head)))
        elif isinstance(position, int) and position < 0 and -position <= len(held.tail):
            tail = list(held.tail)
            del tail[position]
            machine.heap.set(holder.id, ITEMS, evolve(held, tail=tuple(tail)))
        else:
            weaken(machine, holder)


def weaken(machine: Machine, holder: Object) -> None:
    """Something unknown was done to a list or dictionary: its items are not known any more."""
    held = machine.heap.get(holder.id, ITEMS)
    unknown = machine.unknown("changed by something that was not followed", holder.id.place)
    if isinstance(held, Sequence):
        machine.heap.set(holder.id, ITEMS, Sequence(middle=unknown, kind="list"))
    elif isinstance(held, Mapping):
        machine.heap.set(holder.id, ITEMS, Mapping(rest=unknown))


def append(machine: Machine, holder: Value, value: Value) -> None:
    held = items_of(machine, holder)
    if not isinstance(holder, Object) or held is None:
        return
    if held.exact:
        machine.heap.set(holder.id, ITEMS, evolve(held, head=(*held.head, value)))
    else:
        machine.heap.set(holder.id, ITEMS, evolve(held, tail=(*held.tail, value)))


def stored(machine: Machine, value: Value, place: Place | None, holder: Value | None = None) -> None:
    """Note where a tensor with its graph, or what has such a tensor in it, became an item."""
    if place is None or isinstance(value, Number | Text):
        return
    for each in carried.held(machine.heap, value):
        if each.origin is not None:
            machine.facts.stored[each.origin] = place
            if isinstance(holder, Object):
                machine.facts.put.append(Put(holder.id, each, machine.activation.site))


def extend(machine: Machine, holder: Value, more: Value, place: Place | None) -> None:
    """``list.extend`` and ``+=``."""
    held, added = items_of(machine, holder), items_of(machine, more)
    if not isinstance(holder, Object) or held is None:
        return
    if added is None:
        added = Sequence(middle=machine.unknown("items of an unknown sequence", place))
    machine.heap.set(holder.id, ITEMS, evolve(concatenated(machine, held, added), kind="list"))


def concatenated(machine: Machine, first: Sequence, second: Sequence) -> Sequence:
    """``first + second``; two unknown middles become one of unknown items."""
    if first.exact:
        return evolve(second, head=first.head + second.head, kind=first.kind, turns=(), count=None)
    if second.exact:
        return evolve(first, tail=first.tail + second.head, turns=(), count=None)
    middle = first.middle
    for each in (*first.tail, *second.head, second.middle):
        if middle is not None and each is not None:
            middle = join(middle, each)
    return evolve(first, middle=middle, tail=second.tail, symbol=Node("length", None), turns=(), count=None)


def length(machine: Machine, value: Value) -> Value:
    """``len(value)``."""
    if isinstance(value, Text) and value.text is not None:
        return number(len(value.text))
    if isinstance(value, Tensor):
        return size_of(value, 0)
    if isinstance(value, Object) and not is_list(value) and not is_dict(value) and not is_tuple(value):
        getter = machine.attribute(value, "__len__", None)
        return (
            Number(intervals.NON_NEGATIVE, integer=True)
            if isinstance(getter, Unknown)
            else machine.call(getter, arguments(), None)
        )
    mapping = mapping_of(machine, value)
    sequence = items_of(machine, value) if mapping is None else _keys(mapping)
    if sequence is None:
        return Number(intervals.NON_NEGATIVE, integer=True, origin=Node("len", None, (value,)))
    known = len(sequence.head) + len(sequence.tail)
    if sequence.exact:
        return number(known)
    size = None if sequence.symbol is None else Size(sequence.symbol, known)
    at_least = Interval(float(known), intervals.INFINITY)
    if sequence.middle is not None and "user" in sequence.middle.taint:
        origin = Node("len", None, (value,))
        return Number(at_least, known, integer=True, origin=origin, taint=sequence.middle.taint)
    return Number(at_least, integer=True, size=size)


def size_of(tensor: Tensor, axis: int) -> Number:
    """The length of one axis of a tensor."""
    known = shapes.length(tensor.shape, axis)
    if known is not None:
        return number(known)
    return Number(Interval(1.0, intervals.INFINITY), integer=True)


# Text and buffers -----------------------------------------------------------------------------------------------------


def as_text(value: Value) -> Value:
    """``str(value)``."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Number) and value.exact is not None:
        return Text(str(value.exact), origin=value.origin)
    if isinstance(value, Number) and value.shipped is not None:
        return Text(None, str(value.shipped), origin=value.origin, taint=value.taint)
    if isinstance(value, Flag) and value.truth is not None:
        return Text(str(value.truth))
    if isinstance(value, Nothing):
        return Text("None")
    return Text(None, taint=value.taint)


def text_of(machine: Machine, value: Value) -> Value:
    """``str(value)``, for objects too."""
    if isinstance(value, Object) and has_own(machine, value, "__str__"):
        return machine.narrow(machine.method(value, "__str__", arguments(), None))
    return as_text(value)


def loosen(machine: Machine, value: Value) -> None:
    """Something unknown may have changed an array in place: its scale is not known any more."""
    if isinstance(value, Tensor) and value.buffer and (value.scale is not None or value.columns is not None):
        machine.heap.set(machine.buffers, str(value.buffer), evolve(value, scale=None, columns=None))


def write_buffer(machine: Machine, old: Tensor, new: Tensor) -> Tensor:
    """An in-place change: every alias of the buffer sees ``new`` from now on; what it is a part of is a mixture."""
    buffer = old.buffer or machine.fresh()
    held = machine.heap.get(machine.buffers, str(buffer))
    if isinstance(held, Tensor) and held.origin is not None and held.origin.op == LEAF:
        return held  # an initial value, or a step of training by hand
    changed = evolve(new, buffer=buffer, base=old.base)
    machine.heap.set(machine.buffers, str(buffer), changed)
    if old.base:
        whole = machine.heap.get(machine.buffers, str(old.base))
        if isinstance(whole, Tensor):
            both = None if whole.reach is None or new.reach is None else whole.reach.hull(new.reach)
            mixed = evolve(
                whole,
                range=whole.range.hull(new.range),
                reach=both,
                content="",
                facts=frozenset(),
                number=machine.fresh(),
                scale=None,
            )
            machine.heap.set(machine.buffers, str(old.base), mixed)
    return changed
