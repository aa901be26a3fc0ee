"""Classes that are lists of fields: dataclasses, named tuples, and models that check their values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import containers, intervals, outside
from trainlint.semantics.attributes import find
from trainlint.semantics.derived import bounded, opened
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import Activation, Arguments, Given, arguments
from trainlint.semantics.values import (
    OUTSIDE,
    Bound,
    Choice,
    Class,
    Function,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Partial,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

FIELDS = "@fields"  # the names of the fields of a class that no class statement made
FIELD = "dataclasses.field"
VALIDATES = "validates:"  # begins the mark of a method that checks a field
_KINDS = ("float", "int", "str", "bool")
_SIGNS: dict[str, Interval] = {
    "pydantic.PositiveFloat": Interval(0.0, intervals.INFINITY, lo_open=True),
    "pydantic.PositiveInt": Interval(0.0, intervals.INFINITY, lo_open=True),
    "pydantic.NonNegativeFloat": intervals.NON_NEGATIVE,
    "pydantic.NonNegativeInt": intervals.NON_NEGATIVE,
}


@frozen(eq=False)
class Field:
    """One field: its name, the class that has it, and what is written there."""

    name: str
    owner: Class
    annotation: tree.Expression | None = None
    has_default: bool = False

    @property
    def kind(self) -> str:
        """The plain type that the annotation names, if it names one."""
        return kind_of(self.annotation)


def fields(machine: Machine, cls: Class) -> list[Field]:
    """The fields of a class, base classes first."""
    found: dict[str, Field] = {}
    for each in reversed(cls.mro):
        if isinstance(each, Class):
            found.update((field.name, field) for field in _own(machine, each))
    return list(found.values())


def _own(machine: Machine, cls: Class) -> Iterator[Field]:
    listed = machine.heap.get(cls.id, FIELDS)
    if isinstance(listed, Sequence):
        for name in listed.head:
            if isinstance(name, Text) and name.text is not None:
                yield Field(name.text, cls, None, machine.heap.get(cls.id, name.text) is not None)
        return
    definition = machine.program.definition(cls.place)
    for statement in definition.body if isinstance(definition, tree.ClassDef) else ():
        if isinstance(statement, tree.Annotate) and isinstance(statement.target, tree.Name):
            if not _is_class_variable(statement.annotation):
                yield Field(statement.target.id, cls, statement.annotation, statement.value is not None)
        elif isinstance(statement, tree.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, tree.Name) and _is_field(machine.heap.get(cls.id, target.id)):
                yield Field(target.id, cls, None, True)  # attr.ib()


def _is_class_variable(annotation: tree.Expression) -> bool:
    if isinstance(annotation, tree.Subscript):
        annotation = annotation.value
    name = annotation.id if isinstance(annotation, tree.Name) else getattr(annotation, "attr", "")
    return bool(name == "ClassVar")


def _is_field(value: Value | None) -> bool:
    return isinstance(value, Object) and isinstance(value.cls, Library) and value.cls.name == FIELD


def kind_of(annotation: tree.Expression | None) -> str:
    """The plain type in an annotation: of ``Optional[float]``, ``float | None`` and ``Annotated[float, …]`` float."""
    if isinstance(annotation, tree.Name):
        return annotation.id if annotation.id in _KINDS else ""
    if isinstance(annotation, tree.Constant) and isinstance(annotation.value, str):
        first = annotation.value.split("|")[0].strip().removeprefix("Optional[").rstrip("]")
        return first if first in _KINDS else ""
    if isinstance(annotation, tree.Binary) and annotation.op == "|":
        return kind_of(annotation.left) or kind_of(annotation.right)
    if isinstance(annotation, tree.Subscript):
        outer = (
            annotation.value.id if isinstance(annotation.value, tree.Name) else getattr(annotation.value, "attr", "")
        )
        if outer in ("Optional", "Annotated", "Union", "Final"):
            inner = annotation.index
            parts = inner.items if isinstance(inner, tree.Display) else (inner,)
            return next((kind for each in parts if (kind := kind_of(each))), "")
    if isinstance(annotation, tree.Call | tree.Attribute | tree.Name):
        function = annotation.function if isinstance(annotation, tree.Call) else annotation
        name = function.id if isinstance(function, tree.Name) else getattr(function, "attr", "")
        return {"confloat": "float", "conint": "int", "PositiveFloat": "float", "PositiveInt": "int"}.get(name, "")
    return ""


# Instances ------------------------------------------------------------------------------------------------------------


def fill(machine: Machine, made: Object, cls: Class, given: Arguments, place: Place | None) -> None:
    """What the generated ``__init__`` does: fields in order, their checks, then ``__post_init__``."""
    positional = list(given.positional)
    keywords = dict(given.keywords)
    values: list[Value] = []
    for field in fields(machine, cls):
        settings = _settings(machine, field)
        if settings is not None and _is_false(machine.heap.get(settings.id, "init")):
            value = default_of(machine, field, place)
        elif positional:
            value = positional.pop(0).value
        elif field.name in keywords:
            value = _handed(keywords[field.name], field)
        elif given.open:
            value = outside.argument(machine, given, field.name, place, default_of(machine, field, place))
        else:
            value = default_of(machine, field, place)
            if "settings" in cls.marks:
                value = opened(machine, value, field.name, place)
        value = checked(machine, made, cls, field, value, place)
        machine.heap.set(made.id, field.name, value)
        values.append(value)
    if "namedtuple" in cls.marks:
        machine.heap.set(made.id, ITEMS, Sequence(tuple(values)))
    for name in ("__post_init__", "__attrs_post_init__"):
        post = find(machine, cls.mro, name)
        if isinstance(post, Function):
            machine.call(Bound(post, made), arguments(), place)
    for check in _validators(machine, cls, "*"):
        machine.call(Bound(check, made), arguments(), place)


def _handed(given: Given, field: Field) -> Value:
    """A value given to a class of a library: of its way the place is worth showing."""
    value = given.value
    if not is_hidden(field.owner.place) or given.place is None or not isinstance(value, Number):
        return value
    return evolve(value, origin=Node("given", given.place, (value,), {"number": 0}, field.name))


def from_data(machine: Machine, cls: Class, data: Value, place: Place | None) -> Value:
    """An instance whose fields are the entries of a dictionary; dictionaries within become the classes annotated."""
    mapping = containers.mapping_of(machine, data)
    pairs = [] if mapping is None else [(key.text, each) for key, each in mapping.items if isinstance(key, Text)]
    known = {field.name: field for field in fields(machine, cls)}
    keywords = []
    for name, value in pairs:
        if name in known:
            keywords.append((name, Given(as_annotated(machine, known[name], value, place), place)))
    rest = outside.entries(machine, data, place) if mapping is None else mapping.rest
    taint = frozenset[str]() if rest is None else rest.taint & OUTSIDE
    return machine.call(cls, Arguments((), tuple(keywords), rest is not None, taint, rest), place)


def as_annotated(machine: Machine, field: Field, value: Value, place: Place | None) -> Value:
    """A dictionary where the annotation names a class of fields: an instance of it."""
    if not isinstance(field.annotation, tree.Name | tree.Attribute) or not containers.is_dict(value):
        return value
    (cls,) = _evaluated(machine, field, [field.annotation])
    if not isinstance(cls, Class) or not cls.marks & {"dataclass", "namedtuple", "model", "settings"}:
        return value
    return from_data(machine, cls, value, place)


def _is_false(value: Value | None) -> bool:
    return getattr(value, "truth", None) is False


def _settings(machine: Machine, field: Field) -> Object | None:
    """The call of ``field(…)`` that describes a field."""
    held = machine.heap.get(field.owner.id, field.name)
    return held if isinstance(held, Object) and _is_field(held) else None


def default_of(machine: Machine, field: Field, place: Place | None) -> Value:
    """What a field is when nobody gives it."""
    settings = _settings(machine, field)
    if settings is not None:
        for name in ("default_factory", "factory"):
            factory = machine.heap.get(settings.id, name)
            if factory is not None and not isinstance(factory, Unknown | Nothing):
                return machine.call(factory, arguments(), place)
        default = machine.heap.get(settings.id, "default")
        absent = default is None or (isinstance(default, Library) and default.name == "builtins.Ellipsis")
        if not absent and default is not None:
            return default
    elif field.has_default:
        held = machine.heap.get(field.owner.id, field.name)
        return held if held is not None else machine.unknown("a field", place)
    if field.owner.marks & {"settings"} and field.kind in ("float", "int"):
        text = Text(None, taint=frozenset({"user"}))
        return machine.call(Library(f"builtins.{field.kind}"), arguments(text), place)
    return machine.unknown(f"the field {field.name} is not given", place)


# Checks ---------------------------------------------------------------------------------------------------------------


def checked(machine: Machine, made: Object, cls: Class, field: Field, value: Value, place: Place | None) -> Value:
    """A value after the conversion and the checks that its field asks for."""
    settings = _settings(machine, field)
    is_model = bool(cls.marks & {"model", "settings"})
    if is_model:
        value = as_annotated(machine, field, value, place)
    if is_model and field.kind in ("float", "int") and isinstance(value, Text | Unknown):
        value = machine.call(Library(f"builtins.{field.kind}"), arguments(value), place)
    if settings is not None:
        converter = machine.heap.get(settings.id, "converter")
        if converter is not None and not isinstance(converter, Unknown | Nothing):
            value = machine.narrow(machine.call(converter, arguments(value), place))
        value = _constrained(machine, settings, value)
        value = _validated(machine, made, machine.heap.get(settings.id, "validator"), value, place)
        value = _validated(machine, made, machine.heap.get(settings.id, "@check"), value, place)
    if is_model:
        for each in _annotated(machine, field):
            if isinstance(each, Object):
                value = _constrained(machine, each, value)
            elif isinstance(each, Library) and each.name in _SIGNS:
                value = bounded(value, _SIGNS[each.name])
        for check in _validators(machine, cls, field.name):
            result = machine.narrow(machine.call(check, _classed(check, cls, value), place))
            value = value if isinstance(result, Nothing | Unknown) else result
    return machine.narrow(value)


def _classed(check: Function, cls: Class, value: Value) -> Arguments:
    given: list[Value] = [cls, value]
    if "staticmethod" in check.marks:
        given = [value]
    return arguments(*given)


def _validators(machine: Machine, cls: Class, name: str) -> Iterator[Function]:
    for each in cls.mro:
        if isinstance(each, Class):
            for held in list(machine.heap.record(each.id).values()):
                if isinstance(held, Function) and f"{VALIDATES}{name}" in held.marks:
                    yield held


def _constrained(machine: Machine, settings: Object, value: Value) -> Value:
    """The bounds ``gt``, ``ge``, ``lt`` and ``le`` of a field."""
    for name in ("gt", "ge", "lt", "le"):
        limit = machine.heap.get(settings.id, name)
        if isinstance(limit, Number) and limit.value is not None:
            value = bounded(value, side(name, float(limit.value)))
    return value


def side(name: str, limit: float) -> Interval:
    """The numbers that are gt, ge, lt or le a limit."""
    if name in ("gt", "ge"):
        return Interval(limit, intervals.INFINITY, lo_open=name == "gt")
    return Interval(-intervals.INFINITY, limit, hi_open=name == "lt")


def _validated(machine: Machine, made: Object, validator: Value | None, value: Value, place: Place | None) -> Value:
    """Run a validator of attrs: one of the library's is an object that says what it is, one's own is called."""
    if validator is None or isinstance(validator, Nothing | Unknown):
        return value
    several = containers.items_of(machine, validator) if not isinstance(validator, Object | Function) else None
    if several is None and containers.is_list(validator):
        several = containers.items_of(machine, validator)
    if several is not None:
        for each in several.known:
            value = _validated(machine, made, each, value, place)
        return value
    if isinstance(validator, Object) and isinstance(validator.cls, Library):
        kind = validator.cls.name.rpartition(".")[2]
        operand = machine.heap.get(validator.id, "operand")
        if kind in ("gt", "ge", "lt", "le") and isinstance(operand, Number) and operand.value is not None:
            return bounded(value, side(kind, float(operand.value)))
        if kind in ("and_", "optional") and operand is not None:
            return _validated(machine, made, operand, value, place)
        members = containers.items_of(machine, operand) if kind == "in_" and operand is not None else None
        numbers = [each for each in members.known if isinstance(each, Number)] if members is not None else []
        if numbers and members is not None and len(numbers) == len(members.known):
            hull = numbers[0].range
            for number in numbers[1:]:
                hull = hull.hull(number.range)
            return bounded(value, hull)
        return value
    if isinstance(validator, Function | Bound | Partial):
        machine.call(validator, arguments(made, machine.unknown("a field", place), value), place)
    return value


def _annotated(machine: Machine, field: Field) -> list[Value]:
    """What an annotation says beside the type: ``Annotated[float, Field(gt=0)]``, ``confloat(gt=0)``."""
    found: list[tree.Expression] = []
    pending = [] if field.annotation is None else [field.annotation]
    while pending:
        each = pending.pop()
        if isinstance(each, tree.Call | tree.Attribute) or (isinstance(each, tree.Name) and each.id not in _KINDS):
            found.append(each)
        elif isinstance(each, tree.Subscript):
            pending.append(each.index)
        elif isinstance(each, tree.Display):
            pending.extend(each.items)
        elif isinstance(each, tree.Binary):
            pending.extend((each.left, each.right))
    return [each for each in _evaluated(machine, field, found) if not isinstance(each, Choice)]


def _evaluated(machine: Machine, field: Field, expressions: list[tree.Expression]) -> list[Value]:
    """Parts of an annotation, seen from the class that they stand in."""
    outer = machine.activation
    place = field.owner.place
    machine.activation = Activation(field.owner.id, place.path, place.segment, outer.site, captured=True)
    try:
        return [machine.narrow(machine.evaluate(each)) for each in expressions]
    finally:
        machine.activation = outer
