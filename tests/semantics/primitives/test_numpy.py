"""What is known of arrays after the usual steps between a file of data and a network."""

from __future__ import annotations

import pytest

from tests.support.values import predictions
from trainlint.semantics.values import Number, Tensor

HEAD = """
x = np.random.uniform(0, 255, (10, 4))
w = np.random.randn(4, 3)
u = x.astype("uint8")
copied = x.copy()
copied /= 255
net = nn.Linear(4, 3)(torch.randn(2, 4))
"""

# What an expression lies in, and what it fills.
EXPECTED = {
    "x": ("[0, 255]", "[0, 255]"),
    "x / 255.0": ("[0, 1]", "[0, 1]"),
    "x.astype('float32') / 255": ("[0, 1]", "[0, 1]"),
    "(u / 255).astype(np.float32)": ("[0, 1]", None),
    "copied": ("[0, 1]", "[0, 1]"),
    "x.mean(axis=0)": ("[0, 255]", None),
    "x - x.max(axis=1, keepdims=True)": ("(-∞, 0]", None),
    "x - np.max(x)": ("(-∞, 0]", None),
    "(x - x.mean()) / x.std()": ("(-∞, ∞)", None),
    "np.sqrt(x.var(axis=0) + 0.01)": ("[0.1, ∞)", None),
    "np.exp(x - x.max())": ("(0, 1]", None),
    "np.exp(w)": ("(0, ∞)", "(0, ∞)"),
    "x @ w": ("(-∞, ∞)", "(-∞, ∞)"),
    "np.dot(x, w)": ("(-∞, ∞)", "(-∞, ∞)"),
    "np.clip(x, 0, 10)": ("[0, 10]", "[0, 10]"),
    "x.clip(max=10)": ("[0, 10]", "[0, 10]"),
    "np.stack([x / 255, copied])": ("[0, 1]", "[0, 1]"),
    "np.array([x, x])": ("[0, 255]", "[0, 255]"),
    "np.array([[1, 2], [3, 4]])": ("[1, 4]", None),
    "x.reshape(-1, 4)": ("[0, 255]", "[0, 255]"),
    "x[:, None]": ("[0, 255]", "[0, 255]"),
    "x[..., np.newaxis]": ("[0, 255]", "[0, 255]"),
    "np.expand_dims(x, 1)": ("[0, 255]", "[0, 255]"),
    "np.random.permutation(x)": ("[0, 255]", "[0, 255]"),
    "np.zeros(3) + x": ("[0, 255]", "[0, 255]"),
    "torch.from_numpy(x)": ("[0, 255]", "[0, 255]"),
    "torch.tensor(x / 255)": ("[0, 1]", "[0, 1]"),
    "np.random.default_rng(0).uniform(2, 3, size=4)": ("[2, 3]", "[2, 3]"),
}


def test_ranges_and_reaches():
    found = dict(zip(EXPECTED, predictions(HEAD, EXPECTED), strict=True))
    seen = {}
    for name, value in found.items():
        assert isinstance(value, Tensor), name
        seen[name] = (str(value.range), None if value.reach is None else str(value.reach))
    assert seen == EXPECTED


@pytest.mark.parametrize(
    ("expression", "library"),
    [
        ("x / 255", "numpy.ndarray"),
        ("2 * x", "numpy.ndarray"),
        ("torch.tensor(x)", ""),
        ("net * torch.from_numpy(x)", ""),
        ("net.detach().numpy()", "numpy.ndarray"),
        ("np.exp(net)", "numpy.ndarray"),
        ("x.max(axis=1)", "numpy.ndarray"),
    ],
)
def test_whose_methods_an_array_has(expression: str, library: str):
    [value] = predictions(HEAD, [expression])
    assert isinstance(value, Tensor)
    assert value.library == library


def test_no_gradient_goes_through_numpy():
    before, after = predictions(HEAD, ["net", "np.exp(net)"])
    assert isinstance(before, Tensor) and isinstance(after, Tensor)
    assert before.live and not after.live
    assert after.cut == before.live


def test_what_is_proven_of_statistics():
    asked = ["x.mean(axis=0)", "np.std(x, axis=(0, 1))", "np.sqrt(np.var(x) + 1e-6)", "np.sum(x, 1)[:, None]"]
    kinds = [
        sorted((fact.kind, fact.axes) for fact in value.facts) if isinstance(value, Tensor) else None
        for value in predictions(HEAD, asked)
    ]
    assert kinds == [[("mean", (0,))], [("std", (0, 1))], [("std", None)], [("sum", (1,))]]


def test_one_random_number_is_a_number():
    one, several = predictions(HEAD, ["np.random.uniform(1, 2)", "np.random.uniform(1, 2, 3)"])
    assert isinstance(one, Number) and isinstance(several, Tensor)
    assert str(one.range) == "[1, 2]"
