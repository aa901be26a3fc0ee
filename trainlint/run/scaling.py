"""Linear scaling: what a rate that is multiplied by the number of processes comes to where many of them run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import add, mul, pow, sub, truediv

from trainlint.semantics.values import PROCESSES, SAME, Number, Value, known_number

MANY = 8  # processes: the devices of one machine
_DEEPEST = 32
_HANDED_ON = SAME | {"bounded", "one"}
_OPERATIONS: Mapping[str, Callable[[float, float], float]] = {
    "+": add,
    "-": sub,
    "*": mul,
    "/": truediv,
    "**": pow,
    "min": min,
    "max": max,
    "join": max,  # of the ways to the number, the one with the processes is taken where there are any
}


def scaled(value: Value, processes: int = MANY, depth: int = 0) -> float | None:
    """What a number comes to with so many processes, everything else as it ships; None where that is not known."""
    if not isinstance(value, Number):
        return None
    if PROCESSES not in value.taint:
        return known_number(value)
    node = value.origin
    if node is None or depth == _DEEPEST:
        return None
    if node.op == "user":
        return float(processes)
    operands = [scaled(each, processes, depth + 1) for each in node.inputs]
    known = [each for each in operands if each is not None]
    if not known or len(known) < len(operands):
        return None
    if node.op in _HANDED_ON:
        return known[0]
    operation = _OPERATIONS.get(node.op)
    if operation is None or len(known) != 2:
        return None
    try:
        return float(operation(known[0], known[1]))
    except (ArithmeticError, TypeError, ValueError):
        return None
