"""Softmaxes by hand, in the spellings of each library; and what looks like one and cannot overflow."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import found
from tests.support.projects import Project, check
from trainlint.model import Confidence, Severity

RULE = "hand-rolled-softmax"
HEADS = {
    "torch": """
import math
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
net = nn.Linear(4, 3)
z = net(torch.randn(8, 4))
gamma = nn.Parameter(torch.ones(3))
""",
    "numpy": """
import math
import numpy as np
x = np.load("x.npy")
W = np.random.randn(4, 3) * 0.01
z = x @ W
""",
    "tensorflow": """
import numpy as np
import tensorflow as tf
W = tf.Variable(tf.random.normal([4, 3]))
z = tf.matmul(tf.random.normal([8, 4]), W)
""",
    "keras": """
import keras
from keras import backend as K
from keras import ops
z = keras.layers.Dense(3)(keras.Input((4,)))
""",
}
OVERFLOWS = {
    "torch": [
        "torch.exp(z) / torch.exp(z).sum(dim=1, keepdim=True)",
        "torch.exp(z * gamma) / torch.exp(z * gamma).sum(dim=1, keepdim=True)",
        "torch.exp(z / gamma) / torch.exp(z / gamma).sum(dim=1, keepdim=True)",
        "torch.exp(z) / torch.sum(torch.exp(z), 1, keepdim=True)",
        "z.exp() / z.exp().sum(-1, keepdim=True)",
        "z.exp() / z.exp().sum(axis=-1, keepdims=True)",
        "z.exp().div(z.exp().sum(1).unsqueeze(1))",
        "torch.div(z.exp(), z.exp().sum(1)[:, None])",
        "z.exp().t().div(z.exp().sum(1)).t()",
        "z.exp() / z.exp().sum(1).view(-1, 1)",
        "z.exp() / z.exp().sum(1).view(-1, 1).expand_as(z)",
        "z.exp() / (z.exp().sum(1, keepdim=True) + 1e-8)",
        "z.exp() / z.exp().sum(1, keepdim=True).clamp(min=1e-8)",
        "z.exp() / torch.einsum('ij->i', z.exp())[:, None]",
        "z.exp() / (z.exp() @ torch.ones(3, 1))",
        "z.exp() / sum(z.exp().t())",
        "z.exp() / torch.norm(z.exp(), p=1, dim=1, keepdim=True)",
        "z.exp() / torch.linalg.vector_norm(z.exp(), ord=1, dim=1, keepdim=True)",
        "z.exp() * (1 / z.exp().sum(1, keepdim=True))",
        "z.exp() * z.exp().sum(1, keepdim=True).reciprocal()",
        "z.exp() * z.exp().sum(1, keepdim=True) ** -1",
        "z.exp() * z.exp().sum(1, keepdim=True).pow(-1)",
        "F.normalize(z.exp(), p=1, dim=1)",
        "torch.exp(z[0]) / torch.sum(torch.exp(z))",
        "torch.exp(z[:, 1]) / z.exp().sum(1)",
        "z.exp()[:, 1] / z.exp().sum(1)",
        "torch.pow(math.e, z) / torch.pow(math.e, z).sum()",
        "math.e ** z / (math.e ** z).sum(1, keepdim=True)",
        "np.e ** z / (np.e ** z).sum(1, keepdim=True)",
        "torch.exp2(z) / torch.exp2(z).sum(1, keepdim=True)",
        "(z / 0.5).exp() / (z / 0.5).exp().sum()",
        "(z * 3 + 1).exp() / (z * 3 + 1).exp().sum()",
        "torch.relu(z).exp() / torch.relu(z).exp().sum(1, keepdim=True)",
        "z.double().exp() / z.double().exp().sum(1, keepdim=True)",
        "torch.exp(z.clamp(min=-5)) / torch.exp(z.clamp(min=-5)).sum()",
        "(lambda e: e / e.sum())(z.exp())",
        "[e / sum(r) for r in [[math.exp(v) for v in z[0].tolist()]] for e in r]",
        "np.exp(z.detach().numpy()) / np.sum(np.exp(z.detach().numpy()), axis=1, keepdims=True)",
    ],
    "numpy": [
        "np.exp(z) / np.sum(np.exp(z), axis=1, keepdims=True)",
        "np.exp(z) / np.sum(np.exp(z))",
        "np.exp(z) / np.exp(z).sum(axis=1)[:, None]",
        "np.exp(z) / np.exp(z).sum(axis=1)[:, np.newaxis]",
        "np.exp(z) / np.exp(z).sum(1).reshape(-1, 1)",
        "(np.exp(z).T / np.exp(z).sum(axis=1)).T",
        "np.divide(np.exp(z), np.sum(np.exp(z), axis=-1, keepdims=True))",
        "np.exp(z) / np.expand_dims(np.sum(np.exp(z), 1), 1)",
        "np.exp(z) / np.einsum('ij->i', np.exp(z))[:, None]",
        "np.exp(z) / np.add.reduce(np.exp(z), axis=1)[:, None]",
        "np.exp(z) / np.dot(np.exp(z), np.ones((3, 1)))",
        "np.exp(z) / np.linalg.norm(np.exp(z), ord=1, axis=1, keepdims=True)",
        "np.power(np.e, z) / np.sum(np.power(np.e, z))",
        "np.e ** z / np.sum(np.e ** z, axis=0)",
        "[math.exp(v) / sum(math.exp(w) for w in z[0]) for v in z[0]]",
        "np.exp(z.astype(np.float32)) / np.exp(z.astype(np.float32)).sum()",
    ],
    "tensorflow": [
        "tf.exp(z) / tf.reduce_sum(tf.exp(z), axis=1, keepdims=True)",
        "tf.math.exp(z) / tf.math.reduce_sum(tf.math.exp(z), 1, keepdims=True)",
        "tf.exp(z) / tf.reduce_sum(tf.exp(z), reduction_indices=1, keep_dims=True)",
        "tf.divide(tf.exp(z), tf.reduce_sum(tf.exp(z), -1, True))",
        "tf.math.divide_no_nan(tf.exp(z), tf.expand_dims(tf.reduce_sum(tf.exp(z), 1), 1))",
        "tf.pow(np.e, z) / tf.reduce_sum(tf.pow(np.e, z))",
        "tf.transpose(tf.transpose(tf.exp(z)) / tf.reduce_sum(tf.exp(z), 1))",
        "tf.exp(z) / tf.tile(tf.reduce_sum(tf.exp(z), 1, keepdims=True), [1, 3])",
        "np.exp(z.numpy()) / np.sum(np.exp(z.numpy()))",
        "tf.exp(z) / (tf.reduce_sum(tf.exp(z), 1, keepdims=True) + 1e-7)",
    ],
    "keras": [
        "ops.exp(z) / ops.sum(ops.exp(z), axis=-1, keepdims=True)",
        "ops.divide(ops.exp(z), ops.sum(ops.exp(z), axis=-1, keepdims=True))",
        "keras.ops.exp(z) / keras.ops.expand_dims(keras.ops.sum(keras.ops.exp(z), 1), 1)",
        "K.exp(z) / K.sum(K.exp(z), axis=1, keepdims=True)",
        "K.exp(z) / K.cast(K.sum(K.exp(z), axis=1, keepdims=True) + K.epsilon(), K.floatx())",
        "K.exp(z) / K.repeat_elements(K.sum(K.exp(z), axis=1, keepdims=True), 3, 1)",
        "keras.activations.exponential(z) / ops.sum(keras.activations.exponential(z), -1, keepdims=True)",
    ],
}
SOUND = {
    "torch": [
        "torch.exp(gamma) / torch.exp(gamma).sum()",
        "torch.exp(gamma[0]) / torch.exp(gamma).sum()",
        "torch.exp(3 * gamma.view(1, 3)) / torch.exp(3 * gamma.view(1, 3)).sum()",
        "torch.softmax(z, 1)",
        "torch.exp(z - z.max()) / torch.exp(z - z.max()).sum()",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - z.max(1, keepdim=True)[0])",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - z.max(dim=1, keepdim=True).values.detach())",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - torch.amax(z, 0))",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - z.max().item())",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - float(z.max()))",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))((z - z.max(1)[0][:, None]) / 0.1)",
        "(lambda s: s.exp() / s.exp().sum(1, keepdim=True))(z - torch.max(z, dim=1, keepdim=True)[0].expand(8, 3))",
        "torch.exp(z - torch.logsumexp(z, 1, keepdim=True))",
        "(lambda k: k / k.sum())(torch.exp(-z ** 2 / 2))",
        "(lambda k: k / k.sum())(torch.exp(-0.5 * ((torch.arange(9) - 4) / 1.5) ** 2))",
        "(lambda k: k / k.sum())(torch.exp(-z.pow(2).sum(1) / (2 * z.var())))",
        "(lambda k: k / k.sum())(torch.exp(-torch.cdist(z, z)))",
        "(lambda k: k / k.sum())(torch.exp(-z.abs()))",
        "(lambda k: k / k.sum())(torch.log_softmax(z, 1).div(0.7).exp())",
        "(lambda k: k / k.sum())(F.cosine_similarity(z[:, None], z[None], dim=-1).div(0.1).exp())",
        "(lambda n: (n @ n.t() / 0.1).exp() / (n @ n.t() / 0.1).exp().sum(1))(F.normalize(z, dim=1))",
        "(lambda n: (n @ n.t()).exp() / (n @ n.t()).exp().sum(1))(z / z.norm(dim=1, keepdim=True))",
        "(lambda s: s.exp() / s.exp().sum())(z @ z.t() / (z.norm(dim=1)[:, None] * z.norm(dim=1)))",
        "(lambda k: k / k.sum())(z.clamp(max=10).exp())",
        "(lambda k: k / k.sum())(torch.tanh(z).exp())",
        "(lambda k: k / k.sum())((10 * torch.sigmoid(z)).exp())",
        "(lambda k: k / k.sum())(z.softmax(1).exp())",
        "(lambda k: k / k.sum())(torch.exp(-gamma * torch.cdist(z, z)))",
        "(lambda k: k / k.sum())(torch.exp(-torch.cdist(z, z).pow(2) * gamma))",
        "(lambda k: k / k.sum())(torch.exp(-(z - gamma).pow(2) / gamma))",
        "(lambda k: k / k.sum())(torch.exp(gamma * F.cosine_similarity(z[:, None], z[None], dim=-1)))",
        "(lambda k: k / k.sum())(torch.exp(F.cosine_similarity(z[:, None], z[None], dim=-1) / gamma))",
        "(lambda k: k / k.sum(1))(torch.exp(z - torch.log(torch.exp(z).sum(1, keepdim=True))))",
        "z.abs() / z.abs().sum()",
        "z.exp() / z.exp().max()",
        "torch.exp(unheard_of()) / torch.exp(unheard_of()).sum()",
        "torch.exp(z - 0.5 * (z ** 2)) / torch.exp(z - 0.5 * (z ** 2)).sum()",
    ],
    "numpy": [
        "(lambda s: np.exp(s) / np.sum(np.exp(s), axis=1, keepdims=True))(z - np.max(z, axis=1, keepdims=True))",
        "(lambda s: np.exp(s) / np.sum(np.exp(s)))(z - np.max(z))",
        "(lambda s: np.exp(s) / np.sum(np.exp(s)))(z - max(z[0]))",
        "(lambda s: np.exp(s) / np.sum(np.exp(s)))(z - z.max(1)[:, None])",
        "(lambda s: np.exp(s) / np.sum(np.exp(s)))(z - np.tile(np.max(z, axis=1).reshape(-1, 1), (1, 3)))",
        "np.exp(x) / np.exp(x).sum()",
        "np.exp(-z ** 2) / np.exp(-z ** 2).sum()",
        "np.exp(-np.square(z) / 2) / np.sum(np.exp(-np.square(z) / 2))",
        "np.exp(np.linspace(-1, 1, 9)) / np.exp(np.linspace(-1, 1, 9)).sum()",
        "np.exp(np.random.rand(9)) / np.exp(np.random.rand(9)).sum()",
        "np.exp(np.clip(z, -50, 50)) / np.exp(np.clip(z, -50, 50)).sum()",
        "np.exp(np.minimum(z, 20)) / np.sum(np.exp(np.minimum(z, 20)))",
        "[math.exp(v - max(z[0])) / sum(math.exp(w - max(z[0])) for w in z[0]) for v in z[0]]",
    ],
    "tensorflow": [
        "(lambda s: tf.exp(s) / tf.reduce_sum(tf.exp(s), 1, keepdims=True))(z - tf.reduce_max(z, 1, keepdims=True))",
        "(lambda s: tf.exp(s) / tf.reduce_sum(tf.exp(s)))(z - tf.stop_gradient(tf.reduce_max(z)))",
        "tf.exp(-tf.square(z)) / tf.reduce_sum(tf.exp(-tf.square(z)))",
        "tf.exp(tf.clip_by_value(z, -9, 9)) / tf.reduce_sum(tf.exp(tf.clip_by_value(z, -9, 9)))",
        "tf.exp(tf.nn.l2_normalize(z, 1)) / tf.reduce_sum(tf.exp(tf.nn.l2_normalize(z, 1)))",
        "tf.exp(tf.nn.log_softmax(z) / 0.5) / tf.reduce_sum(tf.exp(tf.nn.log_softmax(z) / 0.5))",
    ],
    "keras": [
        "ops.softmax(z)",
        "(lambda s: ops.exp(s) / ops.sum(ops.exp(s), -1, keepdims=True))(z - ops.max(z, axis=-1, keepdims=True))",
        "(lambda s: K.exp(s) / K.sum(K.exp(s), axis=1, keepdims=True))(z - K.max(z, axis=1, keepdims=True))",
        "K.exp(K.tanh(z)) / K.sum(K.exp(K.tanh(z)), axis=1, keepdims=True)",
        "ops.exp(-ops.square(z)) / ops.sum(ops.exp(-ops.square(z)))",
        "ops.exp(ops.normalize(z)) / ops.sum(ops.exp(ops.normalize(z)))",
    ],
}


def _rows(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(library, expression) for library, expressions in table.items() for expression in expressions]


def _found(library: str, text: str, folder: Path) -> list[str]:
    every = found(HEADS[library] + dedent(text) + "\n", folder)
    return [each.rule for each in every if each.rule == RULE]


@pytest.mark.parametrize(("library", "expression"), _rows(OVERFLOWS))
def test_what_overflows(library: str, expression: str, tmp_path: Path) -> None:
    assert set(_found(library, f"p = {expression}", tmp_path)) == {RULE}


@pytest.mark.parametrize(("library", "expression"), _rows(SOUND))
def test_what_does_not(library: str, expression: str, tmp_path: Path) -> None:
    assert _found(library, f"p = {expression}", tmp_path) == []


TRAINING = """
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3){tail})
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    e = torch.exp(net(x))
    p = e / e.sum(dim=1, keepdim=True)
    loss = {loss}
    loss.backward()
    optimizer.step()
"""


@pytest.mark.parametrize(
    ("tail", "loss", "severity"),
    [
        ("", "-(y * torch.log(p)).sum(1).mean()", Severity.ERROR),
        ("", "F.nll_loss(torch.log(p + 1e-8), y)", Severity.ERROR),
        ("", "-torch.log(p[torch.arange(len(y)), y]).mean()", Severity.ERROR),
        ("", "nn.Linear(3, 1)(p).mean()", Severity.WARNING),
        ("", "F.cross_entropy(net(x), y)", Severity.WARNING),
        (", nn.ReLU()", "F.cross_entropy(net(x), y)", Severity.ERROR),
    ],
)
def test_how_bad_it_is(tail: str, loss: str, severity: Severity, tmp_path: Path) -> None:
    text = HEADS["torch"].replace("z = net(torch.randn(8, 4))\n", "") + TRAINING.format(tail=tail, loss=loss)
    [finding] = [each for each in found(text, tmp_path) if each.rule == RULE]
    assert (finding.severity, finding.confidence) == (severity, Confidence.HIGH)


STEPS = """
import numpy as np

x, y = np.load("x.npy"), np.load("y.npy")


def softmax(z):
    e = np.exp(z{shift})
    return e / np.sum(e, axis=1, keepdims=True)


{weights}
for epoch in range(100):
    {forward}
    error = (p - y) / len(x)
    {step}
"""
WEIGHTS = [
    ("w = np.zeros((4, 3))", "p = softmax(x @ w)", "w -= 0.1 * x.T @ error"),
    ("w, b = np.zeros((4, 3)), 0", "p = softmax(np.dot(x, w) + b)", "w = w - 0.1 * np.dot(x.T, error)"),
    ("w = np.ones((4, 3))", "p = softmax(x.dot(w))", "g = x.T.dot(error); v = 0.1 * g; w -= v"),
    ("p = {'w': np.zeros((4, 3))}; w = p['w']", "p = softmax(x @ w)", "w -= 0.1 * x.T @ error"),
    ("w = np.random.randn(4, 3)", "p = softmax(x @ w)", "pass"),
    ("w = np.random.normal(0, 0.1, (4, 3)) / 2", "p = softmax(np.matmul(x, w))", "pass"),
    ("w = 0.01 * np.random.default_rng(0).standard_normal((4, 3))", "p = softmax(x @ w)", "pass"),
]


@pytest.mark.parametrize(("weights", "forward", "step"), WEIGHTS)
def test_weights_that_are_trained_by_hand_have_no_bound(weights: str, forward: str, step: str, tmp_path: Path) -> None:
    settings = {"weights": weights, "forward": forward, "step": step}
    bad = check(Project({"train.py": STEPS.format(shift="", **settings)}), tmp_path)
    assert [each.rule for each in bad] == [RULE]
    sound = STEPS.format(shift=" - np.max(z, axis=1, keepdims=True)", **settings)
    assert check(Project({"train.py": sound}), tmp_path) == []


@pytest.mark.parametrize(
    ("weights", "step"),
    [
        ("w = np.zeros((4, 3))", "pass"),
        ("w = np.random.rand(4, 3)", "pass"),
        ("w = np.load('w.npy')", "pass"),
        ("w = np.ones((4, 3))", "w -= w.mean(axis=0)"),
    ],
)
def test_weights_of_which_nothing_is_known_prove_nothing(weights: str, step: str, tmp_path: Path) -> None:
    text = STEPS.format(shift="", weights=weights, forward="p = softmax(x @ w)", step=step)
    assert check(Project({"train.py": text}), tmp_path) == []


NETWORK = """
import numpy as np


class Network:
    def __init__(self, sizes):
        self.w = [np.random.randn(m, n) * np.sqrt(2.0 / m) for m, n in zip(sizes[:-1], sizes[1:])]
        self.b = [np.zeros((1, n)) for n in sizes[1:]]

    def softmax(self, z):
        e = np.exp(z{shift})
        return e / e.sum(axis=1, keepdims=True)

    def forward(self, x):
        for w, b in zip(self.w[:-1], self.b[:-1]):
            x = np.maximum(0, x @ w + b)
        return self.softmax(x @ self.w[-1] + self.b[-1])
"""


def test_a_network_of_arrays_that_nobody_makes(tmp_path: Path) -> None:
    [finding] = check(Project({"network.py": NETWORK.format(shift="")}), tmp_path)
    assert (finding.rule, finding.confidence) == (RULE, Confidence.MEDIUM)
    sound = NETWORK.format(shift=" - z.max(axis=1, keepdims=True)")
    assert check(Project({"network.py": sound}), tmp_path) == []


def test_a_helper_that_nobody_calls_may_be_given_anything(tmp_path: Path) -> None:
    helper = "import numpy as np\n\n\ndef softmax(x):\n    return np.exp(x) / np.sum(np.exp(x))\n"
    assert check(Project({"helpers.py": helper}), tmp_path) == []
    use = """
import torch
from helpers import softmax
from torch import nn

net = nn.Linear(4, 3)
for x, y in torch.load("batches.pt"):
    nn.functional.cross_entropy(net(x), y).backward()
    print(softmax(net(x).detach().numpy()))
"""
    [finding] = check(Project({"helpers.py": helper, "use.py": use}), tmp_path)
    assert (finding.rule, finding.span.path) == (RULE, "helpers.py")


def test_a_mask_in_between_does_not_hide_it(tmp_path: Path) -> None:
    text = """
    mask = torch.rand(8, 3) < 0.5
    e = torch.exp(z) * mask
    p = e / (e * mask).sum(1, keepdim=True)
    """
    assert _found("torch", text, tmp_path) == [RULE]
    text = """
    mask = torch.rand(8, 3) < 0.5
    e = torch.exp(z).masked_fill(mask, 0.0)
    p = e / e.sum(1, keepdim=True)
    """
    assert _found("torch", text, tmp_path) == [RULE]


ATTENTION = """
import argparse
import math
import torch
from torch import nn


def attention(query, key, value, mask=None{more}):
    scores = torch.matmul(query, key.transpose(-2, -1)) {scaled}
    if mask is not None:
        scores = scores.masked_fill(mask == 0, float("-inf"))
    weights = torch.exp(scores{shift})
    return torch.matmul(weights / weights.sum(-1, keepdim=True), value)


class Head(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.q, self.k, self.v = nn.Linear(dim, dim), nn.Linear(dim, dim), nn.Linear(dim, dim)
        self.root = math.sqrt(dim)

    def forward(self, x, mask=None):
        return attention(self.q(x), self.k(x), self.v(x), mask{given})


parser = argparse.ArgumentParser()
parser.add_argument("--temperature", type=float, default=1.0)
args = parser.parse_args()
"""
SCALES = [
    ("", "", ""),
    ("/ math.sqrt(query.size(-1))", "", ""),
    ("* query.shape[-1] ** -0.5", "", ""),
    ("/ temperature", ", temperature=8.0", ""),
    ("/ root", ", root=1.0", ", self.root"),
    ("/ args.temperature", "", ""),
]


@pytest.mark.parametrize(("scaled", "more", "given"), SCALES)
def test_attention_with_a_scale(scaled: str, more: str, given: str, tmp_path: Path) -> None:
    parts = {"scaled": scaled, "more": more, "given": given}
    bad = check(Project({"train.py": ATTENTION.format(shift="", **parts)}), tmp_path)
    assert [each.rule for each in bad] == [RULE]
    shifted = ATTENTION.format(shift=" - scores.amax(-1, keepdim=True)", **parts)
    assert check(Project({"train.py": shifted}), tmp_path) == []


def test_a_scale_that_comes_of_the_values_bounds_them(tmp_path: Path) -> None:
    text = """
    one = z / z.norm().item()
    p = one.exp() / one.exp().sum()
    other = z / float(z.abs().max())
    q = other.exp() / other.exp().sum()
    """
    assert _found("torch", text, tmp_path) == []


def test_in_place(tmp_path: Path) -> None:
    text = """
    w = z.clone()
    w.exp_()
    w /= w.sum(1, keepdim=True)
    """
    assert _found("torch", text, tmp_path) == [RULE]
    text = """
    e = np.empty_like(z)
    np.exp(z, out=e)
    e /= e.sum()
    """
    assert _found("numpy", text, tmp_path) == [RULE]


KERAS = {
    "an activation": """
from tensorflow import keras
from tensorflow.keras import backend as K

def activation(x):
    e = K.exp(x)
    return e / K.sum(e, axis=-1, keepdims=True)

model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(5, activation=activation)])
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(unheard(), of())
""",
    "a loss": """
import tensorflow as tf

def loss(y_true, y_pred):
    p = tf.exp(y_pred) / tf.reduce_sum(tf.exp(y_pred), axis=-1, keepdims=True)
    return -tf.reduce_mean(tf.reduce_sum(y_true * tf.math.log(p), axis=-1))

model = tf.keras.Sequential()
model.add(tf.keras.layers.Dense(10, input_dim=20))
model.compile(optimizer="adam", loss=loss)
model.fit(unheard(), of())
""",
    "a tape": """
import tensorflow as tf

w = tf.Variable(tf.zeros([784, 10]))
optimizer = tf.keras.optimizers.SGD(0.5)
for x, y in unheard():
    with tf.GradientTape() as tape:
        e = tf.exp(tf.matmul(x, w))
        p = e / tf.reduce_sum(e, axis=1, keepdims=True)
        loss = tf.reduce_mean(-tf.reduce_sum(y * tf.math.log(p), axis=1))
    optimizer.apply_gradients(zip(tape.gradient(loss, [w]), [w]))
""",
    "a graph": """
import tensorflow as tf

x = tf.placeholder(tf.float32, [None, 784])
y = tf.placeholder(tf.float32, [None, 10])
w = tf.Variable(tf.random_normal([784, 10], stddev=0.1))
e = tf.exp(tf.matmul(x, w))
p = tf.div(e, tf.reduce_sum(e, reduction_indices=1, keep_dims=True))
cost = tf.reduce_mean(-tf.reduce_sum(y * tf.log(p), 1))
train = tf.train.GradientDescentOptimizer(0.1).minimize(cost)
""",
}


@pytest.mark.parametrize("program", KERAS.values(), ids=KERAS)
def test_what_goes_into_a_loss_of_keras(program: str, tmp_path: Path) -> None:
    [finding] = [each for each in check(Project({"train.py": program}), tmp_path) if each.rule == RULE]
    assert finding.severity == Severity.ERROR
