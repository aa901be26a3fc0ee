"""Strings and their methods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import containers
from trainlint.semantics.derived import made
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import REGISTRY, Native, first_of, native
from trainlint.semantics.values import (
    Flag,
    Number,
    Place,
    Sequence,
    Text,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("builtins.str", "builtins.repr", "builtins.format")
def _str(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return machine.split(first_of(machine, given), lambda one: containers.text_of(machine, one))


def _plain(value: Value) -> object:
    """An argument as Python has it: a text, a number, or a tuple of texts; None where it is not known."""
    if isinstance(value, Sequence) and value.exact and value.kind == "tuple":
        texts = tuple(each.text for each in value.head if isinstance(each, Text))
        return texts if len(texts) == len(value.head) and None not in texts else None
    return value.text if isinstance(value, Text) else value.exact if isinstance(value, Number) else None


def _text_method(name: str) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        receiver = given.positional[0].value
        rest = [each.value for each in given.positional[1:]]
        if not isinstance(receiver, Text):
            return machine.unknown("a text method", place, receiver)
        known = list(map(_plain, rest))
        if None in known or given.keywords or given.open:
            return Text(None) if name not in ("startswith", "endswith", "isdigit") else Flag(None)
        exact = receiver.text is not None
        base = receiver.text if exact else receiver.shipped
        if base is None:
            return Text(None) if name not in ("startswith", "endswith", "isdigit") else Flag(None)
        try:
            result = getattr(base, name)(*known)
        except (TypeError, ValueError, LookupError, OverflowError):
            return machine.unknown(f"the text method {name}", place, receiver)
        if isinstance(result, bool):
            if exact:
                return Flag(result)
            return Flag(None, result, None, origin=receiver.origin)
        if isinstance(result, str):
            origin = made(name, place, receiver)
            return Text(result, origin=origin) if exact else Text(None, result, origin=origin, taint=receiver.taint)
        if isinstance(result, int):
            return number(result) if exact else machine.unknown("a position in a text", place)
        if isinstance(result, list | tuple) and all(isinstance(each, str) for each in result):
            origin = made(name, place, receiver)
            items = Sequence(
                tuple(
                    Text(each, origin=origin) if exact else Text(None, each, origin=origin, taint=receiver.taint)
                    for each in result
                )
            )
            return containers.new_list(machine, items, place)
        return machine.unknown(f"the text method {name}", place, receiver)

    return run


_TEXT_METHODS = """
lower upper strip lstrip rstrip title capitalize casefold replace startswith endswith split
rsplit splitlines partition rpartition find count isdigit removeprefix removesuffix swapcase zfill
"""
for _name in _TEXT_METHODS.split():
    REGISTRY[f"str.{_name}"] = _text_method(_name)


@native("str.join")
def _join_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    glue, items = given.positional[0].value, containers.items_of(machine, given.positional[1].value)
    if isinstance(glue, Text) and glue.text is not None and items is not None and items.exact:
        texts = [each.text for each in items.head if isinstance(each, Text) and each.text is not None]
        if len(texts) == len(items.head):
            return Text(glue.text.join(texts))
    return Text(None)


@native("str.format")
def _format_text(machine: Machine, given: Arguments, place: Place | None) -> Value:
    receiver = given.positional[0].value
    parts = [containers.as_text(each.value) for each in given.positional[1:]]
    texts = [each.text for each in parts if isinstance(each, Text) and each.text is not None]
    if isinstance(receiver, Text) and receiver.text is not None and len(texts) == len(parts) and not given.keywords:
        try:
            return Text(receiver.text.format(*texts))
        except (ValueError, IndexError, KeyError, AttributeError, TypeError):
            return Text(None)
    return Text(None)
