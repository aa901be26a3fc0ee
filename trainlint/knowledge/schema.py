"""The form of a knowledge file, checked when it is loaded.

A knowledge file maps qualified names to entries. A missing key means that nothing is known; a key that is not listed
here is an error with its place. Parameters are listed in order: ``name`` alone is required, ``{name: default}`` has a
default, ``*name`` collects the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cattrs
from attrs import field, frozen
from cattrs.errors import BaseValidationError

KINDS = (
    "function",  # called for its value
    "layer",  # an object that maps tensors to tensors
    "loss",  # prediction and target to a number; as function and, with `class`, as object
    "optimizer",
    "schedule",
    "wrapper",  # gives back the network it was given
    "class",  # an object whose methods are known
    "context",  # a context manager or decorator
    "decorator",  # gives back its function, marked
    "base",  # a class that is only inherited from
)
CONTENTS = ("number", "logits", "probabilities", "log-probabilities")


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

    ``applies`` is the activation that the loss applies itself; ``wants`` what the prediction must be: any number,
    logits, probabilities or log-probabilities.
    """

    wants: str
    applies: str | None = None
    axis: int | None = None
    prediction: str = "input"
    target: str = "target"
    with_logits: str | None = None  # the loss of the same kind that takes logits


@frozen
class Bounds:
    """Where a setting is usual: ``low`` to ``high``, and from ``never`` on surely a mistake; with its ``source``."""

    source: str
    low: float | None = None
    high: float | None = None
    never: float | None = None


@frozen
class Rate:
    """What a schedule makes of the rate that it is given.

    ``factors`` are the numbers, or the names of the parameters, that it is multiplied by; ``compounds`` says that it is
    multiplied again at every step. ``calls`` names the parameter that is called for the factor (or with ``absolute``
    for the rate) of a step. ``peak`` names the parameter that is the highest rate, whatever the optimizer was given.
    """

    factors: tuple[float | str, ...] = ()
    compounds: bool = False
    calls: str | None = None
    absolute: bool = False
    peak: str | None = None


@frozen
class Entry:
    """What is known of one name."""

    name: str = ""
    kind: str = "function"
    also: tuple[str, ...] = ()
    parameters: tuple[tuple[str, Any], ...] | None = None
    required: frozenset[str] = frozenset()
    op: str | None = None
    set: Mapping[str, Any] = field(factory=dict)
    roles: Mapping[str, str] = field(factory=dict)
    call: Operation | str | None = None
    weights: bool = False
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
    deep: bool = False  # a network of several layers by itself
    mark: str | None = None
    effect: str | None = None
    trigger: bool = False
    source: str | None = None

    @property
    def operation(self) -> Operation | None:
        return None if self.op is None else Operation(self.op, self.set, self.roles)


_converter = cattrs.Converter(forbid_extra_keys=True)
_converter.register_structure_hook(float | str, lambda value, _: value if isinstance(value, str) else float(value))
_RENAMED = {"class": "cls"}


def read_parameters(listed: list[Any]) -> tuple[tuple[tuple[str, Any], ...], frozenset[str]]:
    """Parameters in order with their defaults, and the names of those that have none."""
    parameters: list[tuple[str, Any]] = []
    required = set()
    for item in listed:
        if isinstance(item, str):
            parameters.append((item, None))
            required.add(item)
        else:
            parameters.extend(item.items())
    return tuple(parameters), frozenset(required)


def read_entry(name: str, raw: Mapping[str, Any]) -> Entry:
    """Structure one entry; raises `KnowledgeError` with the name of the entry and the field that does not fit."""
    values = {_RENAMED.get(key, key): value for key, value in raw.items()}
    unknown = set(values) - {attribute.name for attribute in Entry.__attrs_attrs__}
    if unknown:
        raise KnowledgeError(f"{name}: unknown key {sorted(unknown)[0]}")
    try:
        if "parameters" in values:
            values["parameters"], values["required"] = read_parameters(values["parameters"])
        for key in ("also", "bases"):
            if key in values:
                values[key] = tuple(str(item) for item in values[key])
        if isinstance(values.get("call"), Mapping):
            values["call"] = _converter.structure(values["call"], Operation)
        if "loss" in values:
            values["loss"] = _converter.structure(values["loss"], Loss)
        if "bounds" in values:
            values["bounds"] = {key: _converter.structure(spec, Bounds) for key, spec in values["bounds"].items()}
        if "rate" in values:
            values["rate"] = _converter.structure(values["rate"], Rate)
        if "methods" in values:
            values["methods"] = {
                method: read_entry(f"{name}.{method}", spec or {}) for method, spec in values["methods"].items()
            }
        entry = Entry(**{**values, "name": name})
    except (BaseValidationError, TypeError, ValueError, AttributeError) as error:
        raise KnowledgeError(f"{name}: {error}") from error
    if entry.kind not in KINDS:
        raise KnowledgeError(f"{name}: kind {entry.kind} is none of {', '.join(KINDS)}")
    if entry.loss is not None and entry.loss.wants not in CONTENTS:
        raise KnowledgeError(f"{name}: a loss wants one of {', '.join(CONTENTS)}, not {entry.loss.wants}")
    return entry
