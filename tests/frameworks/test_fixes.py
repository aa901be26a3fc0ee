"""What fixes write computes what was meant: the same values and gradients, or those that the loss is defined by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from tests.support import projects as p

F = torch.nn.functional
ROWS, FEATURES = 16, 6
PROGRAM = """\
import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(6, {units})

    def forward(self, x):
        x = self.head(x)
        {output}


def loss_of(net, x, y):
    return {loss}(net(x), y)


def train():
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for x, y in torch.load("batches.pt"):
        optimizer.zero_grad()
        loss_of(net, x, y).backward()
        optimizer.step()


if __name__ == "__main__":
    train()
"""


def ran(text: str) -> SimpleNamespace:
    namespace: dict[str, Any] = {"__name__": "program"}
    exec(text, namespace)
    return SimpleNamespace(**namespace)


def both(text: str, folder: Path, *rules: str) -> tuple[SimpleNamespace, SimpleNamespace]:
    """A program before and after its fixes, run. Of the rules, each must have had a word in it."""
    project = p.Project({"program.py": text})
    assert {finding.rule for finding in p.check(project, folder)} == set(rules)
    made = p.fixed(project, folder).files["program.py"]
    assert made != text
    assert p.check(p.Project({"program.py": made}), folder) == []
    return ran(text), ran(made)


def networks(before: SimpleNamespace, after: SimpleNamespace, scale: float = 1.0) -> tuple[Any, Any, Tensor]:
    """Both networks with the same weights, in double precision, and an input."""
    torch.manual_seed(1)
    one, other = before.Net().double(), after.Net().double()
    with torch.no_grad():
        one.head.weight.mul_(scale)
    other.load_state_dict(one.state_dict())
    return one, other, torch.randn(ROWS, FEATURES, dtype=torch.float64)


def gradients(net: Any, value: Tensor) -> list[Tensor]:
    return list(torch.autograd.grad(value, list(net.parameters())))


def agree(a: Any, value: Tensor, b: Any, other: Tensor) -> None:
    """Two networks with equal weights, and a number computed with each: it is the same, and so are its gradients."""
    torch.testing.assert_close(value, other, rtol=1e-9, atol=1e-11)
    for one, two in zip(gradients(a, value), gradients(b, other), strict=True):
        torch.testing.assert_close(one, two, rtol=1e-7, atol=1e-10)


# Softmaxes by hand

SOFTMAXES = [
    "e = torch.exp(x)\n        return e / e.sum(dim=1, keepdim=True)",
    "e = x.exp()\n        return e / torch.sum(e, -1, keepdim=True)",
    "return torch.exp(x) / torch.exp(x).sum(-1, keepdim=True)",
    "return torch.exp(x) / torch.sum(torch.exp(x), dim=1, keepdims=True)",
    "return x.exp() / x.exp().sum(axis=1, keepdim=True)",
]


@pytest.mark.parametrize("output", SOFTMAXES)
def test_a_softmax_of_the_library_is_that_by_hand(output: str, tmp_path: Path) -> None:
    text = PROGRAM.format(units=4, output=output, loss="nn.NLLLoss()").replace("(net(x), y)", "(torch.log(net(x)), y)")
    before, after = both(text, tmp_path, "hand-rolled-softmax")
    one, other, x = networks(before, after)
    weights = torch.randn(ROWS, 4, dtype=torch.float64)
    agree(one, (one(x) * weights).sum(), other, (other(x) * weights).sum())
    one, other, x = networks(before, after, scale=1e4)
    assert one(x).isnan().any()
    assert other(x).isfinite().all()
    assert all(each.isfinite().all() for each in gradients(other, (other(x) * weights).sum()))


ARRAYS = """\
import numpy as np


def softmax(z):
    {body}


data = np.load("digits.npz")
x, y = data["x"] / 255, data["y"]
weights, bias = np.zeros((784, 10)), np.zeros(10)
for step in range(1000):
    error = softmax(x @ weights + bias) - y
    weights -= 0.1 * x.T @ error / len(x)
"""
BY_HAND = [
    "e = np.exp(z / 2)\n    return e / np.sum(e, axis=1, keepdims=True)",
    "e = np.exp(z)\n    return e / np.sum(e)",
    "return np.exp(z) / np.exp(z).sum()",
    "e = np.exp(z)\n    return e / e.sum(axis=1, keepdims=True)",
    "return np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True)",
]


@pytest.mark.parametrize("body", BY_HAND)
def test_a_shifted_softmax_is_the_unshifted_one(body: str, tmp_path: Path) -> None:
    project = p.Project({"program.py": ARRAYS.format(body=body)})
    assert [finding.rule for finding in p.check(project, tmp_path)] == ["hand-rolled-softmax"]
    texts = (project.files["program.py"], p.fixed(project, tmp_path).files["program.py"])
    one, other = (ran(text.partition("data =")[0]).softmax for text in texts)
    z = np.random.default_rng(1).normal(size=(ROWS, 5)) * 3
    np.testing.assert_allclose(one(z), other(z), rtol=1e-12)
    with np.errstate(over="ignore", invalid="ignore"):
        assert np.isnan(one(z * 1e3)).any()
    assert np.isfinite(other(z * 1e3)).all()


# Outputs and losses

Wanted = Callable[[Tensor, Tensor], Tensor]


def classes() -> Tensor:
    return torch.randint(0, 4, (ROWS,))


def sides() -> Tensor:
    return torch.randint(0, 2, (ROWS, 4)).double()


def shares() -> Tensor:
    return F.one_hot(classes(), 4).double()


def divergence(logits: Tensor, y: Tensor) -> Tensor:
    """The mean negative logarithm of the softmax, weighted by the target."""
    return -(y * (logits.exp() / logits.exp().sum(1, keepdim=True)).log()).sum(1).mean()


def likelihood(logits: Tensor, y: Tensor) -> Tensor:
    """The mean negative logarithm of the softmax at the right class."""
    return (logits.exp().sum(1).log() - logits[torch.arange(ROWS), y]).mean()


def chances(logits: Tensor, y: Tensor) -> Tensor:
    """The mean negative logarithm of the sigmoid, or of what it leaves."""
    chance = 1 / (1 + (-logits).exp())
    return -(y * chance.log() + (1 - y) * (1 - chance).log()).mean()


LOSSES: list[tuple[str, str, str, Callable[[], Tensor], Wanted]] = [
    ("softmax-before-cross-entropy", "F.softmax(x, dim=1)", "F.cross_entropy", classes, likelihood),
    ("softmax-before-cross-entropy", "x.softmax(1)", "nn.CrossEntropyLoss()", classes, likelihood),
    ("softmax-before-cross-entropy", "nn.LogSoftmax(dim=1)(x)", "nn.CrossEntropyLoss()", classes, likelihood),
    ("sigmoid-before-logits-loss", "torch.sigmoid(x)", "nn.BCEWithLogitsLoss()", sides, chances),
    ("sigmoid-before-logits-loss", "x.sigmoid()", "F.binary_cross_entropy_with_logits", sides, chances),
    ("logits-into-probability-loss", "x", "nn.BCELoss()", sides, chances),
    ("logits-into-probability-loss", "x", "F.binary_cross_entropy", sides, chances),
    ("nll-without-log-softmax", "x", "nn.NLLLoss()", classes, likelihood),
    ("nll-without-log-softmax", "x", "F.nll_loss", classes, likelihood),
    ("nll-without-log-softmax", "torch.softmax(x, dim=1)", "nn.NLLLoss()", classes, likelihood),
    ("nll-without-log-softmax", "F.softmax(x, -1)", "F.nll_loss", classes, likelihood),
    ("sigmoid-with-categorical-loss", "torch.sigmoid(x)", "nn.CrossEntropyLoss()", classes, likelihood),
    ("softmax-with-binary-loss", "torch.softmax(x, dim=1)", "nn.BCELoss()", shares, divergence),
    ("softmax-with-binary-loss", "F.softmax(x, 1)", "F.binary_cross_entropy", shares, divergence),
]


@pytest.mark.parametrize(("rule", "output", "loss", "target", "wanted"), LOSSES)
def test_the_loss_is_the_likelihood_of_what_the_last_layer_gives(
    rule: str, output: str, loss: str, target: Callable[[], Tensor], wanted: Wanted, tmp_path: Path
) -> None:
    before, after = both(PROGRAM.format(units=4, output=f"return {output}", loss=loss), tmp_path, rule)
    one, other, x = networks(before, after)
    y = target()
    agree(one, wanted(one.head(x), y), other, after.loss_of(other, x, y))


def test_the_safe_fix_for_logits_is_the_loss_after_a_sigmoid(tmp_path: Path) -> None:
    before, after = both(
        PROGRAM.format(units=4, output="return x", loss="nn.BCELoss()"), tmp_path, "logits-into-probability-loss"
    )
    one, other, x = networks(before, after)
    y = sides()
    agree(one, torch.nn.BCELoss()(torch.sigmoid(one(x)), y), other, after.loss_of(other, x, y))


def test_without_its_relu_a_regression_learns_what_is_below_zero(tmp_path: Path) -> None:
    text = PROGRAM.format(units=1, output="return F.relu(x)", loss="nn.MSELoss()")
    before, after = both(text, tmp_path, "relu-before-regression")
    one, other, x = networks(before, after)
    y = torch.full((ROWS, 1), -3.0, dtype=torch.float64)
    with torch.no_grad():
        one.head.bias.sub_(10)
        other.head.bias.sub_(10)
    assert not any(each.any() for each in gradients(one, before.loss_of(one, x, y)))
    agree(one, (one.head(x) - y).square().mean(), other, after.loss_of(other, x, y))
    torch.testing.assert_close(F.relu(other(x)), one(x))


def test_a_sigmoid_tells_two_classes_apart_with_one_unit(tmp_path: Path) -> None:
    text = PROGRAM.format(units=1, output="return F.softmax(x, dim=1)", loss="nn.BCELoss()")
    text = text.replace("F.softmax(", "torch.softmax(")
    before, after = both(text, tmp_path, "softmax-over-one-unit")
    one, other, x = networks(before, after)
    y = sides()[:, :1]
    assert (one(x) == 1).all()
    agree(one, chances(one.head(x), y), other, after.loss_of(other, x, y))


# Keras

KERAS = """\
import keras
import numpy as np
from keras import layers


def build():
    model = keras.Sequential([keras.Input((6,)), layers.Dense({units}{more})])
    model.compile(optimizer="sgd", loss={loss})
    return model


def train():
    build().fit(np.load("x.npy"), np.load("y.npy"))


if __name__ == "__main__":
    train()
"""
COMPILED: list[tuple[str, int, str, str, Wanted]] = [
    ("softmax-before-cross-entropy", 4, ', activation="softmax"', "Sparse(from_logits=True)", likelihood),
    ("sigmoid-before-logits-loss", 1, ', activation="sigmoid"', "Binary(from_logits=True)", chances),
    ("logits-into-probability-loss", 4, "", "Sparse()", likelihood),
    ("logits-into-probability-loss", 1, "", "Binary()", chances),
    ("logits-into-probability-loss", 4, "", '"sparse_categorical_crossentropy"', likelihood),
    ("logits-into-probability-loss", 1, "", '"binary_crossentropy"', chances),
    ("sigmoid-with-categorical-loss", 4, ', activation="sigmoid"', '"sparse_categorical_crossentropy"', likelihood),
    ("single-output-cross-entropy", 1, ', activation="sigmoid"', '"sparse_categorical_crossentropy"', chances),
    ("single-output-cross-entropy", 1, "", "Sparse(from_logits=True)", chances),
]


@pytest.mark.parametrize(("rule", "units", "more", "loss", "wanted"), COMPILED)
def test_a_loss_of_keras_is_the_likelihood(
    rule: str, units: int, more: str, loss: str, wanted: Wanted, tmp_path: Path
) -> None:
    loss = loss.replace("Sparse", "keras.losses.SparseCategoricalCrossentropy")
    loss = loss.replace("Binary", "keras.losses.BinaryCrossentropy")
    _, after = both(KERAS.format(units=units, more=more, loss=loss), tmp_path, rule)
    torch.manual_seed(1)
    model = after.build()
    x = torch.randn(ROWS, FEATURES)
    y = classes() if units > 1 else sides()[:, :1].float()
    kernel, bias = (each.value for each in model.layers[-1].weights)
    value = model.compute_loss(x, y, model(x, training=True))
    meant = wanted(x @ kernel + bias, y)
    torch.testing.assert_close(value, meant, rtol=1e-4, atol=1e-5)
    for one, other in zip(
        torch.autograd.grad(value, [kernel, bias]), torch.autograd.grad(meant, [kernel, bias]), strict=True
    ):
        torch.testing.assert_close(one, other, rtol=1e-3, atol=1e-4)


ACCUMULATED = """\
import torch
from torch import nn

model = nn.Linear(6, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=1.0)


def train(batches):
    for index, (x, y) in enumerate(batches):
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        if (index + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()


if __name__ == "__main__":
    train(torch.load("batches.pt"))
"""


def test_accumulated_gradients_are_those_of_one_large_batch(tmp_path: Path) -> None:
    before, after = both(ACCUMULATED, tmp_path, "unscaled-accumulation")
    after.model.load_state_dict(before.model.state_dict())
    x, y = torch.randn(16, FEATURES), torch.randint(0, 3, (16,))
    wanted = gradients(before.model, F.cross_entropy(before.model(x), y))
    start = [each.detach().clone() for each in after.model.parameters()]
    after.train(zip(x.chunk(4), y.chunk(4), strict=True))
    for was, now, gradient in zip(start, after.model.parameters(), wanted, strict=True):
        torch.testing.assert_close(was - now, gradient, rtol=1e-5, atol=1e-6)
