"""What a settings file may name: the rules, the groups and tags that select them, and their options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import field, frozen

Scalar = bool | int | float | str

_KINDS: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "string": (str,),
}


@frozen
class Option:
    """One option of a rule: its type, bounds, default, and a line of help."""

    type: str
    default: Scalar | Sequence[Scalar] | None
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[Scalar, ...] = ()

    def problem(self, value: object) -> str | None:
        """What is wrong with `value`, as the end of the sentence "option x …", or None."""
        if self.type == "strings":
            good = isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value)
            return None if good else "must be a list of strings"
        kinds = _KINDS[self.type]
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            return f"must be {'an' if self.type == 'integer' else 'a'} {self.type}"
        if self.choices and value not in self.choices:
            return "must be one of " + ", ".join(map(str, self.choices))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            if value != value:
                return "must be a number"
            if self.minimum is not None and value < self.minimum:
                return f"must be at least {self.minimum:g}"
            if self.maximum is not None and value > self.maximum:
                return f"must be at most {self.maximum:g}"
        return None


OPTION_TYPES = frozenset({*_KINDS, "strings"})


@frozen
class Vocabulary:
    """The names that settings are checked against; handed in, because settings know no rules."""

    rules: frozenset[str]
    groups: frozenset[str] = frozenset()
    options: Mapping[str, Mapping[str, Option]] = field(factory=dict)

    @property
    def selectors(self) -> frozenset[str]:
        """What `select` and `ignore` take: rules, groups, tags, and "all"."""
        return self.rules | self.groups | {"all"}
