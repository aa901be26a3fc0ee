"""Iterators over iterators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import items_or_unknown, native
from trainlint.semantics.values import (
    Parameters,
    Place,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("itertools.chain")
def _chain(machine: Machine, given: Arguments, place: Place | None) -> Value:
    result: Value | None = None
    for each in given.positional:
        if isinstance(each.value, Parameters):
            if isinstance(result, Parameters):
                result = Parameters(result.owners | each.value.owners, result.complete and each.value.complete)
            else:
                result = each.value
            continue
        items = items_or_unknown(machine, each.value, place)
        result = items if not isinstance(result, Sequence) else containers.concatenated(machine, result, items)
    return result if result is not None else Sequence()
