"""logits-into-probability-loss: an unbounded output meets a loss that wants probabilities."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.model import Fix
from trainlint.rules.base import Mistake, rule, safe, unsafe
from trainlint.run import LossTerm, Run
from trainlint.semantics.intervals import ANY, UNIT
from trainlint.semantics.primitives import LOG_PROBABILITIES
from trainlint.semantics.values import Node


@rule("logits-into-probability-loss")
def check(run: Run) -> Iterator[Mistake]:
    for loss in run.losses:
        prediction = loss.tensor
        if loss.wants != "probabilities" or prediction is None:
            continue
        logarithms = prediction.content in LOG_PROBABILITIES
        outside = prediction.reach is not None and not prediction.reach.within(UNIT)
        if not logarithms and not outside:
            continue
        name = "content" if logarithms else "reach"
        maker = loss.maker(name)
        reached = prediction.range if logarithms else prediction.reach
        yield Mistake(
            loss,
            f"{loss.name} wants probabilities in [0, 1], but the prediction reaches over {reached}",
            loss.explain(name),
            f"{maker.label if maker is not None else 'this'} gives {reached}",
            fixes=() if logarithms or prediction.reach != ANY else _fixes(run, loss, maker),
        )


def _fixes(run: Run, loss: LossTerm, maker: Node | None) -> tuple[Fix, ...]:
    """The loss that takes logits, or a last layer that applies what the loss goes with."""
    if loss.with_logits is not None:
        return safe("Take the loss for logits", run.mending.loss(loss, loss.with_logits))
    if loss.flag is None:
        return ()
    told = safe("Tell the loss that it is given logits", run.mending.flagged(loss, loss.flag, "True"))
    activation = {"categorical": "softmax", "bernoulli": "sigmoid"}.get(loss.distribution or "", "")
    return told or unsafe(f"End in a {activation}", run.mending.told(maker, activation))
