"""Classes of which no instance is ever changed: `frozen` and `evolve` of attrs, for what is made by the million.

The type checker sees those of attrs. While the program runs nothing guards the attributes: attrs' guard makes the
making of an instance three times as costly.
"""

from __future__ import annotations

from functools import partial
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
        kind = (instance.__class__, *changes)
        copier = _COPIERS.get(kind)
        if copier is None:
            copier = _COPIERS[kind] = _copier(*kind)
        return copier(instance, **changes)

    _COPIERS: dict[tuple[Any, ...], Any] = {}

    def _copier(cls: type, *changed: str) -> Any:
        """A function that calls the constructor of a class with these changes to what an instance has."""
        taken = sorted((each for each in fields(cls) if each.init), key=lambda each: each.kw_only)
        strange = set(changed).difference(each.alias for each in taken)
        if strange:
            raise TypeError(f"{cls.__name__} is not made from {', '.join(sorted(strange))}")
        given = ", ".join(
            f"{each.alias}=" * each.kw_only + (each.alias if each.alias in changed else f"_old.{each.name}")
            for each in taken
        )
        return eval(f"lambda _old, {', '.join(changed)}: _cls({given})", {"_cls": cls})
