"""For each rule the smallest difference between a bad and a sound program: the last step, and the loss."""

from __future__ import annotations

from attrs import frozen


@frozen
class Core:
    """``tail`` and ``call`` are the last step as a module and as an expression of ``{x}``; None for no step."""

    tail: str | None
    call: str | None
    loss: str
    function: str


@frozen
class Pair:
    bad: Core
    sound: Core


def _pair(bad: tuple[str, str] | None, sound: tuple[str, str] | None, loss: str, function: str) -> Pair:
    first, second = (step or (None, None) for step in (bad, sound))
    return Pair(Core(*first, loss, function), Core(*second, loss, function))


_RELU = ("nn.ReLU()", "F.relu({x})")
_SOFTMAX = ("nn.Softmax(dim=1)", "F.softmax({x}, dim=1)")
_SIGMOID = ("nn.Sigmoid()", "torch.sigmoid({x})")
_LOG_SOFTMAX = ("nn.LogSoftmax(dim=1)", "F.log_softmax({x}, dim=1)")

CORES = {
    "relu-before-regression": _pair(_RELU, None, "nn.MSELoss()", "F.mse_loss"),
    "softmax-before-cross-entropy": _pair(_SOFTMAX, None, "nn.CrossEntropyLoss()", "F.cross_entropy"),
    "logits-into-probability-loss": _pair(None, _SIGMOID, "nn.BCELoss()", "F.binary_cross_entropy"),
    "sigmoid-before-logits-loss": _pair(_SIGMOID, None, "nn.BCEWithLogitsLoss()", "F.binary_cross_entropy_with_logits"),
    "nll-without-log-softmax": _pair(None, _LOG_SOFTMAX, "nn.NLLLoss()", "F.nll_loss"),
}
