"""Losses: where a prediction meets its target, in a loss of the library or in one written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from trainlint.run.activations import Activation, activation
from trainlint.run.labels import labels
from trainlint.run.subjects import Subject
from trainlint.semantics import shapes
from trainlint.semantics.evidence import Step, explain, made, maker, visible
from trainlint.semantics.facts import Facts, LossApplied, Objective
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.libraries import short
from trainlint.semantics.values import Node, Number, Place, Tensor, Value, options

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_PASSING = frozenset({"return", "layout", "same", "reduce", "negative", "root", "setitem"})
_BOTH = frozenset({"sum", "difference", "where", "concat"})
_ENDS = frozenset({"square", "power", "absolute"})
_MOST = 5_000  # steps from what is minimised back to the losses
ENDS = _ENDS | {"loss"}


@frozen(eq=False, kw_only=True)
class LossTerm(Subject):
    """A prediction met a target in a loss of the library, or in one written by hand.

    ``wants`` is what the loss takes: number, logits, probabilities or log-probabilities; ``applies`` the activation
    that it applies itself. ``distribution`` says whether its units are the classes of one choice (categorical) or each
    a choice of its own (bernoulli); ``axis`` is that of the classes. One that is not ``minimised`` is only looked at.
    """

    name: str
    wants: str
    applies: str | None
    distribution: str | None = None
    axis: int | None = None
    prediction: Value
    target: Value
    moment: int
    creation: Place | None = None  # where the loss was made, if it is an object
    with_logits: str | None = None  # the loss of the same kind that takes logits
    for_choice: str | None = None  # the loss for targets of the same shape if they are one choice
    for_one_unit: str | None = None  # the loss for the same targets if there is one output
    flag: str | None = None  # or else the parameter which tells this one that it is given logits
    minimised: bool = True
    reduction: str | None = None

    @property
    def tensor(self) -> Tensor | None:
        """The prediction, if it is known to come from trained weights."""
        return self.prediction if isinstance(self.prediction, Tensor) and self.prediction.live else None

    @property
    def units(self) -> int | None:
        """Over how many units the loss chooses; a prediction that may have more axes is taken to be a batch of rows."""
        prediction = self.tensor
        if prediction is None or self.axis is None or prediction.shape is None:
            return None
        rows = shapes.is_open(prediction.shape) and self.axis == 1
        return shapes.length(prediction.shape, -1 if rows else self.axis)

    @property
    def labels(self) -> Node | None:
        """The step that made the target the labels of classes, if it is known to be that."""
        prediction = self.tensor
        return None if prediction is None else labels(self.target, prediction)

    @property
    def activation(self) -> Activation | None:
        """The activation whose values the loss is given as they are."""
        return activation(self.prediction)

    @property
    def imitates(self) -> bool:
        """Whether the target is what a network gave."""
        return isinstance(self.target, Tensor) and bool(self.target.live | self.target.cut)

    @property
    def target_range(self) -> Interval | None:
        """What the target can be, where anything is known of it."""
        return self.target.range if isinstance(self.target, Tensor | Number) else None

    def explain(self, name: str) -> tuple[Step, ...]:
        return explain(self.prediction, name)

    def maker(self, name: str) -> Node | None:
        """The step that gave the prediction this property."""
        return maker(self.prediction, name)

    def made(self, name: str) -> Value:
        """What that step itself gave, before the prediction was made of it."""
        return made(self.prediction, name)


def losses(machine: Machine) -> Iterator[LossTerm]:
    """Every meeting of a prediction with a target."""
    facts = machine.facts
    minimised = _minimised(facts)
    for each in facts.losses:
        term = _from_library(each)
        if term is not None:
            yield evolve(term, minimised=each.place in minimised)
    yield from (term for each in facts.objectives for term in _by_hand(each))


def _minimised(facts: Facts) -> frozenset[Place]:
    """Where the losses were applied that something minimised is made of."""
    pending: list[Value] = [each.value for each in facts.objectives]
    seen, places = set[int](), set[Place]()
    while pending and len(seen) < _MOST:
        for _, option in options(pending.pop()):
            node = option.origin
            if node is None or id(node) in seen:
                continue
            seen.add(id(node))
            if node.op != "loss":
                pending.extend(node.inputs)
            elif node.place is not None:
                places.add(node.place)
    return frozenset(places)


def _from_library(applied: LossApplied) -> LossTerm | None:
    place = visible(applied.prediction_place, applied.site)
    call = visible(applied.place, applied.site)
    if place is None or call is None:
        return None
    return LossTerm(
        name=short(applied.name),
        wants=applied.loss.wants,
        applies=applied.loss.applies,
        distribution=applied.loss.distribution,
        axis=applied.loss.axis,
        prediction=applied.prediction,
        target=applied.target,
        moment=applied.moment,
        place=place,
        conditions=applied.conditions,
        chosen=applied.chosen,
        assumed=applied.assumed,
        exceptional=applied.exceptional,
        call=call,
        creation=applied.made,
        with_logits=applied.loss.with_logits,
        for_choice=applied.loss.for_choice,
        for_one_unit=applied.loss.for_one_unit,
        flag=next((each for each, cases in applied.loss.when.items() if _takes_logits(cases)), None),
        reduction=applied.reduction,
    )


def _takes_logits(cases: Mapping[Any, Mapping[str, Any]]) -> bool:
    return cases.get(True, {}).get("wants") == "logits"


def _by_hand(objective: Objective) -> Iterator[LossTerm]:
    """Squared and absolute differences on the way to the value that is minimised."""
    pending = [objective.value]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        if not isinstance(value, Tensor) or value.origin is None or id(value.origin) in seen:
            continue
        node = value.origin
        seen.add(id(node))
        if node.op in _ENDS:
            yield from _difference(objective, node)
        elif node.op in _PASSING:
            pending.extend(node.inputs[:1])
        elif node.op in _BOTH:
            pending.extend(node.inputs)
        elif node.op in ("product", "quotient"):
            pending.extend(each for each in node.inputs if isinstance(each, Tensor) and each.live)


def measured(value: Tensor) -> Iterator[Value]:
    """What is measured in a value: outputs of networks whose squared or absolute distance from something it is made of.

    A distance between two outputs says nothing of how good either is.
    """
    pending: list[Value] = [value]
    seen: set[int] = set()
    while pending:
        node = pending.pop().origin
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        if node.op in _ENDS:
            origin = _subtraction(node)
            sides = () if origin is None else origin.inputs[:2]
            outputs = [each for each in sides if isinstance(each, Tensor) and each.live | each.cut]
            if len(outputs) == 1:
                yield outputs[0]
        elif node.op in _PASSING:
            pending += node.inputs[:1]
        elif node.op in _BOTH or node.op in ("product", "quotient"):
            pending += node.inputs


def terms_of(facts: Facts, objective: Objective) -> list[LossTerm] | None:
    """The terms that a minimised value is made of; None if something else has a part in it."""
    found: list[LossTerm] = []
    pending = [objective.value]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        node = value.origin
        if isinstance(value, Number) or (node is not None and id(node) in seen):
            continue
        if not isinstance(value, Tensor) or node is None or not value.live:
            return None
        seen.add(id(node))
        if node.op in ENDS:
            terms = terms_at(facts, objective, node)
            if not terms:
                return None
            found += terms
        elif node.op in _PASSING:
            pending += node.inputs[:1]
        elif node.op == "sum":
            pending += (each for each in node.inputs if not _is_plain_number(each))
        elif node.op in ("product", "quotient"):
            pending += (each for each in node.inputs if isinstance(each, Tensor) and each.live)
        else:
            return None
    return found


def terms_at(facts: Facts, objective: Objective, node: Node) -> list[LossTerm]:
    """The terms that meet in one operation on the way to a minimised value."""
    return list(_difference(objective, node)) if node.op in _ENDS else _applied(facts, node)


def _is_plain_number(value: Value) -> bool:
    """Whether a value is a number that was written, as a sum begins with 0."""
    return isinstance(value, Tensor) and value.range.is_point and not value.live | value.cut


def _applied(facts: Facts, node: Node) -> list[LossTerm]:
    """The application of a library's loss that made a value."""
    for each in facts.losses:
        if each.place == node.place and any(each.prediction is one for one in node.inputs):
            term = _from_library(each)
            return [] if term is None else [term]
    return []


def _subtraction(end: Node) -> Node | None:
    """The subtraction whose result is squared, or made positive."""
    inner = end.inputs[0] if end.inputs else None
    while isinstance(inner, Tensor) and inner.origin is not None and inner.origin.op in ("layout", "same", "return"):
        inner = inner.origin.inputs[0]
    node = inner.origin if isinstance(inner, Tensor) else None
    return node if node is not None and node.op == "difference" else None


def _difference(objective: Objective, end: Node) -> Iterator[LossTerm]:
    origin = _subtraction(end)
    if origin is None:
        return
    prediction, target = origin.inputs[:2]
    if isinstance(target, Tensor) and target.live and not (isinstance(prediction, Tensor) and prediction.live):
        prediction, target = target, prediction
    elif isinstance(target, Tensor) and target.live:
        return  # both sides are trained: a distance between two outputs, not a regression
    place = visible(origin.place, objective.site)
    if place is None:
        return
    for chosen, option in options(prediction):
        yield LossTerm(
            name="a squared difference" if end.op != "absolute" else "an absolute difference",
            wants="number",
            applies=None,
            prediction=option,
            target=target,
            moment=objective.moment,
            place=place,
            conditions=objective.conditions,
            chosen=chosen,
            assumed=objective.assumed,
            exceptional=objective.exceptional,
            call=place,
        )
