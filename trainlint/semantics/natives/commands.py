"""Functions and classes whose arguments the user gives on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from trainlint.semantics import containers, records
from trainlint.semantics.attributes import PROPERTIES, find
from trainlint.semantics.classes import RECORDS
from trainlint.semantics.derived import bounded, opened, or_none
from trainlint.semantics.evidence import is_hidden, visible
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import INFINITY, Interval
from trainlint.semantics.machine import UNROLLED, Activation, Arguments, Given, PathEnds, arguments
from trainlint.semantics.natives.registry import first_of, native, nth
from trainlint.semantics.natives.settings import behind, parsed
from trainlint.semantics.values import (
    USER,
    Bound,
    Choice,
    Class,
    Flag,
    Function,
    Library,
    Mapping,
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
    number,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_DESCRIBED = ("typer.Option", "typer.Argument")
_DEEPEST = 4
_WITHOUT_VALUE: dict[str | None, Value] = {"store_true": Flag(False), "store_false": Flag(True), "count": number(0)}


@native("trainlint.with_options")
def _with_options(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Call a function, or make an instance, with arguments that the user may set."""
    target = first_of(machine, given)
    shown = visible(place, machine.activation.site)
    return machine.split(target, lambda one: invoked(machine, one, shown))


@native("trainlint.commands_of")
def _commands_of(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Run whatever a component offers as commands: a function, the methods of a class, the entries of a mapping."""
    target = first_of(machine, given)
    shown = visible(place, machine.activation.site)
    mapping = containers.mapping_of(machine, target)
    if mapping is not None:
        for _, each in mapping.items:
            _attempt(machine, each, shown)
        return machine.nothing
    if isinstance(target, Class):
        target = invoked(machine, target, shown)
    if isinstance(target, Object) and isinstance(target.cls, Class):
        for method in _public(machine, target.cls):
            _attempt(machine, Bound(method, target), shown)
        return machine.nothing
    return invoked(machine, target, shown)


def _attempt(machine: Machine, target: Value, place: Place | None) -> None:
    """One of several commands: that it ends does not keep the others from running."""
    start = machine.now.fork()
    try:
        invoked(machine, target, place)
    except PathEnds:
        machine.state = start


def _public(machine: Machine, cls: Class) -> Iterator[Function]:
    for name, held in list(machine.heap.record(cls.id).items()):
        if isinstance(held, Function) and not name.startswith(("_", "@")) and not held.marks & PROPERTIES:
            yield held


def invoked(machine: Machine, target: Value, place: Place | None, depth: int = 0) -> Value:
    """``target(…)`` with every argument set by the user."""
    if isinstance(target, Class):
        init = find(machine, target.mro, "__init__")
        if isinstance(init, Function):
            return machine.call(target, _options(machine, init, 1, place, depth), place)
        if target.marks & RECORDS:
            return machine.call(target, _fields(machine, target, None, place, depth), place)
        return machine.call(target, Arguments(), place)
    if isinstance(target, Bound) and isinstance(target.function, Function):
        return machine.call(target, _options(machine, target.function, 1, place, depth), place)
    if isinstance(target, Function):
        return machine.call(target, _options(machine, target, 0, place, depth), place)
    if isinstance(target, Partial) and isinstance(target.function, Function):
        given = _options(machine, target.function, len(target.positional), place, depth)
        held = {name for name, _ in target.keywords}
        return machine.call(target, Arguments((), tuple(pair for pair in given.keywords if pair[0] not in held)), place)
    if isinstance(target, Object) and isinstance(target.cls, Class):
        return machine.call(target, Arguments(), place)
    return machine.unknown("a command that was not followed", place, target)


def _options(machine: Machine, function: Function, skip: int, place: Place | None, depth: int) -> Arguments:
    defaults = dict(function.defaults)
    keywords = []
    for parameter in function.source.parameters[skip:]:
        if parameter.kind in ("sequence", "mapping", "positional"):
            continue
        default = defaults.get(parameter.name)
        value = _option(machine, function, parameter.name, parameter.annotation, default, place, depth)
        keywords.append((parameter.name, Given(value)))
    return Arguments((), tuple(keywords))


def _option(
    machine: Machine,
    owner: Function | Class,
    name: str,
    annotation: tree.Expression | None,
    default: Value | None,
    place: Place | None,
    depth: int,
) -> Value:
    """One argument, as its default and annotation describe it."""
    label = "--" + name.replace("_", "-")
    where = _place_of(default, owner, place)
    if isinstance(default, Object) and isinstance(default.cls, Class) and default.cls.marks & RECORDS:
        return _nested(machine, default.cls, default, where, depth)
    described = default if _is_description(default) else _described(machine, owner, annotation)
    low, high = -INFINITY, INFINITY
    if isinstance(described, Object):
        if described is default:
            held = machine.heap.get(described.id, "default")
            ellipsis = isinstance(held, Library) and held.name == "builtins.Ellipsis"
            default = None if held is None or ellipsis else held
        low = _limit(machine, described, "min", low)
        high = _limit(machine, described, "max", high)
    kind = records.kind_of(annotation)
    if not kind and default is None:
        cls = _class_of(machine, owner, annotation)
        if cls is not None:
            return _nested(machine, cls, None, where, depth)
    converter: Value = Library(f"builtins.{kind}") if kind else machine.nothing
    if isinstance(default, Choice):
        return machine.split(
            default, lambda one: parsed(machine, label, one, converter, machine.nothing, where, required=False)
        )
    required = default is None
    value = parsed(machine, label, default or machine.nothing, converter, machine.nothing, where, required=required)
    if (low, high) != (-INFINITY, INFINITY):
        value = bounded(value, Interval(low, high))
    return _called_back(machine, described, value, where) if isinstance(described, Object) else value


def _called_back(machine: Machine, described: Object, value: Value, place: Place | None) -> Value:
    """The value after the ``callback=`` of its option, which checks it or makes another of it."""
    callback = machine.heap.get(described.id, "callback")
    if not isinstance(callback, Function):
        return value
    before = [machine.nothing] * (len(callback.source.parameters) - 1)  # the context, and the option
    start = machine.now.fork()
    try:
        result = machine.narrow(machine.call(callback, arguments(*before, value), place))
    except PathEnds:
        machine.state = start
        return value
    return value if isinstance(result, Unknown | Nothing) else result


def _place_of(default: Value | None, owner: Function | Class, place: Place | None) -> Place | None:
    """Where an option is written: its default, else the function that takes it; of a library, where it is called."""
    origin = None if default is None else default.origin
    written = origin.place if origin is not None and origin.place is not None else owner.place
    return place if is_hidden(written) else written


def _is_description(value: Value | None) -> bool:
    return isinstance(value, Object) and isinstance(value.cls, Library) and value.cls.name in _DESCRIBED


def _limit(machine: Machine, described: Object, name: str, otherwise: float) -> float:
    held = machine.heap.get(described.id, name)
    return float(held.value) if isinstance(held, Number) and held.value is not None else otherwise


def _described(machine: Machine, owner: Function | Class, annotation: tree.Expression | None) -> Value | None:
    """The call in ``Annotated[float, typer.Option(min=0)]``."""
    if not isinstance(annotation, tree.Subscript) or not isinstance(annotation.index, tree.Display):
        return None
    for each in annotation.index.items[1:]:
        if isinstance(each, tree.Call):
            value = _evaluated(machine, owner, each)
            if _is_description(value):
                return value
    return None


def _class_of(machine: Machine, owner: Function | Class, annotation: tree.Expression | None) -> Class | None:
    if not isinstance(annotation, tree.Name | tree.Attribute):
        return None
    value = _evaluated(machine, owner, annotation)
    return value if isinstance(value, Class) and value.marks & RECORDS else None


def _evaluated(machine: Machine, owner: Function | Class, expression: tree.Expression) -> Value:
    """An annotation, seen from where it is written."""
    frame = owner.frame if isinstance(owner, Function) else owner.id
    outer = machine.activation
    place = owner.place
    machine.activation = Activation(frame, place.path, place.segment, outer.site, captured=True)
    try:
        return machine.narrow(machine.evaluate(expression))
    finally:
        machine.activation = outer


def _nested(machine: Machine, cls: Class, instance: Object | None, place: Place | None, depth: int) -> Value:
    if depth >= _DEEPEST:
        return instance if instance is not None else machine.unknown("settings that are nested too deep", place)
    return machine.call(cls, _fields(machine, cls, instance, place, depth + 1), place)


def _fields(machine: Machine, cls: Class, instance: Object | None, place: Place | None, depth: int) -> Arguments:
    """The fields of a class as options; those of an instance are the defaults."""
    keywords = []
    for field in records.fields(machine, cls):
        default = None if instance is None else machine.heap.get(instance.id, field.name)
        if default is None:
            default = records.default_of(machine, field, place)
        if isinstance(default, Unknown):
            default = None
        value = _option(machine, field.owner, field.name, field.annotation, default, place, depth)
        keywords.append((field.name, Given(value)))
    return Arguments((), tuple(keywords))


@native("trainlint.records_from_user")
def _records_from_user(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Instances of one dataclass or of several, every field set by the user."""
    shown = visible(place, machine.activation.site)
    target = first_of(machine, given)
    several = containers.items_of(machine, target) if not isinstance(target, Class) else Sequence((target,))
    if several is None or not several.exact:
        return machine.unknown("dataclasses that were not followed", place, target)
    return Sequence(tuple(invoked(machine, each, shown) for each in several.head))


@native("trainlint.records_from_data")
def _records_from_data(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``records_from_data(classes, data)``: instances of one dataclass or of several from a dictionary."""
    shown = visible(place, machine.activation.site)
    target, data = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    several = containers.items_of(machine, target) if not isinstance(target, Class) else Sequence((target,))
    if several is None or not several.exact or not all(isinstance(each, Class) for each in several.head):
        return machine.unknown("dataclasses that were not followed", place, target)

    def made(content: Value) -> Value:
        classes = (each for each in several.head if isinstance(each, Class))
        return Sequence(tuple(records.from_data(machine, each, content, shown) for each in classes))

    return machine.split(data, made)


@native("trainlint.add_option")
def _add_option(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``add_option(options, names, settings)``: enter what `add_argument` describes; its attribute's name."""
    options, names = first_of(machine, given), nth(machine, given, 1)
    told = containers.mapping_of(machine, nth(machine, given, 2) or machine.nothing) or Mapping(())
    settings = {key.text: machine.narrow(each) for key, each in told.items if isinstance(key, Text) and key.text}
    label, key, positional = _flag_names(machine, names or machine.nothing, settings.get("dest"), place)
    value = _described_option(machine, label, settings, positional, visible(place, machine.activation.site))
    if isinstance(options, Object) and value is not None:
        containers.put(machine, options, key, value)
    return key


def _flag_names(machine: Machine, names: Value, dest: Value | None, place: Place | None) -> tuple[str, Value, bool]:
    """How an option is called, the attribute that holds it, and whether it has no dash."""
    written = names.head if isinstance(names, Sequence) and names.exact else ()
    known = [each.text for each in written if isinstance(each, Text) and each.text is not None]
    if not written and isinstance(dest, Text):
        return dest.text or "", dest, True
    if not known or len(known) < len(written):
        unknown = machine.unknown("an option whose name is not known", place, names)
        return "", dest if isinstance(dest, Text) else unknown, False
    name = next((each for each in known if each.startswith("--")), known[0])
    attribute = Text(name.lstrip("-").replace("-", "_") if name.startswith("-") else name)
    return name, dest if isinstance(dest, Text) else attribute, not name.startswith("-")


def _described_option(
    machine: Machine, label: str, settings: dict[str, Value], positional: bool, place: Place | None
) -> Value | None:
    """What an option gives; None for one that ends the program."""
    action, count = settings.get("action", machine.nothing), settings.get("nargs", machine.nothing)
    default = settings.get("default", machine.nothing)
    const = settings.get("const", machine.nothing)
    absent = isinstance(default, Nothing)
    kind = action.text if isinstance(action, Text) else None
    if kind in ("version", "help"):
        return None
    if kind == "store_const":
        return behind(label, default, const, place)
    if kind == "append_const":
        return behind(label, default, containers.new_list(machine, Sequence((const,), kind="list"), place), place)
    if kind in _WITHOUT_VALUE:
        return opened(machine, _WITHOUT_VALUE[kind] if absent else default, label, place)
    if not isinstance(action, Nothing) and kind not in ("store", "append", "extend"):
        return opened(machine, default, label, place)
    several = kind in ("append", "extend") or not _is_text(count, "?")
    if several and not absent:
        return opened(machine, default, label, place)
    required = settings.get("required")
    must = (positional and (isinstance(count, Nothing) or not _is_text(count, "?", "*"))) or several
    must = must or (isinstance(required, Flag) and required.truth is True)
    converter, choices = settings.get("type", machine.nothing), settings.get("choices", machine.nothing)

    def one(default: Value) -> Value:
        return parsed(machine, label, default, converter, choices, place, required=must)

    value = machine.split(default, one)
    if not several:
        return value
    if isinstance(count, Number) and isinstance(count.value, int) and count.value < UNROLLED:
        return containers.new_list(machine, Sequence((value,) * count.value, kind="list"), place)
    if _is_text(count, "+", "*"):
        return Unknown(why="values that the user lists", origin=Node("unknown", place), taint=USER)
    return containers.new_list(machine, Sequence((value,), kind="list"), place)


def _is_text(value: Value, *texts: str) -> bool:
    """Whether a value is one of these texts, or None."""
    return isinstance(value, Nothing) or (isinstance(value, Text) and value.text in texts)


@native("trainlint.optional")
def _optional(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``optional(value, label)``: None unless the user gives the option."""
    value, label = first_of(machine, given), nth(machine, given, 1)
    name = label.text or "" if isinstance(label, Text) else ""
    if isinstance(value, Nothing):
        return value
    origin = value.origin or Node("user", visible(place, machine.activation.site), label=name)
    return or_none(evolve(value, origin=origin), origin, name)


@native("trainlint.save_hyperparameters")
def _save_hyperparameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Keep the arguments of the method that calls this as attributes of one attribute, ``hparams``."""
    function = machine.activation.function
    if function is None or not function.source.parameters:
        return machine.nothing
    held = {each.name: machine.heap.get(machine.activation.frame, each.name) for each in function.source.parameters}
    owner = machine.narrow(held.pop(function.source.parameters[0].name) or machine.nothing)
    values = {name: Given(value) for name, value in held.items() if value is not None}
    for parameter in function.source.parameters:
        rest = containers.mapping_of(machine, values[parameter.name].value) if parameter.kind == "mapping" else None
        for key, value in rest.items if rest is not None else ():
            if isinstance(key, Text) and key.text is not None:
                values[key.text] = Given(value)
    whole = first_of(machine, given)
    if isinstance(whole, Object):
        machine.set_attribute(owner, "hparams", whole)
        return machine.nothing
    table = machine.program.library(machine, "easydict.EasyDict")
    made = machine.call(table, Arguments((), tuple(values.items())), place)
    machine.set_attribute(owner, "hparams", made)
    return machine.nothing
