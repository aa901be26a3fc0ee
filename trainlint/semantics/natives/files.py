"""Files of the project that are read as data: settings in JSON, YAML, TOML and INI."""

from __future__ import annotations

import ast
import configparser
import functools
import json
import math
import posixpath
import re
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import yaml

from trainlint.semantics import containers
from trainlint.semantics.derived import opened
from trainlint.semantics.evidence import visible
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import first_of, native, nth
from trainlint.semantics.values import (
    Choice,
    Flag,
    Library,
    Node,
    Object,
    Place,
    Sequence,
    Text,
    Unknown,
    Value,
    identity,
    number,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

FILE = frozenset({"file"})
OPEN_FILE = Library("builtins.open")
LARGEST = 1_000_000  # characters of a file of settings
MOST = 5_000  # values in one
TEXT = "text"  # the attribute in which objects that stand for a path or a file hold it
_ANYWHERE = re.compile(r"^[a-z]+://")


# Paths and contents ---------------------------------------------------------------------------------------------------


def path_of(machine: Machine, value: Value) -> Text | None:
    """The path that a text, a path object or an open file means."""
    if isinstance(value, Text):
        return value
    held = machine.heap.get(value.id, TEXT) if isinstance(value, Object) else None
    return held if isinstance(held, Text) else None


def locate(machine: Machine, path: str) -> str | None:
    """The file of the project that a path means: seen from the project's folder, the script's, and those above."""
    if _ANYWHERE.match(path):
        return None
    program = machine.program
    for folder in ("", *program.folders):
        candidate = posixpath.normpath(posixpath.join(folder, path))
        if is_inside(candidate, program.root) and program.sources.exists(candidate):
            return candidate
    return None


def is_inside(path: str, root: str) -> bool:
    """Whether a path lies in the project: below the working directory, or near a script that itself lies outside."""
    if not path.startswith(("/", "..")):
        return True
    near = posixpath.dirname(posixpath.dirname(root))
    return root.startswith(("/", "..")) and near not in ("", "/") and path.startswith(near + "/")


def read(machine: Machine, value: Value, place: Place | None) -> Text | Unknown:
    """The content of the file that a path means; of a path that the user may set, what ships."""
    path = path_of(machine, value)
    if path is None or path.value is None:
        taint = FILE | (path.taint if path is not None else value.taint)
        return Unknown(why="a file whose path is not known", origin=Node("unknown", place), taint=taint)
    found = locate(machine, path.value)
    source = None if found is None else machine.program.source(found)
    if source is None or source.problem is not None or len(source.original) > LARGEST:
        why = f"{path.value} is not in the project"
        return Unknown(why=why, origin=Node("unknown", place), taint=FILE | path.taint)
    content = source.original.decode("utf-8", "replace")
    origin = Node("file", place, label=found or "")
    if path.text is None:
        return Text(None, content, origin=origin, taint=path.taint | FILE)
    return Text(content, origin=origin)


@native("builtins.open", "io.open", "codecs.open", "gzip.open")
def _open(machine: Machine, given: Arguments, place: Place | None) -> Value:
    made = machine.allocate(OPEN_FILE, place)
    path = path_of(machine, first_of(machine, given))
    machine.heap.set(made.id, TEXT, path if path is not None else Text(None))
    return made


@native("trainlint.read_text", "builtins.open.read", "builtins.open.readlines", "builtins.open.readline")
def _read_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return read(machine, first_of(machine, given), visible(place, machine.activation.site))


@native("builtins.open.write", "builtins.open.close", "builtins.open.flush", "builtins.open.seek")
def _write(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.nothing


@native("os.path.exists", "os.path.isfile")
def _exists(machine: Machine, given: Arguments, place: Place | None) -> Value:
    path = path_of(machine, first_of(machine, given))
    found = path is not None and path.text is not None and locate(machine, path.text) is not None
    return Flag(True) if found else Flag(None)


# Formats --------------------------------------------------------------------------------------------------------------


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Yaml12(_Loader):  # type: ignore[misc]
    """YAML in which ``1e-3`` is a number, as OmegaConf and ruamel read it."""


Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:float"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}
Yaml12.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(
        r"^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
        r"|[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
    list("-+0123456789."),
)


def _ini(text: str) -> Any:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    return {section: dict(parser[section]) for section in (*parser.sections(), "DEFAULT")}


_READERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "yaml": lambda text: yaml.load(text, Loader=_Loader),
    "yaml12": lambda text: yaml.load(text, Loader=Yaml12),
    "toml": tomllib.loads,
    "ini": _ini,
    "python": ast.literal_eval,
}
_WRONG = (ValueError, SyntaxError, yaml.YAMLError, configparser.Error, RecursionError)


@functools.lru_cache(maxsize=32)
def _data(form: str, content: str) -> Any:
    """What a reader makes of a text; many units read the same files, and nobody changes what is returned."""
    return _READERS[form](content)


def parse(machine: Machine, form: str, content: Value, place: Place | None) -> Value:
    """The data in a text; of a text that only ships, values that only ship."""
    if isinstance(content, Choice):
        return machine.split(content, lambda one: parse(machine, form, one, place))
    if not isinstance(content, Text) or content.value is None or len(content.value) > LARGEST:
        why = content.why if isinstance(content, Unknown) else "data that was not followed"
        return Unknown(why=why, origin=content.origin, taint=content.taint)
    try:
        data = _data(form, content.value)
    except _WRONG:
        return machine.unknown(f"data that is no {form}", place)
    name = identity(content.origin).label if content.origin is not None else ""
    budget = [MOST]
    value = as_value(machine, data, name, place, budget)
    if content.text is None:
        return opened(machine, value, name, place, content.taint)
    return value


def as_value(machine: Machine, data: Any, name: str, place: Place | None, budget: list[int], key: str = "") -> Value:
    """Plain data as values that know from where they are."""
    budget[0] -= 1
    if budget[0] < 0:
        return machine.unknown("a file with too many values", place)
    origin = Node("file", place, label=f"{key} in {name}" if key and name else name or key)
    if isinstance(data, dict):
        pairs = tuple(
            (_key(each), as_value(machine, held, name, place, budget, f"{key}.{each}" if key else str(each)))
            for each, held in data.items()
        )
        return containers.new_dict(machine, pairs, None, place)
    if isinstance(data, list):
        items = tuple(as_value(machine, each, name, place, budget, key) for each in data)
        return containers.new_list(machine, Sequence(items), place)
    if isinstance(data, bool):
        return Flag(data, origin=origin)
    if isinstance(data, int | float):
        return number(data, origin) if not (isinstance(data, float) and math.isnan(data)) else number(data)
    if data is None:
        return machine.nothing
    return Text(data, origin=origin) if isinstance(data, str) else Text(None)


def _key(key: Any) -> Value:
    if isinstance(key, int | float) and not isinstance(key, bool):
        return number(key)
    return Text(str(key))


def _form(machine: Machine, given: Arguments, place: Place | None, form: str) -> Value:
    """What a reader makes of an open file, or of a text that is the data itself."""
    value = first_of(machine, given)
    shown = visible(place, machine.activation.site)
    if isinstance(value, Choice):
        return machine.split(value, lambda one: _content(machine, one, form, shown))
    return _content(machine, value, form, shown)


def _content(machine: Machine, value: Value, form: str, place: Place | None) -> Value:
    content = read(machine, value, place) if isinstance(value, Object) else value
    return parse(machine, form, content, place)


@native("json.load", "json.loads", "orjson.loads", "ujson.loads", "ujson.load", "simplejson.load", "simplejson.loads")
def _json(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _form(machine, given, place, "json")


@native("yaml.safe_load", "yaml.load", "yaml.full_load", "yaml.unsafe_load", "oyaml.safe_load", "oyaml.load")
def _yaml(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _form(machine, given, place, "yaml")


@native("tomllib.load", "tomllib.loads", "tomli.load", "tomli.loads", "toml.loads", "rtoml.loads", "tomlkit.loads")
def _toml(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _form(machine, given, place, "toml")


@native("toml.load", "rtoml.load", "tomlkit.load", "pytoml.load")
def _toml_path(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return _from_path(machine, given, place, "toml")


def _from_path(machine: Machine, given: Arguments, place: Place | None, form: str) -> Value:
    shown = visible(place, machine.activation.site)
    return machine.split(first_of(machine, given), lambda one: parse(machine, form, read(machine, one, shown), shown))


@native("ast.literal_eval", "builtins.eval")
def _literal(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The literal that a text is; of a text that the user types, its own value is what ships."""
    return machine.split(first_of(machine, given), lambda one: parse(machine, "python", one, place))


@native("trainlint.load_file")
def _load_file(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``load_file(path, form)``: the data in a file."""
    form = nth(machine, given, 1)
    return _from_path(machine, given, place, form.text or "json" if isinstance(form, Text) else "json")


@native("trainlint.parse_text")
def _parse_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``parse_text(text or file, form)``: the data in a text."""
    form = nth(machine, given, 1)
    return _form(machine, given, place, form.text or "json" if isinstance(form, Text) else "json")
