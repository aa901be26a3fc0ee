"""Calls that were made before: a network that is called again with the like of what it had gives the like again.

A call is remembered if it changed nothing but modes, and noted nothing but losses and networks. It is recalled when its
arguments are equal but for their value numbers, the path assumes the same, and nothing that the function can read has
another value. What it can reach is worked out once, from its arguments, its closure and the names that its code and
that of the classes on the way mention; a plain attribute of a name that none of them mentions is not read.
"""

from __future__ import annotations

from collections.abc import Mapping as Record
from typing import TYPE_CHECKING

from attrs import field, frozen

from trainlint.semantics.events import Event, Stretch, Trace, between
from trainlint.semantics.facts import Happened, Ran
from trainlint.semantics.heap import FROZEN, Heap
from trainlint.semantics.immutable import evolve
from trainlint.semantics.values import (
    Bound,
    Choice,
    Class,
    Flag,
    Function,
    Library,
    Mapping,
    Module,
    Nothing,
    Number,
    Object,
    ObjectId,
    Partial,
    Place,
    Sequence,
    Site,
    Super,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Arguments, Machine

DEAR = 100  # steps that a call must cost before it is worth remembering
MOST_VERSIONS = 4  # of the heap that one call is remembered for
MOST_FAILURES = 2  # how many more calls of a function could not be remembered than could, before it is given up
MOST_REACHED = 20_000
Names = dict[ObjectId, set[str]]
Slots = Record[str, Value]
_LEADING = (Object, Function, Class, Sequence, Mapping, Choice, Bound, Partial, Super)  # to other values
_SCALARS = (Number, Text, Flag, Nothing)
Leading = dict[ObjectId, tuple[Slots, list[Value]]]
_COMPARED = (*_SCALARS, Object, Library, Class, Module, Unknown)  # as they are
MODE = "training"  # is read by layers of libraries, whose code says nothing
_BY_NAME = frozenset({"getattr", "vars", "dir", "__dict__", "asdict", "attrgetter"})


@frozen(eq=False)
class _Known:
    """A result, and the records and the names of modules that it rests on, as they were."""

    result: Value
    records: dict[ObjectId, Slots | None]
    names: dict[ObjectId, dict[str, Value | None]]
    said: frozenset[str]  # every name in the code that it ran, or could have run
    happened: tuple[str, ...]  # the kinds of what happened in it
    ran: tuple[Ran, ...]  # the networks that it ran
    events: Stretch
    modes: tuple[tuple[ObjectId, Value], ...]  # that it left networks in
    as_shipped: bool | None  # whether defaults were taken for what they are; None where that makes no difference


@frozen(eq=False)
class _Attempt:
    key: object
    before: Heap
    facts: tuple[int, ...]
    happened: int
    ran: int
    narrowed: object
    gradient: bool
    trace: Trace | None
    site: Site
    defaults: int
    fuel: int
    given: Arguments
    function: Function


@frozen(eq=False)
class Memo:
    """The calls of one unit that are remembered."""

    cheap: set[Place] = field(factory=set)  # functions that are sooner run than remembered
    _failures: dict[Place, int] = field(factory=dict)
    _known: dict[object, list[_Known]] = field(factory=dict)
    _leading: Leading = field(factory=dict)
    _latest: dict[object, _Known] = field(factory=dict)  # by what is no data among the arguments

    def recall(self, machine: Machine, function: Function, given: Arguments, key: object) -> Value | None:
        """What a call with the same key gave, if it would give the same now."""
        known = self._known.get(key)
        for each in known or ():
            if each.as_shipped in (None, machine.as_shipped) and _holds(machine, each):
                machine.defaults += each.as_shipped is not None
                return _repeated(machine, each, anew=False)
        latest = self._latest.get(_rough_key(machine, function, given)) if machine.ahead or machine.as_shipped else None
        if latest is None:
            return None
        if machine.as_shipped:  # of such turns only the rates are of interest
            return _renewed(machine, latest.result)
        return _repeated(machine, latest, anew=True) if _holds(machine, latest) else None

    def begin(self, machine: Machine, function: Function, given: Arguments, key: object) -> _Attempt | None:
        """Watch a call that may be worth remembering."""
        failures = self._failures.get(function.place, 0)
        if key is None or failures >= MOST_FAILURES or "contextmanager" in function.marks:
            return None
        state = machine.now
        happened = len(machine.facts.happened)
        return _Attempt(
            key,
            state.heap.fork(),
            _noted(machine),
            happened,
            len(machine.facts.runs),
            state.narrowed,
            state.gradient,
            state.trace,
            machine.activation.site,
            machine.defaults,
            machine.fuel,
            given,
            function,
        )

    def end(self, machine: Machine, attempt: _Attempt, result: Value) -> None:
        """Remember the call, if it was dear and changed nothing."""
        place = attempt.function.place
        if attempt.fuel - machine.fuel <= DEAR:
            self.cheap.add(place)
            return
        events = between(attempt.trace, machine.now.trace)
        modes = _modes_left(machine, attempt) if _is_plain(result) and all(map(_is_repeatable, events)) else None
        if modes is None:
            self._failures[place] = self._failures.get(place, 0) + 1
            return
        reached = _reached(machine, attempt.function, attempt.given, self._leading)
        if reached is None:
            self._failures[place] = MOST_FAILURES
            return
        ids, names, said = reached
        self._failures[place] = self._failures.get(place, 0) - 1
        heap = machine.heap
        records = dict(zip(ids, heap.all_frozen(tuple(ids)), strict=True))
        spaces = {id: heap.record(id) for id in names}
        held = {id: {name: spaces[id].get(name) for name in wanted} for id, wanted in names.items()}
        versions = self._known.setdefault(attempt.key, [])
        happened = tuple({each.kind: None for each in machine.facts.happened[attempt.happened :]})
        as_shipped = machine.as_shipped if machine.as_shipped or machine.defaults != attempt.defaults else None
        stretch = Stretch(attempt.trace, machine.now.trace, attempt.site)
        ran = tuple(machine.facts.runs[attempt.ran :])
        known = _Known(result, records, held, said, happened, ran, stretch, modes, as_shipped)
        if _is_data(result):
            self._latest[_rough_key(machine, attempt.function, attempt.given)] = known
        versions[:] = [*versions[-(MOST_VERSIONS - 1) :], known]


def _repeated(machine: Machine, known: _Known, *, anew: bool) -> Value:
    """The result of a call, and all that happened in it; ``anew`` on a path that assumes something else."""
    from trainlint.semantics import lasting, recording  # which needs the machine, and the machine needs this

    for kind in known.happened:
        machine.facts.happened.append(Happened(kind, machine.activation.site, machine.facts.tick()))
    lasting.again(machine, known.ran, known.events.site)
    recording.again(machine, known.events, anew=anew)
    for id, mode in known.modes:
        if machine.heap.get(id, MODE) is not mode:
            machine.heap.set(id, MODE, mode)
    return _renewed(machine, known.result)


def _is_repeatable(event: Event) -> bool:
    """Whether an event can be repeated: it moves no weight and touches no gradient."""
    return event.kind in ("forward", "mode", "anything")


def key_of(machine: Machine, function: Function, given: Arguments) -> object:
    """What must be equal of two calls; None if the arguments cannot be compared."""
    state = machine.now
    numbers: dict[int, int] = {}
    values = []
    for name, each in (*(("", one) for one in given.positional), *given.keywords):
        alike = _alike(each.value, numbers)
        if alike is None:
            return None
        values.append((name, alike))
    modes = (
        state.gradient,
        state.exceptional,
        machine.phase,
        machine.assumed,
        given.open,
        given.taint,
    )
    try:
        key = (function.place, function.frame, tuple(values), state.conditions, modes)
        hash(key)
    except TypeError:
        return None
    return key


def _rough_key(machine: Machine, function: Function, given: Arguments) -> object:
    """What must be equal of two calls where data is as good as other that the same weights were in."""
    keywords = tuple((name, _rough(each.value)) for name, each in given.keywords)
    positional = tuple(_rough(each.value) for each in given.positional)
    return (function.place, function.frame, positional, keywords, given.open, machine.now.gradient, machine.phase)


def _rough(value: Value) -> object:
    if isinstance(value, Sequence):
        return tuple(map(_rough, value.known))
    if isinstance(value, Choice) and _is_data(value):
        return frozenset(_rough(each) for _, each in value.options)
    if isinstance(value, Tensor):
        return (value.live, value.cut)
    return value.id if isinstance(value, Object) else value


def _is_data(value: Value) -> bool:
    """Whether a value holds nothing but tensors."""
    if isinstance(value, Sequence):
        return all(_is_data(each) or isinstance(each, Nothing) for each in value.known)
    if isinstance(value, Choice):
        return all(_is_data(each) for _, each in value.options)
    return isinstance(value, Tensor)


def _alike(value: Value, numbers: dict[int, int]) -> Value | None:
    """A value without its value number, but with the pattern of equal ones; None for what nobody should compare."""
    if isinstance(value, Tensor):
        if any(fact.of for fact in value.facts):
            return None
        number = numbers.setdefault(value.number, len(numbers) + 1) if value.number else 0
        return evolve(value, number=number, buffer=0, base=0)
    if isinstance(value, Choice):
        options = tuple((path, _alike(each, numbers)) for path, each in value.options)
        return None if any(each is None for _, each in options) else evolve(value, options=options)  # type: ignore[arg-type]
    if isinstance(value, Sequence):
        items = tuple(_alike(each, numbers) for each in (*value.head, *value.tail))
        middle = None if value.middle is None else _alike(value.middle, numbers)
        if any(each is None for each in items) or (middle is None) != (value.middle is None):
            return None
        count = len(value.head)
        return evolve(value, head=items[:count], middle=middle, tail=items[count:])  # type: ignore[arg-type]
    if isinstance(value, _COMPARED):
        return value
    return None


def _noted(machine: Machine) -> tuple[int, ...]:
    facts = machine.facts
    many = (
        len(facts.objectives),
        len(facts.optimizers),
        len(facts.steps),
        len(facts.rates),
        len(facts.schedules),
        len(facts.inherited),
        len(machine.later),
    )
    return (*many, len(facts.given_away), len(facts.loaded), len(facts.written))


def _is_plain(value: Value) -> bool:
    """Whether a result holds nothing that was allocated by the call, and no proof about its arguments."""
    if isinstance(value, Sequence):
        return all(map(_is_plain, value.known))
    if isinstance(value, Choice):
        return all(_is_plain(each) for _, each in value.options)
    if isinstance(value, Tensor):
        return not any(fact.of for fact in value.facts)
    return isinstance(value, Number | Text | Flag | Nothing | Unknown)


def _modes_left(machine: Machine, attempt: _Attempt) -> tuple[tuple[ObjectId, Value], ...] | None:
    """The modes that the call has changed; None if it has left any other trace in the program.

    Modules may have been read, tensors made.
    """
    if _noted(machine) != attempt.facts or machine.now.narrowed is not attempt.narrowed or machine.fuel <= 0:
        return None
    if machine.now.gradient is not attempt.gradient:
        return None
    modes: list[tuple[ObjectId, Value]] = []
    for id, record in machine.heap.changed_since(attempt.before):
        if not attempt.before.has(id):
            continue
        old = attempt.before.record(id)
        frame = machine.frames.get(id)
        if id is machine.buffers or (frame is not None and frame.outer is None):
            if not all(value is record.get(name) or _is_same(record.get(name), value) for name, value in old.items()):
                return None
            continue
        differing = [name for name in record.keys() | old.keys() if record.get(name) is not old.get(name)]
        changed = [name for name in differing if not _is_same(record.get(name), old.get(name))]
        if any(name != MODE for name in changed) or (changed and (MODE not in record or frame is not None)):
            return None
        modes += ((id, record[MODE]) for _ in changed)
    return tuple(modes)


def _renewed(machine: Machine, value: Value) -> Value:
    """A result as a call of its own would have made it: other tensors, in memory of their own."""
    if isinstance(value, Tensor):
        return evolve(value, number=machine.fresh(), buffer=machine.fresh(), base=0)
    if isinstance(value, Sequence):
        head, tail = (tuple(_renewed(machine, each) for each in part) for part in (value.head, value.tail))
        return evolve(value, head=head, tail=tail)
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, _renewed(machine, each)) for path, each in value.options))
    return value


def _holds(machine: Machine, known: _Known) -> bool:
    heap = machine.heap
    if not heap.holds(tuple(known.records), tuple(known.records.values())):
        present = heap.records.get
        for id, record in known.records.items():
            now = present(id)
            if now is not record:
                if record is None or now is None or not _reads_alike(record, now, known.said):
                    return False
                known.records[id] = heap.frozen(id)
    for id, held in known.names.items():
        space = heap.record(id)
        for name, value in held.items():
            other = space.get(name)
            if other is not value and not _is_same(other, value):
                return False
    return True


def _reads_alike(old: Slots, now: Slots, said: frozenset[str]) -> bool:
    """Whether code that says these names reads the same from both records."""
    if old.keys() != now.keys():
        return False
    for name, value in old.items():
        other = now[name]
        if other is value or _is_same(other, value):
            continue
        if not (_is_scalar(value) and _is_scalar(other)) or name in said or name in (MODE, FROZEN) or said & _BY_NAME:
            return False
    return list(old) == list(now)


def _is_same(value: Value | None, other: Value | None) -> bool:
    return value is other or (value is not None and other is not None and _is_scalar(other) and value == other)


def _is_scalar(value: Value) -> bool:
    if isinstance(value, Choice):
        return all(_is_scalar(each) for _, each in value.options)
    return isinstance(value, _SCALARS)


# What a function can reach --------------------------------------------------------------------------------------------


def _reached(
    machine: Machine, function: Function, given: Arguments, leading: Leading
) -> tuple[set[ObjectId], Names, frozenset[str]] | None:
    """The records that running a function can read, of modules the names, and every name that its code says."""
    ids: set[ObjectId] = set()
    names: Names = {}
    read: set[tuple[str, int]] = set()
    classes: set[ObjectId] = set()
    pending: list[Value] = [function, *given.values()]
    while pending:
        value = pending.pop()
        if isinstance(value, Object):
            cls = value.cls
            if cls.id not in classes if isinstance(cls, Class) else not isinstance(cls, Library):
                pending.append(cls)
            pending += _opened(machine, value.id, ids, leading)
        elif isinstance(value, Function):
            pending += [each for _, each in value.defaults]
            if machine.frames[value.frame].outer is not None:
                pending += _enclosing(machine, value.frame, ids, leading)
            if (value.place.path, value.place.segment) not in read:
                pending += _spoken(machine, value.place, value.module, read, names)
        elif isinstance(value, Class):
            if value.id in classes:
                continue
            classes.add(value.id)
            for each in value.mro:
                if isinstance(each, Class) and each.id not in ids:
                    pending += _opened(machine, each.id, ids, leading)
                    pending += _spoken(machine, each.place, each.place.path, read, names)
        else:
            pending += _parts(value)
        if len(ids) > MOST_REACHED:
            return None
    return ids, names, machine.program.all_spoken(frozenset(read))


def _opened(machine: Machine, id: ObjectId, ids: set[ObjectId], leading: Leading) -> list[Value]:
    """Those values in a record that lead to others; these are kept for as long as nobody writes to the record."""
    if id in ids:
        return []
    ids.add(id)
    record = machine.heap.frozen(id)
    if record is None:
        return []
    kept = leading.get(id)
    if kept is None or kept[0] is not record:
        values: list[Value] = [each for each in record.values() if isinstance(each, _LEADING)]
        frame = machine.frames.get(id)
        if frame is not None and frame.is_class:
            values = [each for each in values if not _is_known_with(machine, each, id.place)]
        kept = leading[id] = (record, values)
    return kept[1]


def _is_known_with(machine: Machine, value: Value, place: Place | None) -> bool:
    """Whether a value is a method that leads nowhere but where the code of its class, which is here, leads."""
    if not isinstance(value, Function) or place is None or machine.frames[value.frame].outer is not None:
        return False
    here = value.place.path == place.path and value.place.segment == place.segment
    return here and not any(isinstance(each, _LEADING) for _, each in value.defaults)


def _enclosing(machine: Machine, frame: ObjectId, ids: set[ObjectId], leading: Leading) -> list[Value]:
    """The variables of the functions around one; modules are looked at name by name."""
    found: list[Value] = []
    outer = machine.frames[frame].outer
    while outer is not None:
        found += _opened(machine, frame, ids, leading)
        frame, outer = outer, machine.frames[outer].outer
    return found


def _spoken(machine: Machine, place: Place, module: str, read: set[tuple[str, int]], names: Names) -> list[Value]:
    """The values of a module's names that a piece of its code can come to, if it was not looked at before."""
    code = place.path, place.segment
    if code in read:
        return []
    read.add(code)
    id = machine.program.namespace(machine, module)
    held, space = names.setdefault(id, set()), machine.heap.record(id)
    new = machine.program.asked(*code) - held
    held |= new
    return [space[name] for name in new if name in space]


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Sequence):
        return list(value.known)
    if isinstance(value, Mapping):
        return [each for _, each in value.items] + ([] if value.rest is None else [value.rest])
    if isinstance(value, Choice):
        return [each for _, each in value.options]
    if isinstance(value, Bound):
        return [value.function, value.receiver]
    if isinstance(value, Partial):
        return [value.function, *value.positional, *(each for _, each in value.keywords)]
    return [value.receiver] if isinstance(value, Super) else []
