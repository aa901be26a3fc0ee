"""What a loss applies itself, what it wants, and where its own value lies."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from trainlint.knowledge.library import standard

F = torch.nn.functional
pytestmark = pytest.mark.filterwarnings("ignore:reduction:UserWarning", "ignore:`NLLLoss2d`:FutureWarning")
FUNCTIONS = "torch.nn.functional."
LOSSES = {
    name: entry
    for name, entry in standard().entries.items()
    if name.startswith(FUNCTIONS) and entry.kind == "loss" and entry.loss is not None
}

# The same loss, with the activation that it applies itself written out.
WRITTEN_OUT: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cross_entropy": lambda x, y: F.nll_loss(F.log_softmax(x, 1), y),
    "binary_cross_entropy_with_logits": lambda x, y: F.binary_cross_entropy(torch.sigmoid(x), y),
    "multilabel_soft_margin_loss": lambda x, y: F.binary_cross_entropy(torch.sigmoid(x), y),
}
# And of those that apply none, the definition.
DEFINED: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "nll_loss": lambda x, y: -x[torch.arange(len(y)), y].mean(),
    "binary_cross_entropy": lambda x, y: -(y * x.log() + (1 - y) * (1 - x).log()).mean(),
    "mse_loss": lambda x, y: (x - y).square().mean(),
    "l1_loss": lambda x, y: (x - y).abs().mean(),
    "huber_loss": lambda x, y: torch.where((x - y).abs() < 1, (x - y).square() / 2, (x - y).abs() - 0.5).mean(),
    "smooth_l1_loss": lambda x, y: torch.where((x - y).abs() < 1, (x - y).square() / 2, (x - y).abs() - 0.5).mean(),
    "poisson_nll_loss": lambda x, y: (x.exp() - y * x).mean(),
    "kl_div": lambda x, y: (y * (y.log() - x)).mean(),
    "soft_margin_loss": lambda x, y: torch.log1p((-x * y).exp()).mean(),
}
ROWS = 32


def number() -> Tensor:
    return torch.randn(ROWS, 5, dtype=torch.float64)


def classes() -> Tensor:
    return torch.randint(0, 5, (ROWS,))


def share() -> Tensor:
    return torch.rand(ROWS, 5, dtype=torch.float64) * 0.98 + 0.01


def side() -> Tensor:
    return torch.sign(number())


ARGUMENTS: dict[str, Callable[[], tuple[Tensor, ...]]] = {
    **dict.fromkeys(("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss"), lambda: (number(), number())),
    "gaussian_nll_loss": lambda: (number(), number(), share() / 100),
    "poisson_nll_loss": lambda: (number(), number().abs()),
    "cross_entropy": lambda: (number(), classes()),
    "nll_loss": lambda: (number(), classes()),
    "binary_cross_entropy": lambda: (share(), share().round()),
    **dict.fromkeys(
        ("binary_cross_entropy_with_logits", "multilabel_soft_margin_loss"), lambda: (number(), share().round())
    ),
    "linear_cross_entropy": lambda: (number(), torch.randn(5, 5, dtype=torch.float64), classes()),
    "kl_div": lambda: (number(), share()),
    "ctc_loss": lambda: (
        F.log_softmax(torch.randn(50, ROWS, 20), 2),
        torch.randint(1, 20, (ROWS, 30)),
        torch.full((ROWS,), 50),
        torch.randint(10, 30, (ROWS,)),
    ),
    "soft_margin_loss": lambda: (number(), side()),
    "multi_margin_loss": lambda: (number(), classes()),
    "multilabel_margin_loss": lambda: (number(), torch.tensor([[3, 0, -1, 1, 1]] * ROWS)),
    "margin_ranking_loss": lambda: (number()[:, 0], number()[:, 0], side()[:, 0]),
    "hinge_embedding_loss": lambda: (number(), side()),
    "cosine_embedding_loss": lambda: (number(), number(), side()[:, 0]),
    "triplet_margin_loss": lambda: (number(), number(), number()),
    "triplet_margin_with_distance_loss": lambda: (number(), number(), number()),
}


def test_the_tables_hold_every_loss() -> None:
    names = {name.removeprefix(FUNCTIONS) for name in LOSSES}
    assert names == set(ARGUMENTS)
    assert {name for name in names if LOSSES[FUNCTIONS + name].loss.applies} == set(WRITTEN_OUT)
    every = {name for name in dir(F) if name.endswith(("_loss", "cross_entropy", "_with_logits", "kl_div"))}
    assert every <= names


def test_every_loss_class_is_known() -> None:
    for name in dir(torch.nn):
        if name.endswith(("Loss", "Loss2d", "WithLoss")) and name != "LinearCrossEntropyLoss":
            assert standard().known(f"torch.nn.{name}"), name


@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_loss_lies_in_its_range_and_takes_its_arguments_in_order(name: str) -> None:
    torch.manual_seed(0)
    entry = LOSSES[FUNCTIONS + name]
    assert entry.loss is not None
    assert entry.parameters is not None
    low, high = entry.loss.range
    called = [each for each, _ in entry.parameters[: entry.called]]
    assert entry.loss.prediction in called
    assert entry.loss.target in called
    for scale in (0.01, 1.0, 30.0):
        given = ARGUMENTS[name]()
        if entry.loss.wants in ("number", "logits", "scores", "features"):
            given = (given[0] * scale, *given[1:])
        by_name = dict(zip(called, given, strict=True))
        result = getattr(F, name)(**by_name)
        assert torch.equal(result, getattr(F, name)(*given))
        assert low <= float(result) <= high


@pytest.mark.parametrize("name", [*WRITTEN_OUT, *DEFINED])
def test_what_a_loss_applies_itself(name: str) -> None:
    torch.manual_seed(0)
    given = ARGUMENTS[name]()
    expected = {**WRITTEN_OUT, **DEFINED}[name](*given)
    torch.testing.assert_close(getattr(F, name)(*given), expected)


@pytest.mark.parametrize("name", ARGUMENTS)
def test_only_losses_that_want_probabilities_refuse_other_numbers(name: str) -> None:
    entry = LOSSES[FUNCTIONS + name]
    assert entry.loss is not None
    first, *rest = ARGUMENTS[name]()
    outside = first.abs() + 1.5
    if entry.loss.wants == "probabilities":
        with pytest.raises(RuntimeError, match="between 0 and 1"):
            getattr(F, name)(outside, *rest)
    else:
        getattr(F, name)(outside, *rest)


def test_classes_call_their_functions() -> None:
    torch.manual_seed(0)
    knowledge = standard()
    for name, entry in knowledge.entries.items():
        if entry.kind == "loss" and name.startswith("torch.nn.") and isinstance(entry.call, str):
            function = entry.call.removeprefix(FUNCTIONS)
            given = ARGUMENTS[function]()
            made = getattr(torch.nn, name.removeprefix("torch.nn."))()
            torch.testing.assert_close(made(*given), getattr(F, function)(*given))
