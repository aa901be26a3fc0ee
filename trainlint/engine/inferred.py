"""What was worked out about expressions, for people who read the program: what networks give, what rates come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from trainlint.engine.results import Inferred
from trainlint.model import Span
from trainlint.run import LossTerm, Rate, Run
from trainlint.semantics.intervals import number_text
from trainlint.semantics.shapes import Shape, is_open
from trainlint.semantics.values import Place

MOST = 2  # alternatives of one expression: more say nothing
_CONTENTS = {"binary": "probabilities", "log-binary": "log-probabilities"}


def inferred(run: Run) -> tuple[Inferred, ...]:
    """What a run has shown of the predictions at its losses and of its learning rates."""
    told: dict[Place, dict[tuple[str, str], None]] = {}
    for term in run.losses:
        if found := _prediction(term):
            told.setdefault(term.place, {})[found] = None
    for rate in run.rates:
        if found := _rate(rate):
            told.setdefault(rate.place, {})[found] = None
    return together(_placed(run, told))


def together(found: Iterable[Inferred]) -> tuple[Inferred, ...]:
    """One for each place: what several runs say of it are alternatives."""
    known: dict[Span, dict[Inferred, None]] = {}
    for each in found:
        known.setdefault(each.span, {})[each] = None
    return tuple(_alternatives(list(each)) for each in known.values() if len(each) <= MOST)


def _alternatives(each: list[Inferred]) -> Inferred:
    if len(each) == 1:
        return each[0]
    says = " or ".join(dict.fromkeys(one.says for one in each))
    return Inferred(each[0].span, says, "; ".join(one.sentence for one in each))


def _placed(run: Run, told: dict[Place, dict[tuple[str, str], None]]) -> Iterator[Inferred]:
    for place, found in told.items():
        span = run.span(place)
        if span is None or _is_number(run, span):
            continue
        for says, sentence in found:
            yield Inferred(span, says, sentence)


def _is_number(run: Run, span: Span) -> bool:
    """Whether the program itself says it there."""
    source = run.machine.program.source(span.path)
    try:
        float(b"" if source is None else source.original[span.start : span.end])
    except ValueError:
        return False
    return True


def _prediction(term: LossTerm) -> tuple[str, str] | None:
    value = term.tensor
    if value is None:
        return None
    unlimited = not (value.range.lo > -float("inf") or value.range.hi < float("inf"))
    what = _CONTENTS.get(value.content, value.content) or (
        "logits" if term.wants == "logits" and unlimited else str(value.range)
    )
    if unlimited and value.reach is None and not value.content:
        what = ""
    shape = "" if value.shape is None else _shape(value.shape, term.axis)
    if not shape and not what:
        return None
    return f"→ {' '.join(filter(None, (shape, what)))}", f"what reaches {term.name}: {value.range}"


def _shape(shape: Shape, classes: int | None) -> str:
    """Axes as people write them; before those that are known, a batch where a loss over classes says so."""
    listed = [each for each in shape if each is not Ellipsis]
    axes = ["?" if each is None else str(each) for each in listed]
    if is_open(shape):
        axes.insert(0, "N" if classes == 1 and len(axes) == 1 else "…")
    elif axes and listed[0] is None:
        axes[0] = "N"
    return f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"


def _rate(rate: Rate) -> tuple[str, str] | None:
    number = rate.given if rate.way in ("given", "written") else rate.highest
    if number is None or rate.grows or rate.replaced:
        return None
    text = number_text(number)
    if rate.way == "peak":
        return f"= {text}", f"the schedule of {rate.optimizer} comes to {text}"
    if rate.highest is not None and rate.highest != number:
        highest = number_text(rate.highest)
        return f"= {text}, up to {highest}", f"the learning rate of {rate.optimizer}; its schedule comes to {highest}"
    return (f"= {text}", f"the learning rate of {rate.optimizer}") if rate.way in ("given", "written") else None
