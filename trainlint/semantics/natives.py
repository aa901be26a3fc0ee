"""Python's own functions and methods, and the few that stubs need, as functions of values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve

from trainlint.semantics import attributes, containers, intervals, truth
from trainlint.semantics.arithmetic import binary
from trainlint.semantics.heap import ITEMS, LEAF
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import join
from trainlint.semantics.machine import UNROLLED, Arguments, PathEnds, arguments
from trainlint.semantics.values import (
    Bound,
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
    ObjectId,
    Parameters,
    Partial,
    Place,
    Sequence,
    Size,
    Super,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

Native = Callable[["Machine", Arguments, "Place | None"], Value]
REGISTRY: dict[str, Native] = {}


def native(*names: str) -> Callable[[Native], Native]:
    def register(function: Native) -> Native:
        for name in names:
            REGISTRY[name] = function
        return function

    return register


def _first(machine: Machine, given: Arguments) -> Value:
    return machine.narrow(given.positional[0].value) if given.positional else machine.nothing


def _nth(machine: Machine, given: Arguments, index: int, name: str | None = None) -> Value | None:
    if index < len(given.positional):
        return machine.narrow(given.positional[index].value)
    return None if name is None else given.keyword(name)


def _unknown_sequence(machine: Machine, value: Value, place: Place | None) -> Sequence:
    sequence = containers.items_of(machine, value)
    if sequence is not None:
        return sequence
    return Sequence(middle=machine.unknown("items that were not followed", place, value), endless=True)


# Sequences ------------------------------------------------------------------------------------------------------------


@native("builtins.len")
def _len(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(_first(machine, given), lambda one: containers.length(machine, one))


@native("builtins.range", "tqdm.trange")
def _range(machine: Machine, given: Arguments, place: Place | None) -> Value:
    bounds = [each.value for each in given.positional[:3]]
    if not bounds or not all(isinstance(each, Number) for each in bounds):
        return _open_range(number(0) if len(bounds) < 2 else bounds[0])
    numbers = [each for each in bounds if isinstance(each, Number)]
    if len(numbers) == 1:
        numbers = [number(0), numbers[0]]
    known = [each.value for each in numbers if isinstance(each.value, int)]
    stop = numbers[1]
    if len(known) == len(numbers):
        items = range(*known)
        if len(items) <= UNROLLED:
            return Sequence(tuple(number(each) for each in items), kind="range")
        return _open_range(number(items[0]))
    if stop.size is not None and stop.size.offset >= 1 and numbers[0].exact == 0 and len(numbers) == 2:
        last = evolve(stop.size, offset=stop.size.offset - 1)
        before = Number(intervals.NON_NEGATIVE, integer=True, below=last)
        final = Number(intervals.NON_NEGATIVE, integer=True, size=last)
        return Sequence((), before, (final,), "range", symbol=last.symbol)
    return _open_range(numbers[0])


def _open_range(start: Value) -> Sequence:
    first = start.exact if isinstance(start, Number) else None
    low = float(first) if isinstance(first, int) else -intervals.INFINITY
    middle = Number(Interval(low, intervals.INFINITY), integer=True)
    turns = (number(first), number(first + 1)) if isinstance(first, int) else ()
    return Sequence((), middle, (), "range", turns=turns, endless=True)


@native("builtins.enumerate")
def _enumerate(machine: Machine, given: Arguments, place: Place | None) -> Value:
    sequence = _unknown_sequence(machine, _first(machine, given), place)
    start_value = _nth(machine, given, 1, "start")
    start = start_value.value if isinstance(start_value, Number) else 0
    if not isinstance(start, int):
        start = 0
    head = tuple(Sequence((number(start + i), item)) for i, item in enumerate(sequence.head))
    if sequence.middle is None:
        return Sequence(head, kind="iterator")
    after = len(sequence.head)
    symbol = sequence.symbol or Node("length", place)
    low = Interval(float(start + after), intervals.INFINITY)
    index = Number(low, integer=True, below=Size(symbol, start + after))
    tail = tuple(
        Sequence((Number(low, integer=True, size=Size(symbol, start + after + i)), item))
        for i, item in enumerate(sequence.tail)
    )
    turns: tuple[Value, ...] = ()
    if sequence.endless:
        items = sequence.turns or (sequence.middle, sequence.middle)
        turns = tuple(Sequence((number(start + after + i), item)) for i, item in enumerate(items))
    return Sequence(head, Sequence((index, sequence.middle)), tail, "iterator", symbol, turns, sequence.endless)


@native("builtins.zip")
def _zip(machine: Machine, given: Arguments, place: Place | None) -> Value:
    sequences = [_unknown_sequence(machine, each.value, place) for each in given.positional]
    if not sequences:
        return Sequence()
    shortest = min((len(each.head) for each in sequences if each.exact), default=None)
    if shortest is not None and all(each.exact or len(each.head) >= shortest or not each.tail for each in sequences):
        rows = []
        for i in range(shortest):
            rows.append(Sequence(tuple(each.head[i] if i < len(each.head) else each.known[-1] for each in sequences)))
        return Sequence(tuple(rows), kind="iterator")
    ends = {len(each.tail) for each in sequences}
    heads = min(len(each.head) for each in sequences)
    head = tuple(Sequence(tuple(each.head[i] for each in sequences)) for i in range(heads))
    middle_parts = []
    for each in sequences:
        inner = [*each.head[heads:], *([each.middle] if each.middle is not None else [])]
        part = inner[0] if inner else machine.unknown("zip", place)
        for item in inner[1:]:
            part = join(part, item)
        middle_parts.append(part)
    tail: tuple[Value, ...] = ()
    if len(ends) == 1 and all(not each.exact for each in sequences):
        tail = tuple(Sequence(tuple(each.tail[i] for each in sequences)) for i in range(ends.pop()))
    return Sequence(head, Sequence(tuple(middle_parts)), tail, "iterator", endless=any(s.endless for s in sequences))


@native("builtins.list", "builtins.set", "builtins.frozenset", "collections.deque", "list.copy")
def _list(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = _first(machine, given)
    if isinstance(first, Parameters):
        return first
    if isinstance(first, Choice):
        return machine.split(first, lambda one: _list(machine, arguments(one), place))
    items = Sequence() if not given.positional else _unknown_sequence(machine, first, place)
    return containers.new_list(machine, evolve(items, turns=()), place)


@native("builtins.tuple", "builtins.iter")
def _tuple(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = _first(machine, given)
    if isinstance(first, Parameters):
        return first
    items = Sequence() if not given.positional else _unknown_sequence(machine, first, place)
    return evolve(items, kind="tuple")


@native("builtins.reversed")
def _reversed(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = _unknown_sequence(machine, _first(machine, given), place)
    return evolve(
        items,
        head=(items.tail if items.middle is not None else items.head)[::-1],
        tail=items.head[::-1] if items.middle is not None else (),
        kind="iterator",
        turns=(),
    )


@native("builtins.sorted")
def _sorted(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = _unknown_sequence(machine, _first(machine, given), place)
    known = items.known
    if not known:
        return containers.new_list(machine, items, place)
    each = known[0]
    for other in known[1:8]:
        each = join(each, other)
    return containers.new_list(machine, Sequence((each,) * len(known)) if items.exact else Sequence(middle=each), place)


@native("builtins.map")
def _map(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = _first(machine, given)
    columns = [_unknown_sequence(machine, each.value, place) for each in given.positional[1:]]
    if len(columns) != 1:
        return Sequence(middle=machine.unknown("map over several sequences", place), endless=True)

    def one(item: Value) -> Value:
        return machine.call(function, arguments(item), place)

    items = columns[0]
    middle = None if items.middle is None else one(items.middle)
    return evolve(items, head=tuple(map(one, items.head)), middle=middle, tail=tuple(map(one, items.tail)), turns=())


@native("builtins.filter")
def _filter(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = _first(machine, given)
    second = _nth(machine, given, 1) or machine.nothing
    if isinstance(second, Parameters):
        return evolve(second, complete=False)
    items = _unknown_sequence(machine, second, place)
    kept: list[Value] = []
    for item in items.head:
        answer = None
        if not isinstance(function, Nothing):
            answer = truth.decide(machine, machine.call(function, arguments(item), place))
        if answer is None:
            return Sequence(middle=item, kind="iterator")
        if answer:
            kept.append(item)
    return evolve(items, head=tuple(kept), kind="iterator", turns=())


@native("builtins.next")
def _next(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = _first(machine, given)
    if isinstance(first, Object):
        method = machine.attribute(first, "__next__", place)
        if not isinstance(method, Unknown):
            return machine.call(method, arguments(), place)
    items = containers.items_of(machine, first)
    if items is None or not items.known:
        return machine.unknown("the next item of something that was not followed", place, first)
    return items.known[0]


@native("builtins.sum")
def _sum(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = _unknown_sequence(machine, _first(machine, given), place)
    total = _nth(machine, given, 1, "start")
    known = list(items.known)
    if total is None:
        total = known.pop(0) if known and not isinstance(known[0], Number) else number(0)
    for each in known:
        total = binary(machine, "+", total, each, place or Place("", 0, 0))
    return total


def _extreme(pick: Callable[..., Any]) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        values = [each.value for each in given.positional]
        if len(values) == 1:
            items = containers.items_of(machine, values[0])
            values = list(items.known) if items is not None else []
        numbers = [each for each in values if isinstance(each, Number)]
        if not numbers or len(numbers) < len(values) or given.keyword("key") is not None:
            return machine.unknown("min or max of values that were not followed", place)
        exact = [each.exact for each in numbers]
        if all(isinstance(each, int | float) for each in exact):
            return number(pick(exact))
        shipped = [each.value for each in numbers]
        lo, hi = pick(each.range.lo for each in numbers), pick(each.range.hi for each in numbers)
        default = None if None in shipped else pick(shipped)
        integer = all(each.integer for each in numbers)
        return Number(Interval(lo, hi), default, integer, origin=Node("extreme", place, tuple(numbers)))

    return run


REGISTRY["builtins.min"] = _extreme(min)
REGISTRY["builtins.max"] = _extreme(max)


@native("builtins.any", "builtins.all")
def _any(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(None)


# Objects --------------------------------------------------------------------------------------------------------------


@native("builtins.isinstance")
def _isinstance(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, classes = _first(machine, given), _nth(machine, given, 1) or machine.nothing
    wanted = containers.items_of(machine, classes) if isinstance(classes, Sequence) else Sequence((classes,))
    assert wanted is not None
    if isinstance(value, Choice):
        answers = [_is_any(machine, option, wanted) for _, option in machine.possible(value)]
        return Flag(answers[0]) if len(set(answers)) == 1 else Flag(None)
    return Flag(_is_any(machine, value, wanted))


def _is_any(machine: Machine, value: Value, wanted: Sequence) -> bool | None:
    answers = [_is_instance(machine, value, each) for each in wanted.known]
    if any(answers):
        return True
    return None if None in answers or not wanted.exact else False


_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "builtins.str": (Text,),
    "builtins.int": (Number,),
    "builtins.float": (Number,),
    "builtins.bool": (Flag,),
    "builtins.tuple": (Sequence,),
    "torch.Tensor": (Tensor,),
    "numpy.ndarray": (Tensor,),
}


def _is_instance(machine: Machine, value: Value, cls: Value) -> bool | None:
    if isinstance(value, Unknown) or isinstance(cls, Unknown | Choice):
        return None
    if isinstance(cls, Class):
        if not isinstance(value, Object):
            return False
        order = machine.classes(value)
        if any(isinstance(each, Class) and each.id is cls.id for each in order):
            return True
        return None if any(isinstance(each, Unknown) for each in order) else False
    if not isinstance(cls, Library):
        return None
    if cls.name in _PYTHON_TYPES:
        if isinstance(value, Number) and cls.name in ("builtins.int", "builtins.float"):
            return value.integer == (cls.name == "builtins.int") if value.exact is not None else None
        if isinstance(value, Tensor) and cls.name == "numpy.ndarray":
            return None
        return isinstance(value, _PYTHON_TYPES[cls.name])
    if isinstance(value, Object):
        order = machine.classes(value)
        if any(isinstance(each, Library) and each.name == cls.name for each in order):
            return True
        return None if any(isinstance(each, Unknown) for each in order) else False
    return False if isinstance(value, Nothing | Text | Number | Flag) else None


@native("builtins.hasattr")
def _hasattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name = _first(machine, given), _nth(machine, given, 1)
    if isinstance(name, Text) and name.text is not None and not isinstance(value, Choice):
        return attributes.has(machine, value, name.text)
    return Flag(None)


@native("builtins.getattr")
def _getattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name, default = _first(machine, given), _nth(machine, given, 1), _nth(machine, given, 2)
    if isinstance(name, Choice):
        return machine.split(name, lambda one: _getattr(machine, _with_second(given, one), place))
    if not isinstance(name, Text) or name.value is None:
        return machine.unknown("getattr with a name that is not known", place)
    found = machine.attribute(value, name.value, place)
    if default is not None and isinstance(found, Unknown):
        return default if "is not set" in found.why else found
    if name.text is None and name.origin is not None:
        chosen = Condition(name.origin, "==", name.shipped, True, True, name.origin.label)
        other = machine.unknown("another name than the default", place)
        return Choice((((chosen,), found), ((evolve(chosen, holds=False),), other)))
    return found


def _with_second(given: Arguments, second: Value) -> Arguments:
    positional = list(given.positional)
    positional[1] = evolve(positional[1], value=second)
    return evolve(given, positional=tuple(positional))


@native("builtins.setattr")
def _setattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name, new = _first(machine, given), _nth(machine, given, 1), _nth(machine, given, 2)
    if isinstance(name, Text) and name.text is not None and new is not None:
        machine.set_attribute(value, name.text, new)
    return machine.nothing


@native("builtins.super")
def _super(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if len(given.positional) >= 2:
        cls, receiver = given.positional[0].value, given.positional[1].value
        if isinstance(cls, Class):
            return Super(receiver, cls.id)
        return machine.unknown("super of a class that was not followed", place)
    function = machine.activation.function
    if function is None or function.owner is None or not function.source.parameters:
        return machine.unknown("super() outside a method", place)
    held = machine.heap.get(machine.activation.frame, function.source.parameters[0].name)
    return Super(held if held is not None else machine.nothing, function.owner)


@native("builtins.type")
def _type(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = _first(machine, given)
    if isinstance(first, Object) and len(given.positional) == 1:
        return first.cls
    return machine.unknown("a type", place)


@native("builtins.callable")
def _callable(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = _first(machine, given)
    if isinstance(first, Function | Class | Bound | Partial | Library):
        return Flag(True)
    if isinstance(first, Text | Number | Nothing | Flag | Sequence):
        return Flag(False)
    return Flag(None)


@native("builtins.object", "builtins.object.__init__", "builtins.print")
def _nothing(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.nothing


@native("builtins.exit", "builtins.quit", "sys.exit", "os._exit")
def _exit(machine: Machine, given: Arguments, place: Place | None) -> Value:
    raise PathEnds


@native("copy.copy", "copy.deepcopy")
def _copy(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(_first(machine, given), lambda one: _clone(machine, one, place, {}))


def _clone(machine: Machine, value: Value, place: Place | None, made: dict[ObjectId, Object]) -> Value:
    if isinstance(value, Sequence):
        middle = None if value.middle is None else _clone(machine, value.middle, place, made)
        head = tuple(_clone(machine, each, place, made) for each in value.head)
        tail = tuple(_clone(machine, each, place, made) for each in value.tail)
        return evolve(value, head=head, middle=middle, tail=tail)
    if isinstance(value, Mapping):
        return evolve(value, items=tuple((key, _clone(machine, each, place, made)) for key, each in value.items))
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, _clone(machine, each, place, made)) for path, each in value.options))
    if not isinstance(value, Object):
        return value
    if value.id in made:
        return made[value.id]
    copy = machine.allocate(value.cls, value.id.place if place is None else place, 1)
    copy = evolve(copy, origin=value.origin)
    made[value.id] = copy
    for name, held in list(machine.heap.record(value.id).items()):
        machine.heap.set(copy.id, name, _clone(machine, held, place, made))
    return copy


# Numbers and text -----------------------------------------------------------------------------------------------------


def _converted(kind: Callable[[Any], Any], *, integer: bool) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = _first(machine, given)
        if isinstance(value, Flag) and value.truth is not None:
            value = number(int(value.truth))
        if isinstance(value, Number):
            if value.exact is not None and not isinstance(value.exact, complex):
                try:
                    return number(kind(value.exact), value.origin)
                except (OverflowError, ValueError):
                    return value
            shipped = value.shipped
            try:
                shipped = None if shipped is None else kind(shipped)
            except (OverflowError, ValueError):
                shipped = None
            return evolve(value, integer=integer or value.integer, shipped=shipped)
        if isinstance(value, Text) and value.text is not None:
            try:
                return number(kind(value.text))
            except ValueError:
                raise PathEnds from None
        if isinstance(value, Tensor):
            return Number(value.range, integer=integer, origin=Node("item", place, (value,), {"range": 0}))
        if isinstance(value, Choice):
            return machine.split(value, lambda one: run(machine, arguments(one), place))
        return machine.unknown("a number from something that was not followed", place, value)

    return run


REGISTRY["builtins.int"] = _converted(int, integer=True)
REGISTRY["builtins.float"] = _converted(float, integer=False)
REGISTRY["builtins.round"] = _converted(round, integer=True)


@native("builtins.abs")
def _abs(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = _first(machine, given)
    if isinstance(value, Tensor):
        return machine.call(Library("torch.abs"), given, place)
    if isinstance(value, Number):
        if value.exact is not None:
            return number(abs(value.exact))
        return evolve(value, range=intervals.absolute(value.range), size=None, below=None)
    return machine.unknown("abs", place, value)


@native("builtins.bool")
def _bool(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return truth.flag(machine, _first(machine, given))


@native("builtins.str", "builtins.repr", "builtins.format")
def _str(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return containers.as_text(_first(machine, given))


def _of_math(function: Callable[[float], float], transfer: Callable[[Interval], Interval] | None) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        value = _first(machine, given)
        if isinstance(value, Number):
            known = value.exact if value.exact is not None else value.shipped
            result = None
            if isinstance(known, int | float):
                try:
                    result = function(known)
                except (ValueError, OverflowError):
                    result = None
            if value.exact is not None and result is not None and len(given.positional) == 1:
                return number(result)
            range_ = intervals.ANY if transfer is None or len(given.positional) > 1 else transfer(value.range)
            return Number(range_, None if len(given.positional) > 1 else result, origin=value.origin)
        return machine.unknown("arithmetic of a value that was not followed", place, value)

    return run


for _name, _function, _transfer in (
    ("sqrt", math.sqrt, lambda a: intervals.power(a, 0.5)),
    ("exp", math.exp, intervals.exponential),
    ("log", math.log, intervals.logarithm),
    ("log2", math.log2, None),
    ("log10", math.log10, None),
    ("floor", math.floor, None),
    ("ceil", math.ceil, None),
    ("cos", math.cos, lambda a: Interval(-1.0, 1.0)),
    ("sin", math.sin, lambda a: Interval(-1.0, 1.0)),
):
    REGISTRY[f"math.{_name}"] = _of_math(_function, _transfer)


def _text_method(name: str) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        receiver = given.positional[0].value
        rest = [each.value for each in given.positional[1:]]
        if not isinstance(receiver, Text):
            return machine.unknown("a text method", place, receiver)
        known = [
            each.text if isinstance(each, Text) else each.exact if isinstance(each, Number) else None for each in rest
        ]
        if None in known or given.keywords or given.open:
            return Text(None) if name not in ("startswith", "endswith", "isdigit") else Flag(None)
        exact = receiver.text is not None
        base = receiver.text if exact else receiver.shipped
        if base is None:
            return Text(None) if name not in ("startswith", "endswith", "isdigit") else Flag(None)
        try:
            result = getattr(base, name)(*known)
        except (TypeError, ValueError, LookupError, OverflowError):
            return machine.unknown(f"the text method {name}", place, receiver)
        if isinstance(result, bool):
            if exact:
                return Flag(result)
            return Flag(None, result, None, origin=receiver.origin)
        if isinstance(result, str):
            return Text(result) if exact else Text(None, result, origin=receiver.origin, taint=receiver.taint)
        if isinstance(result, int):
            return number(result) if exact else machine.unknown("a position in a text", place)
        if isinstance(result, list | tuple) and all(isinstance(each, str) for each in result):
            items = Sequence(tuple(Text(each) if exact else Text(None, each) for each in result))
            return containers.new_list(machine, items, place)
        return machine.unknown(f"the text method {name}", place, receiver)

    return run


_TEXT_METHODS = """
lower upper strip lstrip rstrip title capitalize casefold replace startswith endswith split
rsplit splitlines partition rpartition find count isdigit removeprefix removesuffix swapcase zfill
"""
for _name in _TEXT_METHODS.split():
    REGISTRY[f"str.{_name}"] = _text_method(_name)


@native("str.join")
def _join_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    glue, items = given.positional[0].value, containers.items_of(machine, given.positional[1].value)
    if isinstance(glue, Text) and glue.text is not None and items is not None and items.exact:
        texts = [each.text for each in items.head if isinstance(each, Text) and each.text is not None]
        if len(texts) == len(items.head):
            return Text(glue.text.join(texts))
    return Text(None)


@native("str.format")
def _format_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    receiver = given.positional[0].value
    parts = [containers.as_text(each.value) for each in given.positional[1:]]
    texts = [each.text for each in parts if isinstance(each, Text) and each.text is not None]
    if isinstance(receiver, Text) and receiver.text is not None and len(texts) == len(parts) and not given.keywords:
        try:
            return Text(receiver.text.format(*texts))
        except (ValueError, IndexError, KeyError, AttributeError, TypeError):
            return Text(None)
    return Text(None)


# Lists and dictionaries -----------------------------------------------------------------------------------------------


@native("list.append", "list.add", "list.appendleft")
def _append(machine: Machine, given: Arguments, place: Place | None) -> Value:
    containers.append(machine, given.positional[0].value, given.positional[1].value)
    return machine.nothing


@native("list.extend", "list.update")
def _extend(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if len(given.positional) > 1:
        containers.extend(machine, given.positional[0].value, given.positional[1].value, place)
    return machine.nothing


@native("list.insert")
def _insert(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, at, value = (each.value for each in given.positional[:3])
    held = containers.items_of(machine, holder)
    if not isinstance(holder, Object) or held is None:
        return machine.nothing
    if isinstance(at, Number) and isinstance(at.exact, int) and held.exact:
        items = list(held.head)
        items.insert(at.exact, value)
        machine.heap.set(holder.id, ITEMS, evolve(held, head=tuple(items)))
    elif isinstance(at, Number) and at.exact == 0:
        machine.heap.set(holder.id, ITEMS, evolve(held, head=(value, *held.head)))
    else:
        containers.weaken(machine, holder)
    return machine.nothing


@native("list.pop", "list.popleft")
def _pop(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    at = _nth(machine, given, 1) or number(-1)
    item = containers.item(machine, holder, at, place or Place("", 0, 0))
    containers.delete_item(machine, holder, at, place or Place("", 0, 0))
    return item


@native("list.clear", "dict.clear")
def _clear(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    if isinstance(holder, Object):
        empty: Value = Sequence(kind="list") if containers.is_list(holder) else Mapping()
        machine.heap.set(holder.id, ITEMS, empty)
    return machine.nothing


@native("list.reverse")
def _reverse(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    held = containers.items_of(machine, holder)
    if isinstance(holder, Object) and held is not None:
        if held.exact:
            machine.heap.set(holder.id, ITEMS, evolve(held, head=held.head[::-1]))
        else:
            machine.heap.set(holder.id, ITEMS, evolve(held, head=held.tail[::-1], tail=held.head[::-1]))
    return machine.nothing


@native("list.sort", "list.remove")
def _sort(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    if isinstance(holder, Object):
        containers.weaken(machine, holder)
    return machine.nothing


@native("list.index", "list.count", "tuple.index", "tuple.count")
def _position(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Number(intervals.NON_NEGATIVE, integer=True)


@native("builtins.dict", "collections.OrderedDict", "dict.copy")
def _dict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items: list[tuple[Value, Value]] = []
    rest: Value | None = machine.unknown("entries that were not followed", place) if given.open else None
    for each in given.positional:
        mapping = containers.mapping_of(machine, each.value)
        if mapping is not None:
            items, rest = containers.updated(items, mapping.items), mapping.rest or rest
            continue
        sequence = containers.items_of(machine, each.value)
        for pair in sequence.known if sequence is not None else ():
            parts = containers.items_of(machine, pair)
            if parts is not None and parts.exact and len(parts.head) == 2:
                if sequence is not None and pair is sequence.middle:
                    rest = parts.head[1]
                else:
                    items = containers.updated(items, [(parts.head[0], parts.head[1])])
        if sequence is None:
            rest = machine.unknown("a dictionary of something that was not followed", place, each.value)
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    return containers.new_dict(machine, tuple(items), rest, place)


@native("collections.defaultdict")
def _defaultdict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return containers.new_dict(machine, (), machine.unknown("an entry of a default dictionary", place), place)


@native("dict.get", "dict.pop", "dict.setdefault")
def _get(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = given.positional[0].value, machine.narrow(given.positional[1].value)
    default = _nth(machine, given, 2)
    mapping = containers.mapping_of(machine, holder, key)
    if mapping is None:
        return machine.unknown("a dictionary that was not followed", place)
    if isinstance(key, Choice):
        return machine.split(key, lambda one: _get(machine, _with_second(given, one), place))
    certain = (isinstance(key, Text) and key.text is not None) or (isinstance(key, Number) and key.exact is not None)
    if mapping.rest is None and certain and not any(held == key for held, _ in mapping.items):
        return default if default is not None else machine.nothing
    return containers.item(machine, holder, key, place or Place("", 0, 0))


@native("dict.__getitem__", "list.__getitem__")
def _getitem(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = (each.value for each in given.positional[:2])
    mapping = containers.mapping_of(machine, holder, key)
    return containers.item(machine, mapping if mapping is not None else holder, key, place or Place("", 0, 0))


@native("dict.__setitem__", "list.__setitem__")
def _setitem(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key, value = (each.value for each in given.positional[:3])
    if isinstance(holder, Object):
        containers.put(machine, holder, key, value)
    return machine.nothing


@native("dict.__contains__")
def _contains(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder, key = (each.value for each in given.positional[:2])
    return truth.contained(machine, key, containers.mapping_of(machine, holder, key) or machine.unknown("in", place))


@native("dict.items")
def _items(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: Sequence((key, value)))


@native("dict.keys")
def _keys(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: key)


@native("dict.values")
def _values(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _view(machine, given, place, lambda key, value: value)


def _view(machine: Machine, given: Arguments, place: Place | None, pick: Callable[[Value, Value], Value]) -> Value:
    mapping = containers.mapping_of(machine, given.positional[0].value)
    if mapping is None:
        return machine.unknown("a dictionary that was not followed", place)
    middle = None
    if mapping.rest is not None:
        middle = pick(machine.unknown("a key that is not known", place), mapping.rest)
    return Sequence(tuple(pick(key, value) for key, value in mapping.items), middle, kind="iterator")


@native("dict.update")
def _update(machine: Machine, given: Arguments, place: Place | None) -> Value:
    holder = given.positional[0].value
    held = containers.mapping_of(machine, holder)
    if not isinstance(holder, Object) or held is None:
        return machine.nothing
    items, rest = list(held.items), held.rest
    for each in given.positional[1:]:
        mapping = containers.mapping_of(machine, each.value)
        if mapping is None:
            rest = machine.unknown("entries that were not followed", place)
        else:
            items, rest = containers.updated(items, mapping.items), mapping.rest or rest
    items = containers.updated(items, [(Text(name), each.value) for name, each in given.keywords])
    machine.heap.set(holder.id, ITEMS, Mapping(tuple(items), rest))
    return machine.nothing


# Functions ------------------------------------------------------------------------------------------------------------


@native("functools.partial")
def _partial(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if not given.positional or given.open:
        return machine.unknown("a partial that was not followed", place)
    return Partial(
        given.positional[0].value,
        tuple(each.value for each in given.positional[1:]),
        tuple((name, each.value) for name, each in given.keywords),
    )


@native("functools.reduce")
def _reduce(machine: Machine, given: Arguments, place: Place | None) -> Value:
    function = _first(machine, given)
    items = _unknown_sequence(machine, _nth(machine, given, 1) or machine.nothing, place)
    known = list(items.known)
    start = _nth(machine, given, 2)
    if start is None and not known:
        return machine.unknown("reduce over nothing", place)
    total = start if start is not None else known.pop(0)
    for each in known:
        total = machine.call(function, arguments(total, each), place)
    return total


@native("itertools.chain")
def _chain(machine: Machine, given: Arguments, place: Place | None) -> Value:
    result: Value | None = None
    for each in given.positional:
        if isinstance(each.value, Parameters):
            if isinstance(result, Parameters):
                result = Parameters(result.owners | each.value.owners, result.complete and each.value.complete)
            else:
                result = each.value
            continue
        items = _unknown_sequence(machine, each.value, place)
        result = items if not isinstance(result, Sequence) else containers.concatenated(machine, result, items)
    return result if result is not None else Sequence()


@native("typing.cast")
def _cast(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _nth(machine, given, 1) or machine.nothing


@native("os.path.join", "os.path.expanduser", "os.path.abspath", "os.path.basename", "os.path.dirname")
def _path(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Text(None)


# For stubs ------------------------------------------------------------------------------------------------------------


def children(machine: Machine, value: Value) -> list[tuple[str, Object]]:
    """The networks and layers registered under an object, in order."""
    from trainlint.semantics.libraries import is_network

    found: list[tuple[str, Object]] = []
    if isinstance(value, Object):
        for name, held in machine.heap.record(value.id).items():
            for _, option in options(held):
                if not isinstance(option, Object) or name.startswith("@") or option.id is value.id:
                    continue
                if is_network(machine, option):
                    found.append((name, option))
    return found


@native("trainlint.children")
def _children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = _first(machine, given)
    held = machine.heap.get(value.id, ITEMS) if isinstance(value, Object) else None
    if isinstance(held, Sequence):
        return held
    return Sequence(tuple(each for _, each in children(machine, value)))


@native("trainlint.set_children")
def _set_children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Keep the modules of a container: one by one where they are known, else as ends and a middle."""
    holder, items = _first(machine, given), _nth(machine, given, 1) or machine.nothing
    sequence = _unknown_sequence(machine, items, place)
    if isinstance(holder, Object):
        machine.heap.set(holder.id, ITEMS, evolve(sequence, kind="list", turns=()))
        for index, each in enumerate(sequence.head):
            machine.heap.set(holder.id, str(index), each)
        if sequence.middle is not None:
            machine.heap.set(holder.id, "middle", sequence.middle)
            for index, each in enumerate(sequence.tail):
                machine.heap.set(holder.id, f"tail{index}", each)
    return machine.nothing


@native("trainlint.named_children")
def _named_children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(tuple(Sequence((Text(name), each)) for name, each in children(machine, _first(machine, given))))


@native("trainlint.modules")
def _modules(machine: Machine, given: Arguments, place: Place | None) -> Value:
    found: dict[ObjectId, Object] = {}
    first = _first(machine, given)
    pending = [first] if isinstance(first, Object) else []
    while pending and len(found) < 2_000:
        each = pending.pop(0)
        if each.id not in found:
            found[each.id] = each
            pending.extend(child for _, child in children(machine, each))
    return Sequence(tuple(found.values()))


@native("trainlint.parameters")
def _parameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    modules = _modules(machine, given, place)
    assert isinstance(modules, Sequence)
    owners: frozenset[ObjectId] = frozenset()
    for each in modules.head:
        if isinstance(each, Object):
            owners |= {each.id}.union(*(leaf.live for leaf in _leaves(machine, each)))
    return Parameters(owners, origin=Node("parameters", place, (_first(machine, given),)))


def _leaves(machine: Machine, module: Object) -> Iterator[Tensor]:
    for held in machine.heap.record(module.id).values():
        if isinstance(held, Tensor) and held.origin is not None and held.origin.op == LEAF:
            yield held


@native("trainlint.named_parameters")
def _named_parameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    owned = _parameters(machine, given, place)
    assert isinstance(owned, Parameters)
    some = evolve(owned, complete=False)
    return Sequence(middle=Sequence((Text(None), some)), kind="iterator", endless=True)


@native("trainlint.set_mode")
def _set_mode(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Write the mode of a network and everything below it."""
    mode = _nth(machine, given, 1) or Flag(True)
    modules = _modules(machine, given, place)
    assert isinstance(modules, Sequence)
    for each in modules.head:
        if isinstance(each, Object):
            machine.heap.set(each.id, "training", mode)
    return machine.nothing


@native("trainlint.anything")
def _anything(machine: Machine, given: Arguments, place: Place | None) -> Value:
    reason = _first(machine, given)
    return machine.unknown(reason.text or "" if isinstance(reason, Text) else "anything", place)


@native("trainlint.endless")
def _endless(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(middle=_first(machine, given), kind="iterator", endless=True)


@native("trainlint.batched")
def _batched(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """What the default collate function makes of a sample: every tensor gets a batch axis."""
    return _collated(machine, _first(machine, given), place)


def _collated(machine: Machine, value: Value, place: Place | None) -> Value:
    if isinstance(value, Tensor):
        shape = None if value.shape is None else (None, *value.shape)
        axis = value.axis + 1 if value.axis is not None and value.axis >= 0 else value.axis
        return evolve(value, shape=shape, axis=axis)
    if isinstance(value, Sequence):
        return evolve(value, head=tuple(_collated(machine, each, place) for each in value.head))
    if isinstance(value, Number):
        return Tensor(range=value.range, shape=(None,), number=machine.fresh(), origin=value.origin)
    if isinstance(value, Object) and containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        if mapping is not None:
            pairs = tuple((key, _collated(machine, each, place)) for key, each in mapping.items)
            return containers.new_dict(machine, pairs, mapping.rest, place)
    return value


@native("trainlint.user")
def _user(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A value that the user may set, from its default: ``user(default, label)``."""
    default, label = _first(machine, given), _nth(machine, given, 1)
    origin = Node("user", place, label=label.text or "" if isinstance(label, Text) else "")
    taint = frozenset({"user"})
    if isinstance(default, Number):
        return Number(intervals.ANY, default.value, default.integer, origin=origin, taint=taint)
    if isinstance(default, Text):
        return Text(None, default.value, origin=origin, taint=taint)
    if isinstance(default, Flag):
        return Flag(
            None,
            default.truth,
            Condition(origin, "true", None, True, default.truth, origin.label),
            origin=origin,
            taint=taint,
        )
    if isinstance(default, Nothing):
        missing = Condition(origin, "is None", None, True, True, origin.label)
        other = Unknown(why=f"{origin.label or 'an option'} is not given by default", origin=origin, taint=taint)
        return Choice((((missing,), default), ((evolve(missing, holds=False),), other)))
    return default


@native("trainlint.backward")
def _backward(machine: Machine, given: Arguments, place: Place | None) -> Value:
    from trainlint.semantics.libraries import objective

    value = _first(machine, given)
    if place is not None:
        for _, option in options(value):
            mapping = containers.mapping_of(machine, option)
            if mapping is not None:
                option = next((each for key, each in mapping.items if key == Text("loss")), machine.nothing)
            objective(machine, option, place)
    return machine.nothing
