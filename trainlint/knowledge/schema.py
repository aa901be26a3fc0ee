"""The form of a knowledge file, checked when it is loaded.

A knowledge file maps qualified names to entries. A missing key means that nothing is known; a key that is not listed
here is an error with its place. Parameters are listed in order: ``name`` alone is required, ``{name: default}`` has a
default, ``*name`` collects the rest.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import cattrs
from attrs import field, frozen
from cattrs.errors import BaseValidationError

from trainlint.settings.nearest import suggestion

KINDS = (
    "function",  # called for its value
    "layer",  # an object that maps tensors to tensors
    "transform",  # an object that is called with samples of data
    "loss",  # prediction and target to a number; as function and, with `class`, as object
    "optimizer",
    "schedule",
    "wrapper",  # gives back the network it was given
    "class",  # an object whose methods are known
    "context",  # a context manager or decorator
    "decorator",  # gives back its function, marked
    "base",  # a class that is only inherited from
)
SILENT = ("scores", "distances", "features", "rates", "anything")
CONTENTS = ("number", "logits", "probabilities", "log-probabilities", "log-distribution", *SILENT)


class KnowledgeError(Exception):
    """A knowledge file does not fit this schema; the message names the entry and the field."""


@frozen
class Operation:
    """A primitive with constant settings and the parameters that play its roles."""

    op: str
    set: Mapping[str, Any] = field(factory=dict)
    roles: Mapping[str, str] = field(factory=dict)
    inputs: tuple[str, ...] = ("input",)


@frozen
class Loss:
    """What a loss does to its prediction and wants of it.

    ``applies`` is the activation that the loss applies itself; ``wants`` what the prediction must be: any number that
    the target can be, logits, probabilities or log-probabilities; scores, distances, features and rates are not
    compared with a target of their kind. ``range`` is that of the loss itself. ``when`` names parameters on which the
    rest depends: for each of their values, None among them, what is different; for any other value nothing is known.
    """

    wants: str
    applies: str | None = None
    distribution: str | None = None  # categorical: one of n classes; bernoulli: each unit by itself
    axis: int | None = None
    prediction: str = "input"
    target: str = "target"
    with_logits: str | None = None  # the loss of the same kind that takes logits
    for_one_unit: str | None = None  # the loss for the same targets if there are two classes and one output
    for_choice: str | None = None  # the loss for targets of the same shape if they are one choice among the units
    range: tuple[float, float] = (0.0, math.inf)
    when: Mapping[str, Mapping[Any, Mapping[str, Any]]] = field(factory=dict)


@frozen
class Bounds:
    """Where a setting is usual: ``low`` to ``high``, and from ``never`` on surely a mistake; with its ``source``."""

    source: str
    low: float | None = None
    high: float | None = None
    never: float | None = None


@frozen
class Family:
    """What entries of one kind in one file have in common: the class they descend from, and the method that works."""

    base: str
    method: str = "__call__"


@frozen
class Rate:
    """What a schedule makes of the rate that it is given.

    ``factors`` are the numbers, or the names of the parameters, that it is multiplied by; ``compounds`` says that it is
    multiplied again at every step. ``calls`` names the parameter that is called for the factor (or with ``absolute``
    for the rate) of a step. ``peak`` names the parameter that is the highest rate, whatever the optimizer was given.
    ``base`` names the one that stands for the rate of the optimizer that it is given to.
    """

    factors: tuple[float | str, ...] = ()
    compounds: bool = False
    calls: str | None = None
    absolute: bool = False
    peak: str | None = None
    base: str | None = None


@frozen
class Entry:
    """What is known of one name."""

    name: str = ""
    kind: str = "function"
    also: tuple[str, ...] = ()
    also_in_place: tuple[str, ...] = ()  # the same, written into the first argument
    parameters: tuple[tuple[str, Any], ...] | None = None
    required: frozenset[str] = frozenset()
    op: str | None = None
    set: Mapping[str, Any] = field(factory=dict)
    roles: Mapping[str, str] = field(factory=dict)
    call: Operation | str | None = None
    then: str | None = None  # the parameter of a layer that is called, or names what is called, on its result
    strings: tuple[str, ...] = ()  # what stands for it where a framework takes a string
    renamed: Mapping[str, str] = field(factory=dict)  # parameters under their old names, and what they are called now
    weights: bool = False
    dense: tuple[str, ...] = ()  # parameters that are the numbers of values that go in and come out, all connected
    drops: tuple[str, ...] = ()  # parameters that are the probability of dropping a value
    keeps: tuple[str, ...] = ()  # those that are the probability of keeping one
    guards: bool | tuple[str, ...] = False  # it stands against overfitting, or with one of these parameters it does
    in_place: bool | str = False
    stub: str | None = None
    bases: tuple[str, ...] = ()
    wraps: str | None = None
    cls: str | None = None
    called: int = 2
    loss: Loss | None = None
    methods: Mapping[str, Entry] = field(factory=dict)
    bounds: Mapping[str, Bounds] = field(factory=dict)
    rate: Rate | None = None
    state: str | None = None  # the parameter of an optimizer without which it remembers nothing
    modal: bool = False  # it does something else in training mode
    chain: bool = False  # it calls its items one after the other
    deep: bool = False  # a network of several layers by itself
    mark: str | None = None
    effect: str | None = None
    attributes: Mapping[str, Any] = field(factory=dict)  # tensors of an object: their ranges, or descriptions of data
    trigger: bool | str = False  # whoever mentions it may do something wrong; "here": only where it is mentioned
    source: str | None = None
    family: Family | None = None

    @property
    def operation(self) -> Operation | None:
        return None if self.op is None else Operation(self.op, self.set, self.roles)


_converter = cattrs.Converter(forbid_extra_keys=True)
_converter.register_structure_hook(float | str, lambda value, _: value if isinstance(value, str) else float(value))
_RENAMED = {"class": "cls"}


_FORMS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "kind": ((str,), "a word"),
    "also": ((list,), "a list of names"),
    "also_in_place": ((list,), "a list of names"),
    "attributes": ((dict, list), "names of attributes"),
    "parameters": ((list,), "a list"),
    "op": ((str,), "a name"),
    "set": ((dict,), "a mapping"),
    "roles": ((dict,), "a mapping"),
    "call": ((str, dict), "a name or a mapping"),
    "then": ((str,), "the name of a parameter"),
    "strings": ((list,), "a list of words"),
    "renamed": ((dict,), "a mapping of names"),
    "weights": ((bool,), "true or false"),
    "dense": ((list,), "a list of parameters"),
    "drops": ((list,), "a list of parameters"),
    "keeps": ((list,), "a list of parameters"),
    "guards": ((bool, list), "true or a list of parameters"),
    "in_place": ((bool, str), "true, false or the name of a parameter"),
    "stub": ((str,), "a name"),
    "bases": ((list,), "a list of names"),
    "wraps": ((str,), "a name"),
    "class": ((str,), "a name"),
    "called": ((int,), "a number"),
    "loss": ((dict,), "a mapping"),
    "methods": ((dict,), "a mapping"),
    "bounds": ((dict,), "a mapping"),
    "rate": ((dict,), "a mapping"),
    "state": ((str,), "the name of a parameter"),
    "modal": ((bool,), "true or false"),
    "chain": ((bool,), "true or false"),
    "deep": ((bool,), "true or false"),
    "mark": ((str,), "a word"),
    "effect": ((str,), "a word"),
    "trigger": ((bool, str), "true, false or here"),
    "source": ((str,), "a text"),
}


def read_parameters(name: str, listed: list[Any]) -> tuple[tuple[tuple[str, Any], ...], frozenset[str]]:
    """Parameters in order with their defaults, and the names of those that have none."""
    parameters: list[tuple[str, Any]] = []
    required = set()
    for item in listed:
        if isinstance(item, str):
            parameters.append((item, None))
            required.add(item)
        elif isinstance(item, dict) and all(isinstance(key, str) for key in item):
            parameters.extend(item.items())
        else:
            raise KnowledgeError(f"{name}: `parameters` must be names, or names with a default, not {item!r}")
    return tuple(parameters), frozenset(required)


def read_entry(name: str, raw: Mapping[str, Any]) -> Entry:
    """Structure one entry; raises `KnowledgeError` with the name of the entry and the field that does not fit."""
    for key, value in raw.items():
        if key not in _FORMS:
            raise KnowledgeError(f"{name}: unknown key `{key}`{suggestion(str(key), _FORMS)}")
        types, words = _FORMS[key]
        if not isinstance(value, types):
            raise KnowledgeError(f"{name}: `{key}` must be {words}")
    values = {_RENAMED.get(key, key): value for key, value in raw.items()}
    if "parameters" in values:
        values["parameters"], values["required"] = read_parameters(name, values["parameters"])
    for key in ("also", "also_in_place", "bases", "strings", "dense", "drops", "keeps"):
        if key in values:
            values[key] = tuple(str(item) for item in values[key])
    if isinstance(values.get("guards"), list):
        values["guards"] = tuple(str(item) for item in values["guards"])
    for key, kind in (("call", Operation), ("loss", Loss), ("rate", Rate)):
        if isinstance(values.get(key), dict):
            values[key] = _structured(name, key, values[key], kind)
    if "bounds" in values:
        values["bounds"] = {
            key: _structured(name, f"bounds.{key}", spec, Bounds) for key, spec in values["bounds"].items()
        }
    if "methods" in values:
        values["methods"] = {
            method: read_entry(f"{name}.{method}", _mapping(f"{name}.{method}", spec))
            for method, spec in values["methods"].items()
        }
    entry = Entry(**{**values, "name": name})
    if entry.kind not in KINDS:
        raise KnowledgeError(f"{name}: `kind` must be one of {', '.join(KINDS)}, not {entry.kind}")
    if entry.loss is not None and entry.loss.wants not in CONTENTS:
        raise KnowledgeError(f"{name}: `loss.wants` must be one of {', '.join(CONTENTS)}, not {entry.loss.wants}")
    return entry


def read_family(kind: str, raw: object) -> Family:
    """Structure one item of a file's ``families``."""
    made: Family = _structured("families", kind, raw, Family)
    return made


def _mapping(name: str, spec: object) -> Mapping[str, Any]:
    if spec is None:
        return {}
    if not isinstance(spec, dict):
        raise KnowledgeError(f"{name}: an entry is a mapping")
    return spec


def _structured(name: str, key: str, value: object, kind: type[Any]) -> Any:
    try:
        return _converter.structure(value, kind)
    except (BaseValidationError, TypeError, ValueError, AttributeError) as error:
        reasons = "; ".join(sorted(cattrs.transform_error(error, path=key)))
        raise KnowledgeError(f"{name}: `{key}`: {reasons}") from error
