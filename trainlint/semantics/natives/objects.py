"""Functions over objects: attributes, types, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import attributes, containers, measures, outside, recording
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, PathEnds
from trainlint.semantics.natives.registry import first_of, native, nth, with_second
from trainlint.semantics.primitives.base import NOBODYS
from trainlint.semantics.values import (
    Bound,
    Choice,
    Class,
    Condition,
    Flag,
    Function,
    Library,
    Mapping,
    Nothing,
    Number,
    Object,
    ObjectId,
    Partial,
    Place,
    Sequence,
    Super,
    Tensor,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("builtins.isinstance")
def _isinstance(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, classes = first_of(machine, given), nth(machine, given, 1) or machine.nothing
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
    if isinstance(value, Class) and cls.name == "builtins.type":
        return True
    if cls.name in _PYTHON_TYPES:
        if isinstance(value, Number) and cls.name in ("builtins.int", "builtins.float"):
            return value.integer == (cls.name == "builtins.int") if value.exact is not None else None
        if isinstance(value, Tensor) and (value.library or cls.name == "numpy.ndarray"):
            return None if value.library in ("", NOBODYS) else value.library == cls.name
        if cls.name == "builtins.tuple" and containers.is_tuple(value):
            return True
        return isinstance(value, _PYTHON_TYPES[cls.name])
    if isinstance(value, Object):
        order = machine.classes(value)
        if any(isinstance(each, Library) and each.name == cls.name for each in order):
            return True
        return None if any(isinstance(each, Unknown) for each in order) else False
    if isinstance(value, Sequence | Tensor) and cls.name in ("builtins.list", "builtins.dict"):
        return False
    return False if isinstance(value, Nothing | Text | Number | Flag) else None


@native("builtins.hasattr")
def _hasattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name = first_of(machine, given), nth(machine, given, 1)
    if isinstance(name, Text) and name.text is not None and not isinstance(value, Choice):
        return attributes.has(machine, value, name.text)
    return Flag(None)


@native("builtins.getattr")
def _getattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name, default = first_of(machine, given), nth(machine, given, 1), nth(machine, given, 2)
    if isinstance(name, Choice):
        return machine.split(name, lambda one: _getattr(machine, with_second(given, one), place))
    if not isinstance(name, Text) or name.value is None:
        return _any_of(machine, value) or machine.unknown("getattr with a name that is not known", place)
    found = machine.attribute(value, name.value, place)
    if default is not None and isinstance(found, Unknown):
        return default if "is not set" in found.why else found
    if name.text is None and name.origin is not None:
        chosen = Condition(name.origin, "==", name.shipped, True, True, name.origin.label)
        other = _any_of(machine, value) or machine.unknown("another name than the default", place)
        return Choice((((chosen,), found), ((evolve(chosen, holds=False),), other)))
    return found


def _any_of(machine: Machine, value: Value | None) -> Library | None:
    """What all members of a library's module have in common, where that is known."""
    name = f"{value.name}.*" if isinstance(value, Library) else ""
    return Library(name) if name in machine.knowledge.entries else None


@native("builtins.setattr")
def _setattr(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value, name, new = first_of(machine, given), nth(machine, given, 1), nth(machine, given, 2)
    if isinstance(name, Text) and name.text is not None and new is not None:
        machine.set_attribute(value, name.text, new)
    elif isinstance(value, Object) and new is not None:
        outside.open_attributes(machine, value.id, new, place)
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
    first = first_of(machine, given)
    if isinstance(first, Object) and len(given.positional) == 1:
        return first.cls
    return machine.unknown("a type", place)


@native("builtins.callable")
def _callable(machine: Machine, given: Arguments, place: Place | None) -> Value:
    first = first_of(machine, given)
    if isinstance(first, Function | Class | Bound | Partial | Library):
        return Flag(True)
    if isinstance(first, Text | Number | Nothing | Flag | Sequence | Tensor):
        return Flag(False)
    return Flag(None)


@native("builtins.print")
def _print(machine: Machine, given: Arguments, place: Place | None) -> Value:
    recording.shown(machine, given.values())
    return machine.nothing


@native("builtins.object", "builtins.object.__init__")
def _nothing(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.nothing


@native("builtins.exit", "builtins.quit", "sys.exit", "os._exit")
def _exit(machine: Machine, given: Arguments, place: Place | None) -> Value:
    raise PathEnds


@native("copy.copy", "copy.deepcopy")
def _copy(machine: Machine, given: Arguments, place: Place | None) -> Value:
    def one(value: Value) -> Value:
        made: dict[ObjectId, Object] = {}
        result = _clone(machine, value, place, made)
        if any(each in machine.facts.layers for each in made):
            recording.inherited(machine, frozenset(each.id for each in made.values()), frozenset(made))
        return result

    return machine.split(first_of(machine, given), one)


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
    if value.id in machine.facts.layers:
        machine.facts.layers[copy.id] = machine.facts.layers[value.id]
        measures.happened(machine, "kept")
    for name, held in list(machine.heap.record(value.id).items()):
        machine.heap.set(copy.id, name, _clone(machine, held, place, made))
    return copy
