"""Classes: their bodies, their bases in order, and their instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, records
from trainlint.semantics.attributes import find
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Activation, Arguments, Frame
from trainlint.semantics.values import (
    Bound,
    Class,
    Function,
    Library,
    Node,
    Object,
    Place,
    Text,
    Value,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

RECORDS = frozenset({"dataclass", "namedtuple", "model", "settings"})


def define_class(machine: Machine, s: tree.ClassDef) -> Value:
    """Run a class body and give the class, decorated."""
    from trainlint.semantics.calls import decorate

    bases = [machine.narrow(machine.evaluate(item.value)) for item in s.arguments if item.keyword is None]
    place = machine.place(s)
    outer = machine.activation
    id = machine.identity(place)
    machine.heap.clear(id)
    machine.frames[id] = Frame(outer.frame, machine.frames[outer.frame].module, is_class=True)
    outer.captured = True
    activation = Activation(id, outer.path, outer.segment, outer.site)
    machine.activation = activation
    try:
        machine.execute(s.body)
    finally:
        machine.activation = outer
    made = Class(id, s.name, (), place, marks=_marks(machine, bases))
    made = evolve(made, mro=_order(machine, made, bases))
    _own_functions(machine, made)
    if outer.path.startswith("stub:"):
        made = evolve(made, library=machine.knowledge.stub_name(outer.path, s.name))
        made = evolve(made, mro=(made, *made.mro[1:]))
    return decorate(machine, made, s.decorators)


def _marks(machine: Machine, bases: list[Value]) -> frozenset[str]:
    marks: frozenset[str] = frozenset()
    for base in bases:
        if isinstance(base, Class):
            marks |= base.marks
        elif isinstance(base, Library):
            mark = machine.knowledge.class_mark(base.name)
            marks |= {mark} if mark else frozenset()
    return marks


def _own_functions(machine: Machine, cls: Class) -> None:
    """Tell the functions of a class body whose they are, for super()."""
    for name, value in list(machine.heap.record(cls.id).items()):
        if isinstance(value, Function) and value.owner is None and value.frame is cls.id:
            outer = machine.frames[cls.id].outer
            machine.heap.set(cls.id, name, evolve(value, owner=cls.id, frame=outer or cls.id))


def _order(machine: Machine, cls: Class, bases: list[Value]) -> tuple[Value, ...]:
    """The method resolution order: depth first, a class that comes again later comes later."""
    chains = [base.mro if isinstance(base, Class) else library_order(machine, base) for base in bases]
    flat = [each for chain in chains for each in chain]
    order: list[Value] = [cls]
    for index, each in enumerate(flat):
        if not any(_same(each, later) for later in flat[index + 1 :]):
            order.append(each)
    return tuple(order)


def _same(a: Value, b: Value) -> bool:
    if isinstance(a, Class) and isinstance(b, Class):
        return a.id is b.id
    return isinstance(a, Library) and isinstance(b, Library) and a.name == b.name


def library_order(machine: Machine, value: Value) -> tuple[Value, ...]:
    """The method resolution order of a library class: itself, then the stubs and entries that it builds on."""
    if not isinstance(value, Library):
        return (value,)
    bases = machine.knowledge.bases(value.name)
    if not bases:
        return (value,)
    order: list[Value] = [value]
    for base in bases:
        resolved = machine.program.library(machine, base)
        order.extend(resolved.mro if isinstance(resolved, Class) else library_order(machine, resolved))
    return tuple(order)


def descends(machine: Machine, value: Value, name: str) -> bool:
    """Whether an object, or a class, descends from the library class ``name``."""
    cls = value.cls if isinstance(value, Object) else value
    if isinstance(cls, Class):
        order: object = cls.mro
        key: tuple[object, str] = (id(order), name)
    elif isinstance(cls, Library):
        order, key = cls, (cls.name, name)
    else:
        return False
    known = machine.descent.get(key)
    if known is None:
        known = machine.descent[key] = (order, _descends(machine, cls, name))  # kept, so that its id stays
    return known[1]


def _descends(machine: Machine, value: Value, name: str) -> bool:
    for cls in machine.classes(value):
        if isinstance(cls, Library) and cls.name == name:
            return True
        if isinstance(cls, Class) and cls.library == name:
            return True
    return False


def instantiate(machine: Machine, cls: Class, given: Arguments, place: Place | None) -> Value:
    """``cls(…)``: allocate, then run ``__init__`` along the method resolution order."""
    if "enum" in cls.marks and given.positional:
        return machine.unknown("an enum member by value", place)
    made = machine.allocate(cls, place)
    made = evolve(made, origin=Node("made", place, label=cls.name))
    containers.begin(machine, made)
    initialise(machine, made, cls, given, place)
    return made


def initialise(machine: Machine, made: Object, cls: Class, given: Arguments, place: Place | None) -> None:
    init = find(machine, cls.mro, "__init__")
    if isinstance(init, Function):
        machine.call(Bound(init, made), given, place)
    elif cls.marks & RECORDS:
        records.fill(machine, made, cls, given, place)
    elif isinstance(init, Library):
        machine.call(Bound(init, made), given, place)
    elif containers.is_dict(made):
        machine.call(Bound(Library("dict.update"), made), given, place)


def class_name(value: Value) -> str:
    """A class's name for messages."""
    if isinstance(value, Class):
        return value.name
    if isinstance(value, Library):
        return value.name.rpartition(".")[2]
    return value.text or "" if isinstance(value, Text) else ""
