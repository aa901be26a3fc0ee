"""Copies with some fields changed, as attrs makes them, at a fraction of the price for what holds plain fields."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

import attrs

Kept = TypeVar("Kept")
_Copier = tuple[Callable[[Any], tuple[Any, ...]], dict[str, Callable[[Any, Any], None]]]
_COPIERS: dict[type, _Copier | None] = {}
_new = object.__new__


def evolve(value: Kept, /, **changes: Any) -> Kept:
    """A copy of ``value`` with other values for some of its fields."""
    cls = type(value)
    try:
        copier = _COPIERS[cls]
    except KeyError:
        copier = _COPIERS[cls] = _copier(cls)
    if copier is None:
        return attrs.evolve(value, **changes)  # type: ignore[misc]
    read, writers = copier
    made = _new(cls)
    for write, held in zip(writers.values(), read(value), strict=False):
        write(made, held)
    for name, changed in changes.items():
        writers[name](made, changed)
    return made


def _copier(cls: type) -> _Copier | None:
    """How to read all fields of a class, and to write each; None if its instances must be made by their class."""
    fields = attrs.fields(cls)
    plain = all(each.init and each.converter is None and each.validator is None for each in fields)
    if not plain or len(fields) < 2 or hasattr(cls, "__attrs_post_init__") or not hasattr(cls, "__slots__"):
        return None
    return attrgetter(*(each.name for each in fields)), {each.name: getattr(cls, each.name).__set__ for each in fields}
