"""What was understood of a training run, and what could not be followed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from trainlint.run import Run
from trainlint.semantics.classes import class_name
from trainlint.semantics.evidence import history, is_hidden, visible
from trainlint.semantics.libraries import short
from trainlint.semantics.values import (
    Choice,
    ObjectId,
    Place,
    Tensor,
    Unknown,
    Value,
    options,
)
from trainlint.semantics.values import Sequence as Items


@frozen
class Gap:
    """A value that was not followed where it mattered: for what, why, and since where."""

    role: str
    why: str
    place: Place | None


@frozen
class Recipe:
    """The parts of a training run that were found.

    ``resolved`` says whether some loss was seen to reach weights that an optimizer steps.
    """

    networks: tuple[tuple[str, Place | None], ...]
    losses: tuple[tuple[str, str, Place], ...]
    optimizers: tuple[tuple[str, bool, Place], ...]
    gaps: tuple[Gap, ...]
    trains: bool
    resolved: bool


def understand(run: Run) -> Recipe:
    """The recipe of a run."""
    networks: dict[ObjectId, tuple[str, Place | None]] = {}
    for each in run.facts.forwards:
        if _weighted(each.result):
            networks.setdefault(each.network.id, (class_name(each.network.cls), each.network.id.place))
    losses: dict[tuple[str, Place], tuple[str, str, Place]] = {}
    live: frozenset[ObjectId] = frozenset()
    for term in run.losses:
        prediction = term.prediction
        losses.setdefault((term.name, term.place), (term.name, _described(prediction), term.place))
        live |= prediction.live if isinstance(prediction, Tensor) else frozenset()
    for objective in run.facts.objectives:
        for _, option in options(objective.value):
            live |= option.live if isinstance(option, Tensor) else frozenset()
    stepped: frozenset[ObjectId] = frozenset()
    optimizers: dict[Place, tuple[str, bool, Place]] = {}
    for made in run.facts.optimizers:
        owners = made.owners | run.facts.trained.get(made.optimizer.id, frozenset())
        stepped |= owners
        optimizers[made.place] = (short(made.name), bool(owners), made.place)
    return Recipe(
        networks=tuple(networks.values()),
        losses=tuple(losses.values()),
        optimizers=tuple(optimizers.values()),
        gaps=tuple(dict.fromkeys(_gaps(run))),
        trains=bool(run.facts.objectives) or bool(run.facts.optimizers),
        resolved=bool(live & stepped),
    )


def _described(value: Value) -> str:
    if isinstance(value, Tensor):
        reached = "" if value.reach is None or value.reach == value.range else f", reaching {value.reach}"
        content = f" {value.content}" if value.content else ""
        return f"{value.range}{content}{reached}"
    if isinstance(value, Choice):
        return " or ".join(_described(option) for _, option in value.options)
    return f"not followed ({value.why})" if isinstance(value, Unknown) else "no tensor"


def _weighted(value: Value) -> bool:
    """Whether weights had a part in a value."""
    if isinstance(value, Items):
        return any(map(_weighted, value.known))
    return any(isinstance(option, Tensor) and option.live | option.cut for _, option in options(value))


def _gaps(run: Run) -> Iterator[Gap]:
    """Every unknown that lies on the way from data to loss, by its first cause."""
    for applied in run.facts.losses:
        yield from _causes(f"prediction of {short(applied.name)}", applied.prediction)
    for objective in run.facts.objectives:
        yield from _causes("what is minimised", objective.value)
    for made in run.facts.optimizers:
        yield from _causes("parameters of the optimizer", made.parameters)


def _causes(role: str, value: Value) -> Iterator[Gap]:
    for _, option in options(value):
        if not isinstance(option, Unknown):
            continue
        nodes = list(history(option, "why"))
        place = next(
            (node.place for node in reversed(nodes) if node.place is not None and not is_hidden(node.place)), None
        )
        yield Gap(role, option.why, place)


def describe(run: Run, recipe: Recipe, *, debug: bool = False) -> str:
    """A recipe as text; with ``debug`` every gap with its reason and place."""
    judged = "resolved" if recipe.resolved else "not resolved" if recipe.trains else "no training found"
    lines = [f"{run.machine.program.root}: {judged}"]
    lines += _section("networks", [f"{name}{_at(run, place)}" for name, place in recipe.networks])
    lines += _section("losses", [f"{name} of {what}{_at(run, place)}" for name, what, place in recipe.losses])
    lines += _section(
        "optimizers",
        [
            f"{name}{'' if known else ', parameters not followed'}{_at(run, place)}"
            for name, known, place in recipe.optimizers
        ],
    )
    if debug:
        lines += _section("not followed", [f"{gap.role}: {gap.why}{_at(run, gap.place)}" for gap in recipe.gaps])
        lines.append(f"  fuel left: {run.machine.fuel}")
    return "\n".join(lines) + "\n"


def summary(recipes: Sequence[Recipe], reasons: int = 10) -> str:
    """How much of many scripts was understood, and the commonest reasons why a value was not followed."""
    training = [each for each in recipes if each.trains]
    resolved = sum(each.resolved for each in training)
    lines = [f"{resolved} of {len(training)} training files resolved"]
    counted = Counter(gap.why for each in training for gap in each.gaps)
    lines += [f"  {count:4d}  {why}" for why, count in counted.most_common(reasons)]
    return "\n".join(lines) + "\n"


def _section(title: str, items: list[str]) -> list[str]:
    return [f"  {title}:", *(f"    {item}" for item in items)] if items else [f"  {title}: none"]


def _at(run: Run, place: Place | None) -> str:
    place = None if place is None else visible(place, run.machine.root_site)
    span = None if place is None else run.span(place)
    source = None if span is None else run.machine.program.source(span.path)
    if span is None or source is None:
        return ""
    position = source.place(span.start)
    cell = "" if position.cell is None else f"cell {position.cell}:"
    return f"  ({span.path}:{cell}{position.line})"
