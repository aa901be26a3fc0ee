"""Named tuples and dataclasses: making their classes, copying, taking apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers, records
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments, Frame, arguments
from trainlint.semantics.natives import files
from trainlint.semantics.natives.registry import first_of, items_or_unknown, native, nth
from trainlint.semantics.values import (
    Choice,
    Class,
    Function,
    Library,
    Object,
    Partial,
    Place,
    Sequence,
    Text,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("collections.namedtuple", "typing.NamedTuple", "dataclasses.make_dataclass")
def _namedtuple(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A class whose fields are named by texts or by pairs of a name and a type."""
    title, listed = first_of(machine, given), nth(machine, given, 1, "field_names") or machine.nothing
    names = _names(machine, listed)
    if names is None or place is None:
        return machine.unknown("a named tuple whose fields are not known", place)
    id = machine.identity(place, -2)
    machine.heap.clear(id)
    machine.frames[id] = Frame(machine.activation.frame, machine.frames[machine.activation.frame].module, is_class=True)
    name = title.text or "" if isinstance(title, Text) else ""
    machine.heap.set(id, records.FIELDS, Sequence(tuple(Text(each) for each in names)))
    defaults = containers.items_of(machine, given.keyword("defaults") or Sequence())
    if defaults is not None and defaults.exact and 0 < len(defaults.head) <= len(names):
        for field, value in zip(names[-len(defaults.head) :], defaults.head, strict=True):
            machine.heap.set(id, field, value)
    made = Class(id, name, (), place, marks=frozenset({"namedtuple"}))
    return evolve(made, mro=(made, Library(containers.NAMED_TUPLE)))


def _names(machine: Machine, listed: Value) -> list[str] | None:
    if isinstance(listed, Text):
        return None if listed.text is None else listed.text.replace(",", " ").split()
    items = containers.items_of(machine, listed)
    if items is None or not items.exact:
        return None
    names = []
    for each in items.head:
        if isinstance(each, Sequence) and each.head:
            each = each.head[0]
        if not isinstance(each, Text) or each.text is None:
            return None
        names.append(each.text)
    return names


def _values(machine: Machine, value: Value) -> dict[str, Value] | None:
    """The fields of a named tuple or dataclass instance."""
    if not isinstance(value, Object) or not isinstance(value.cls, Class):
        return None
    found = {}
    for field in records.fields(machine, value.cls):
        held = machine.heap.get(value.id, field.name)
        found[field.name] = held if held is not None else machine.unknown(f"the field {field.name}", None)
    return found


@native("typing.NamedTuple._replace", "dataclasses.replace", "attrs.evolve", "attr.evolve", "copy.replace")
def _replace(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """A new instance with some fields changed; what checks the fields checks them again."""
    value = first_of(machine, given)
    if isinstance(value, Choice):
        return machine.split(value, lambda one: _replace(machine, _with(given, one), place))
    held = _values(machine, value)
    if held is None or given.open or not isinstance(value, Object):
        return machine.unknown("a copy of something that was not followed", place, value)
    changed = {**held, **{name: each.value for name, each in given.keywords}}
    return machine.call(value.cls, arguments(**changed), place)


def _with(given: Arguments, first: Value) -> Arguments:
    positional = list(given.positional)
    positional[0] = evolve(positional[0], value=first)
    return evolve(given, positional=tuple(positional))


@native(
    "typing.NamedTuple._asdict",
    "dataclasses.asdict",
    "attrs.asdict",
    "attr.asdict",
    "pydantic.BaseModel.model_dump",
    "pydantic.BaseModel.dict",
)
def _asdict(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(first_of(machine, given), lambda one: _plain(machine, one, place, as_dict=True))


@native("dataclasses.astuple", "attrs.astuple", "attr.astuple")
def _astuple(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(first_of(machine, given), lambda one: _plain(machine, one, place, as_dict=False))


def _plain(machine: Machine, value: Value, place: Place | None, *, as_dict: bool, depth: int = 0) -> Value:
    held = _values(machine, value) if depth < 6 else None
    if held is not None:
        parts = {name: _plain(machine, each, place, as_dict=as_dict, depth=depth + 1) for name, each in held.items()}
        if as_dict:
            return containers.new_dict(machine, tuple((Text(name), each) for name, each in parts.items()), None, place)
        return Sequence(tuple(parts.values()))
    if depth == 0:
        return machine.unknown("the fields of something that was not followed", place, value)
    return value


@native("dataclasses.fields", "attrs.fields", "attr.fields")
def _fields(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    cls = value.cls if isinstance(value, Object) else value
    if not isinstance(cls, Class):
        return machine.unknown("the fields of something that was not followed", place, value)
    found = []
    for field in records.fields(machine, cls):
        made = machine.allocate(Library("dataclasses.Field"), place)
        machine.heap.set(made.id, "name", Text(field.name))
        default = machine.heap.get(field.owner.id, field.name)
        if default is not None:
            machine.heap.set(made.id, "default", default)
        found.append(made)
    return Sequence(tuple(found))


@native("typing.NamedTuple._make")
def _make(machine: Machine, given: Arguments, place: Place | None) -> Value:
    items = items_or_unknown(machine, nth(machine, given, 1) or machine.nothing, place)
    if not items.exact:
        return machine.unknown("a named tuple from a sequence of unknown length", place)
    return machine.call(given.positional[0].value, arguments(*items.head), place)


@native("pydantic.BaseModel.model_validate", "pydantic.BaseModel.parse_obj", "dacite.from_dict")
def _from_mapping(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """An instance of a class from a dictionary of its fields."""
    cls = nth(machine, given, 0, "data_class") or machine.nothing
    data = nth(machine, given, 1, "data") or given.keyword("obj") or machine.nothing
    return machine.split(data, lambda one: _instance(machine, cls, one, place))


@native("pydantic.BaseModel.model_validate_json", "pydantic.BaseModel.parse_raw")
def _from_json(machine: Machine, given: Arguments, place: Place | None) -> Value:
    data = files.parse(machine, "json", nth(machine, given, 1) or machine.nothing, place)
    return _instance(machine, given.positional[0].value, data, place)


@native("pydantic.BaseModel.parse_file")
def _from_file(machine: Machine, given: Arguments, place: Place | None) -> Value:
    content = files.read(machine, nth(machine, given, 1) or machine.nothing, place)
    return _instance(machine, given.positional[0].value, files.parse(machine, "json", content, place), place)


def _instance(machine: Machine, cls: Value, data: Value, place: Place | None) -> Value:
    return records.from_data(machine, cls, data, place) if isinstance(cls, Class) else machine.unknown("a class", place)


@native("tap.Tap.parse_args", "tap.Tap.parse_known_args")
def _parse_args(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return first_of(machine, given)


@native("builtins.vars")
def _vars(machine: Machine, given: Arguments, place: Place | None) -> Value:
    if not given.positional:
        return machine.unknown("the variables of a function", place)
    return machine.split(first_of(machine, given), lambda one: machine.attribute(one, "__dict__", place))


@native("dataclasses.field.validator")
def _validator(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``@field.validator``: the decorated method checks the field."""
    field, function = given.positional[0].value, nth(machine, given, 1) or machine.nothing
    if isinstance(field, Object):
        machine.heap.set(field.id, "@check", function)
    return function


@native("pydantic.field_validator", "pydantic.validator", "pydantic.model_validator", "pydantic.root_validator")
def _field_validator(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``@field_validator("name", …)``: the decorated method checks these fields; of a model, the whole."""
    mode = given.keyword("mode")
    if isinstance(mode, Text) and mode.text in ("before", "wrap", "plain"):
        return Library("trainlint.same")
    names = tuple(each.value for each in given.positional)
    return Partial(Library("trainlint.validates"), names or (Text("*"),), ())


@native("trainlint.validates")
def _validates(machine: Machine, given: Arguments, place: Place | None) -> Value:
    *names, function = (each.value for each in given.positional)
    if not isinstance(function, Function):
        return function
    marks = {f"{records.VALIDATES}{name.text}" for name in names if isinstance(name, Text)}
    return evolve(function, marks=function.marks | marks)


@native("trainlint.same")
def _same(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return first_of(machine, given)
