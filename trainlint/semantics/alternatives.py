"""Alternatives of which something is only computed: what changes nothing needs no state for each of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics.joins import gathered
from trainlint.semantics.machine import WIDEST
from trainlint.semantics.values import Choice, Condition, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


def computed(machine: Machine, value: Choice, act: Callable[[Value], Value]) -> Value:
    """What ``act`` makes of each alternative of ``value``, under its conditions; it writes to no record."""
    remaining = machine.possible(value)
    if len(remaining) == 1:
        return act(remaining[0][1])
    state, width = machine.now, machine.width
    assumed = state.conditions
    followed = remaining[: max(1, WIDEST // width)]
    results: list[tuple[tuple[Condition, ...], Value]] = []
    machine.width = width * len(followed)
    try:
        for conditions, option in followed:
            state.conditions = assumed + conditions
            results.append((conditions, act(option)))
    finally:
        state.conditions, machine.width = assumed, width
    return gathered(results, remaining[len(followed) :])
