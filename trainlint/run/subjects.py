"""What a finding is about."""

from __future__ import annotations

from attrs import frozen

from trainlint.semantics.evidence import Step, explain, history
from trainlint.semantics.values import Condition, Node, Number, Place, Value

SOURCES = frozenset({"user", "file"})


@frozen(eq=False, kw_only=True)
class Subject:
    """What a finding is about: where it lies, in which call, and what the path to it assumes.

    ``chosen`` are the conditions that pick this alternative of a value among others; ``assumed`` is the function whose
    assumed run it was seen in.
    """

    place: Place
    call: Place
    conditions: tuple[Condition, ...]
    chosen: tuple[Condition, ...] = ()
    assumed: Place | None
    exceptional: bool


@frozen(eq=False, kw_only=True)
class Written(Subject):
    """A number that somebody wrote reached the call that uses it.

    ``given`` is the number, None where it is not known.
    """

    value: Value
    given: float | None

    def explain(self) -> tuple[Step, ...]:
        """The way from where the number was written."""
        return tuple(step for step in explain(self.value, "number") if step.place != self.call)

    @property
    def setting(self) -> Node | None:
        """The option or the file through which somebody may set it; None where the program alone decides."""
        return next((node for node in history(self.value, "number") if node.op in SOURCES and node.label), None)

    @property
    def computed(self) -> bool:
        """Whether it is another number than the one that was written."""
        nodes = list(history(self.value, "number"))
        value = self.value
        for node in nodes[:-1]:
            value = node.inputs[node.carrier["number"]]
        return isinstance(value, Number) and value.value is not None and value.value != self.given
