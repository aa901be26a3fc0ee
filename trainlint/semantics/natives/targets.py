"""Objects that data describes, and configurations that are composed from files: Hydra's two halves."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import yaml

from trainlint.semantics import containers
from trainlint.semantics.derived import opened
from trainlint.semantics.evidence import visible
from trainlint.semantics.machine import Arguments, Given
from trainlint.semantics.natives.files import Yaml12, as_value, is_inside
from trainlint.semantics.natives.registry import first_of, native, nth
from trainlint.semantics.values import (
    USER,
    Flag,
    Function,
    Mapping,
    Object,
    Partial,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_SETTINGS = frozenset({"_target_", "_partial_", "_recursive_", "_convert_", "_args_"})
_MOST_VALUES = 5_000
_DEEPEST = 8


# Objects --------------------------------------------------------------------------------------------------------------


@native("trainlint.made_from")
def _made_from(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``made_from(config, args, kwargs)``: what the ``_target_`` of a configuration makes of the rest of it."""
    shown = visible(place, machine.activation.site)
    args = containers.items_of(machine, nth(machine, given, 1) or Sequence()) or Sequence()
    kwargs = containers.mapping_of(machine, nth(machine, given, 2) or Mapping()) or Mapping()
    positional = tuple(Given(each, shown) for each in args.head)
    keywords = {key.text: value for key, value in kwargs.items if isinstance(key, Text) and key.text is not None}
    return machine.split(first_of(machine, given), lambda one: _make(machine, one, positional, keywords, shown, 0))


def _make(
    machine: Machine,
    config: Value,
    positional: tuple[Given, ...],
    keywords: dict[str, Value],
    place: Place | None,
    depth: int,
) -> Value:
    mapping = containers.mapping_of(machine, config)
    if mapping is None or depth > _DEEPEST:
        return machine.unknown("a configuration that was not followed", place, config)
    entries = {key.text: value for key, value in mapping.items if isinstance(key, Text) and key.text is not None}
    target = entries.get("_target_")
    if not isinstance(target, Text) or target.value is None:
        return config if target is None else machine.unknown("a target that is not known", place, target)
    function = named(machine, target.value)
    values = {
        name: _inner(machine, value, place, depth) for name, value in entries.items() if name not in _SETTINGS
    } | keywords
    arguments = Arguments(positional, tuple((name, Given(value, place)) for name, value in values.items()))
    later = keywords.get("_partial_", entries.get("_partial_"))
    if isinstance(later, Flag) and (later.truth or later.shipped):
        given = tuple((name, value) for name, value in values.items() if name != "_partial_")
        return Partial(function, tuple(each.value for each in positional), given)
    return machine.call(function, arguments, place)


def _inner(machine: Machine, value: Value, place: Place | None, depth: int) -> Value:
    if isinstance(value, Object) and containers.is_dict(value):
        return _make(machine, value, (), {}, place, depth + 1)
    return value


def named(machine: Machine, name: str) -> Value:
    """What a dotted name means: of the project first, else of a library."""
    program = machine.program
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        path = program.find(".".join(parts[:count]), program.root)
        if path is None:
            continue
        value: Value = program.module(machine, path)
        for part in parts[count:]:
            value = machine.attribute(value, part, None)
        if not isinstance(value, Unknown):
            return value
    return program.library(machine, name)


@native("importlib.import_module")
def _import_module(machine: Machine, given: Arguments, place: Place | None) -> Value:
    name = first_of(machine, given)
    if not isinstance(name, Text) or name.text is None or name.text.startswith("."):
        return machine.unknown("a module whose name is not known", place, name)
    path = machine.program.find(name.text, machine.program.root)
    return machine.program.module(machine, path) if path is not None else machine.program.library(machine, name.text)


# Composition ----------------------------------------------------------------------------------------------------------


@native("trainlint.composed")
def _composed(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``composed(function, folder, name)``: the configuration that the files beside a function make together."""
    function, folder, name = first_of(machine, given), nth(machine, given, 1), nth(machine, given, 2)
    shown = visible(place, machine.activation.site)
    if not isinstance(name, Text) or name.value is None:
        return Unknown(why="a configuration whose name is not known", taint=frozenset({"file"}))
    path = function.place.path if isinstance(function, Function) else machine.program.root
    base = posixpath.dirname(path)
    where = folder.value if isinstance(folder, Text) and folder.value is not None else "."
    data = _file(machine, posixpath.normpath(posixpath.join(base, where)), name.value, 0)
    if data is None:
        why = f"{posixpath.join(where, name.value)}.yaml is not in the project"
        return Unknown(why=why, taint=frozenset({"file"}))
    data = _resolved(data, data, 0)
    value = as_value(machine, data, f"{name.value.removesuffix('.yaml')}.yaml", shown, [_MOST_VALUES])
    return opened(machine, value, "", shown, USER)


def _file(machine: Machine, folder: str, name: str, depth: int) -> dict[str, Any] | None:
    """One file with those that its defaults list names merged in."""
    if depth > _DEEPEST:
        return None
    path = posixpath.normpath(posixpath.join(folder, name.removesuffix(".yaml") + ".yaml"))
    source = machine.program.source(path) if is_inside(path, machine.program.root) else None
    if source is None or source.problem is not None:
        return None
    try:
        data = yaml.load(source.original.decode("utf-8", "replace"), Loader=Yaml12)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return {} if data is None else None
    listed = data.pop("defaults", [])
    own = {str(key): value for key, value in data.items()}
    result: dict[str, Any] = {}
    merged_self = False
    for group, choice in _listed(listed):
        if choice == "_self_" and not group:
            _merge(result, own)
            merged_self = True
            continue
        part = _file(machine, posixpath.join(folder, group) if group else folder, choice, depth + 1)
        if part is None:
            continue
        for key in reversed([each for each in group.split("/") if each]):
            part = {key: part}
        _merge(result, part)
    if not merged_self:
        _merge(result, own)
    return result


def _listed(listed: Any) -> Iterator[tuple[str, str]]:
    """The entries of a defaults list: a group and the choice in it."""
    for each in listed if isinstance(listed, list) else []:
        if isinstance(each, str):
            folder, _, name = each.lstrip("/").rpartition("/")
            yield (folder, name) if each != "_self_" else ("", each)
        elif isinstance(each, dict):
            for group, choice in each.items():
                name = str(group).replace("override ", "").replace("optional ", "").partition("@")[0].lstrip("/")
                if isinstance(choice, str) and not name.startswith("hydra"):
                    yield name, choice


def _merge(target: dict[str, Any], other: dict[str, Any]) -> None:
    for key, value in other.items():
        held = target.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            target[key] = value


def _resolved(value: Any, whole: dict[str, Any], depth: int) -> Any:
    """Interpolations such as ``${train.lr}`` replaced; those of resolvers stay text."""
    if depth > _DEEPEST:
        return value
    if isinstance(value, dict):
        return {key: _resolved(each, whole, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, whole, depth + 1) for each in value]
    if isinstance(value, str) and value.startswith("${") and value.endswith("}") and ":" not in value:
        found: Any = whole
        for part in value[2:-1].lstrip(".").split("."):
            if not isinstance(found, dict) or part not in found:
                return value
            found = found[part]
        return _resolved(found, whole, depth + 1)
    return value
