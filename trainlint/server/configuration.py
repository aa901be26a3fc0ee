"""What the client has set for a folder: a layer over the settings files, and options of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from attrs import evolve, field, frozen

from trainlint.rules.catalogue import catalogue
from trainlint.server.options import Options, read_options
from trainlint.settings import Layer, SettingsError, read_layer


@frozen
class Configuration:
    """The two together."""

    layer: Layer = field(factory=Layer)
    options: Options = field(factory=Options)


def read(table: object, folder: Path) -> tuple[Configuration, list[str]]:
    """What a table says that has the keys of `trainlint.toml` and of the options, and what is wrong with it.

    Keys may be written as editors write theirs. What else editors keep there is passed over.
    """
    if not isinstance(table, Mapping):
        return Configuration(), []
    options, problems = read_options(table)
    known = {_key(name): value for name, value in table.items() if _key(name) in _KEYS and value is not None}
    layer = Layer()
    try:
        layer = read_layer(known, catalogue().vocabulary, folder, lambda keys: f"settings of the editor: {keys[0]}")
    except SettingsError as error:
        problems += error.problems
    return Configuration(layer if options.enable else evolve(layer, select=()), options), problems


def _key(name: object) -> str:
    """A name such as `minConfidence` as settings files have it."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", str(name)).lower()


_KEYS = frozenset(
    (
        "select",
        "ignore",
        "pedantic",
        "severity",
        "options",
        "per-file-ignores",
        "exclude",
        "fail-on",
        "min-confidence",
        "baseline",
        "knowledge",
    )
)
