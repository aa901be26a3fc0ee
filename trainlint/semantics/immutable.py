"""Classes of which no instance is ever changed: `frozen` and `evolve` of attrs, for what is made by the million.

The type checker sees those of attrs. While the program runs nothing guards the attributes: attrs' guard makes the
making of an instance three times as costly.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from attrs import evolve as evolve
    from attrs import frozen as frozen
else:
    from attrs import define, fields

    def frozen(cls: type | None = None, *, eq: bool = True, **options: bool) -> Any:
        """A class whose instances are equal, and hashed, by their attributes, or by identity if not ``eq``."""
        if cls is None:
            return partial(frozen, eq=eq, **options)
        return define(cls, eq=eq, unsafe_hash=True if eq else None, **options)

    def evolve(instance: Any, **changes: Any) -> Any:
        """A copy of an instance of an attrs class with changes."""
        cls = instance.__class__
        for alias, name in _arguments(cls):
            if alias not in changes:
                changes[alias] = getattr(instance, name)
        return cls(**changes)

    @cache
    def _arguments(cls: type) -> tuple[tuple[str, str], ...]:
        """What the constructor of a class takes, and the attribute that holds it."""
        return tuple((each.alias, each.name) for each in fields(cls) if each.init)
