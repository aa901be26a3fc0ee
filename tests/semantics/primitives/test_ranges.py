"""Whatever a program computes lies within the range that the analysis gives, and reaches as far as it says.

Every expression is computed twice: in plain Python for each number of the input, and by the analysis for the range of
all of them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import predictions, ranges
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Tensor, Value


def contains(value: Value, result: float) -> bool:
    """Whether a result lies in a range, but for the last digits of floating point."""
    slack = 1e-9 * max(1.0, abs(result))
    return any(each.lo - slack <= result <= each.hi + slack for each in ranges(value))


def results(function: Callable[..., float], *arguments: Iterable[float]) -> list[float]:
    """The results that exist."""
    found = []
    for each in zip(*arguments, strict=True):
        try:
            result = function(*each)
        except (ValueError, ZeroDivisionError, OverflowError):
            continue
        if not isinstance(result, complex) and math.isfinite(result):
            found.append(float(result))
    return found


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


EACH: dict[str, Callable[[float], float]] = {
    # Activations
    "F.relu(x)": lambda x: max(x, 0.0),
    "nn.ReLU()(x)": lambda x: max(x, 0.0),
    "x.relu()": lambda x: max(x, 0.0),
    "F.relu6(x)": lambda x: min(max(x, 0.0), 6.0),
    "F.leaky_relu(x)": lambda x: max(x, 0.01 * x),
    "F.leaky_relu(x, 0.2)": lambda x: max(x, 0.2 * x),
    "F.elu(x)": lambda x: x if x > 0 else math.expm1(x),
    "F.elu(x, alpha=2.0)": lambda x: x if x > 0 else 2.0 * math.expm1(x),
    "F.celu(x, 0.5)": lambda x: x if x > 0 else 0.5 * math.expm1(x / 0.5),
    "F.selu(x)": lambda x: 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x)),
    "F.gelu(x)": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "F.silu(x)": lambda x: x * sigmoid(x),
    "F.mish(x)": lambda x: x * math.tanh(softplus(x)),
    "F.hardswish(x)": lambda x: x * min(max(x + 3, 0), 6) / 6,
    "F.softplus(x)": softplus,
    "F.softshrink(x)": lambda x: x - 0.5 if x > 0.5 else x + 0.5 if x < -0.5 else 0.0,
    "F.hardshrink(x)": lambda x: x if abs(x) > 0.5 else 0.0,
    "F.tanhshrink(x)": lambda x: x - math.tanh(x),
    "F.threshold(x, 1.0, -7.0)": lambda x: x if x > 1.0 else -7.0,
    "F.hardtanh(x)": lambda x: min(max(x, -1.0), 1.0),
    "F.hardtanh(x, -2.0, 0.5)": lambda x: min(max(x, -2.0), 0.5),
    "F.hardsigmoid(x)": lambda x: min(max(x / 6 + 0.5, 0.0), 1.0),
    "F.softsign(x)": lambda x: x / (1 + abs(x)),
    "torch.sigmoid(x)": sigmoid,
    "x.sigmoid()": sigmoid,
    "F.logsigmoid(x)": lambda x: -softplus(-x),
    "torch.tanh(x)": math.tanh,
    # Arithmetic
    "x": lambda x: x,
    "-x": lambda x: -x,
    "abs(x)": abs,
    "x.abs()": abs,
    "x + 1": lambda x: x + 1,
    "1 - x": lambda x: 1 - x,
    "x * -2.5": lambda x: x * -2.5,
    "x * 0": lambda x: 0.0,
    "x / 255": lambda x: x / 255,
    "1 / x": lambda x: 1 / x,
    "2 / (x * x)": lambda x: 2 / (x * x),
    "x * x": lambda x: x * x,
    "x ** 2": lambda x: x**2,
    "x ** 3": lambda x: x**3,
    "x ** -1": lambda x: x**-1,
    "x ** 0.5": lambda x: math.sqrt(x),
    "2 ** x": lambda x: 2**x,
    "x // 2": lambda x: x // 2,
    "x % 3": lambda x: x % 3,
    "x.pow(2)": lambda x: x**2,
    "x.square()": lambda x: x**2,
    "torch.pow(x, 3)": lambda x: x**3,
    "torch.sqrt(x)": math.sqrt,
    "x.exp()": math.exp,
    "torch.log(x)": math.log,
    "torch.sin(x)": math.sin,
    "torch.cos(x)": math.cos,
    "torch.atan(x)": math.atan,
    "torch.erf(x)": math.erf,
    "torch.sign(x)": lambda x: math.copysign(1.0, x) if x else 0.0,
    "torch.neg(x)": lambda x: -x,
    "torch.round(x)": round,
    "torch.floor(x)": math.floor,
    "torch.ceil(x)": math.ceil,
    "x.long()": math.trunc,
    "x.int()": math.trunc,
    "torch.clamp(x, -1, 2)": lambda x: min(max(x, -1), 2),
    "x.clamp(min=0.5)": lambda x: max(x, 0.5),
    "x.clamp(max=0.5)": lambda x: min(x, 0.5),
    "np.clip(x, 0, 1)": lambda x: min(max(x, 0), 1),
    "torch.maximum(x, -x)": abs,
    "torch.minimum(x, x * 2)": lambda x: min(x, x * 2),
    "torch.where(x > 0, x, x * 3)": lambda x: x if x > 0 else x * 3,
    "x.masked_fill(x < 0, 9.0)": lambda x: x if x >= 0 else 9.0,
    # Compositions that the analysis knows by themselves
    "1 / (1 + torch.exp(-x))": sigmoid,
    "x - x": lambda x: 0.0,
    "x / (x.abs() + 1)": lambda x: x / (abs(x) + 1),
    "(x - 127.5) / 127.5": lambda x: (x - 127.5) / 127.5,
    "x * 2 - 1": lambda x: x * 2 - 1,
    "torch.log(torch.sigmoid(x))": lambda x: math.log(sigmoid(x)),
    "1 - torch.sigmoid(x)": lambda x: 1 - sigmoid(x),
    "torch.exp(F.logsigmoid(x))": sigmoid,
    "torch.clamp(torch.sigmoid(x), 1e-7, 1 - 1e-7)": lambda x: min(max(sigmoid(x), 1e-7), 1 - 1e-7),
    "F.relu(x) + F.relu(-x)": abs,
    "F.relu(x) * -1": lambda x: -max(x, 0.0),
    # The same elsewhere
    "x.view(-1)": lambda x: x,
    "x.unsqueeze(0).squeeze()": lambda x: x,
    "x.detach().cpu().float().clone()": lambda x: x,
    "torch.flatten(x)": lambda x: x,
    "x[0]": lambda x: x,
    "torch.cat([x, x * 2])": lambda x: 2 * x,
    "torch.stack([x, -x], dim=1)": lambda x: -x,
    "F.dropout(x, 0.5, training=False)": lambda x: x,
    "F.dropout(x, 0.5)": lambda x: 2 * x,
    "nn.Dropout(0.75)(x)": lambda x: 4 * x,
    "F.pad(x, (1, 1))": lambda x: 0.0,
}


def softmax(xs: list[float]) -> list[float]:
    powers = [math.exp(x - max(xs)) for x in xs]
    return [each / sum(powers) for each in powers]


def mean(xs: list[float]) -> float:
    return sum(xs) / len(xs)


def deviation(xs: list[float]) -> float:
    return math.sqrt(sum((x - mean(xs)) ** 2 for x in xs) / (len(xs) - 1))


ALL: dict[str, Callable[[list[float]], list[float]]] = {
    "x.sum()": lambda xs: [sum(xs)],
    "torch.sum(x, dim=0)": lambda xs: [sum(xs)],
    "x.mean()": lambda xs: [mean(xs)],
    "x.max()": lambda xs: [max(xs)],
    "x.min()": lambda xs: [min(xs)],
    "x.amax(dim=0)": lambda xs: [max(xs)],
    "torch.max(x, dim=0)[0]": lambda xs: [max(xs)],
    "torch.max(x, dim=0).values": lambda xs: [max(xs)],
    "x.argmax()": lambda xs: [xs.index(max(xs))],
    "x.median()": lambda xs: [sorted(xs)[(len(xs) - 1) // 2]],
    "x.std()": lambda xs: [deviation(xs)],
    "x.var()": lambda xs: [deviation(xs) ** 2],
    "x.norm()": lambda xs: [math.sqrt(sum(x * x for x in xs))],
    "torch.logsumexp(x, dim=0)": lambda xs: [max(xs) + math.log(sum(math.exp(x - max(xs)) for x in xs))],
    "F.softmax(x, dim=0)": softmax,
    "x.softmax(-1)": softmax,
    "F.log_softmax(x, dim=0)": lambda xs: [math.log(each) for each in softmax(xs) if each],
    "torch.log(F.softmax(x, dim=0))": lambda xs: [math.log(each) for each in softmax(xs) if each],
    "F.normalize(x, dim=0)": lambda xs: [x / max(math.sqrt(sum(y * y for y in xs)), 1e-12) for x in xs],
    "x / x.norm()": lambda xs: [x / math.sqrt(sum(y * y for y in xs)) for x in xs if any(xs)],
    "x - x.max()": lambda xs: [x - max(xs) for x in xs],
    "x - x.min()": lambda xs: [x - min(xs) for x in xs],
    "x - x.mean()": lambda xs: [x - mean(xs) for x in xs],
    "x - torch.logsumexp(x, dim=0)": lambda xs: [math.log(each) for each in softmax(xs) if each],
    "torch.exp(x - x.max())": lambda xs: [math.exp(x - max(xs)) for x in xs],
    "torch.exp(x) / torch.exp(x).sum()": softmax,
    "x.exp() / x.exp().sum(dim=0, keepdim=True)": softmax,
    "F.relu(x) / F.relu(x).sum()": lambda xs: [max(x, 0) / sum(max(y, 0) for y in xs) for x in xs if max(xs) > 0],
    "x.abs() / x.abs().max()": lambda xs: [abs(x) / max(abs(y) for y in xs) for x in xs if any(xs)],
    "(x - x.mean()) / x.std()": lambda xs: [(x - mean(xs)) / deviation(xs) for x in xs if deviation(xs) > 1e-6],
    "(x - x.min()) / (x.max() - x.min())": lambda xs: [(x - min(xs)) / (max(xs) - min(xs)) for x in xs if max(xs) > min(xs)],
    "(x ** 2).mean().sqrt()": lambda xs: [math.sqrt(mean([x * x for x in xs]))],
    "F.max_pool1d(x, 2)": lambda xs: [max(xs[0], xs[1])],
    "F.avg_pool1d(x, 2)": lambda xs: [mean(xs[:2])],
    "torch.cumsum(x, 0)": lambda xs: [sum(xs[: at + 1]) for at in range(len(xs))],
    "torch.prod(x)": lambda xs: [math.prod(xs)],
    "x @ x": lambda xs: [sum(x * x for x in xs)],
    "torch.linspace(x[0], x[1], 3)": lambda xs: [mean(xs[:2])],
}  # fmt: skip

BOTH: dict[str, Callable[[float, float], float]] = {
    "x + y": lambda x, y: x + y,
    "x - y": lambda x, y: x - y,
    "x * y": lambda x, y: x * y,
    "x / y": lambda x, y: x / y,
    "x / (1 + y * y)": lambda x, y: x / (1 + y * y),
    "torch.add(x, y)": lambda x, y: x + y,
    "x.sub(y)": lambda x, y: x - y,
    "x.mul(y)": lambda x, y: x * y,
    "torch.div(x, y)": lambda x, y: x / y,
    "torch.maximum(x, y)": max,
    "torch.max(x, y)": max,
    "torch.minimum(x, y)": min,
    "torch.where(x > y, x, y)": max,
    "(x - y) ** 2": lambda x, y: (x - y) ** 2,
    "(x - y).abs()": lambda x, y: abs(x - y),
    "x * 0.9 + y * 0.1": lambda x, y: x * 0.9 + y * 0.1,
    "torch.cat([x, y])": lambda x, y: y,
    "torch.atan2(x, y)": math.atan2,
    "torch.sigmoid(x) * torch.sigmoid(y)": lambda x, y: sigmoid(x) * sigmoid(y),
    "F.relu(x) - F.relu(y)": lambda x, y: max(x, 0) - max(y, 0),
    "torch.sqrt(x ** 2 + y ** 2)": math.hypot,
}

PLAIN: dict[str, Callable[[float, float], float]] = {
    "a + b": lambda a, b: a + b,
    "a - b": lambda a, b: a - b,
    "a * b": lambda a, b: a * b,
    "a / b": lambda a, b: a / b,
    "a // b": lambda a, b: a // b,
    "a % b": lambda a, b: a % b,
    "a ** 2 + b ** 2": lambda a, b: a**2 + b**2,
    "-a": lambda a, b: -a,
    "abs(a)": lambda a, b: abs(a),
    "min(a, b)": min,
    "max(a, b)": max,
    "round(a)": lambda a, b: round(a),
    "int(a)": lambda a, b: int(a),
    "float(b)": lambda a, b: b,
    "a if a > b else b": max,
    "math.exp(a)": lambda a, b: math.exp(a),
    "math.sqrt(abs(a))": lambda a, b: math.sqrt(abs(a)),
    "math.floor(a)": lambda a, b: math.floor(a),
    "max(0, min(a, 1))": lambda a, b: max(0, min(a, 1)),
    "a * (a > 0)": lambda a, b: a * (a > 0),
}

NUMBERS = st.sampled_from([-100.0, -3.0, -1.0, -0.6, -0.3, 0.0, 0.3, 0.6, 1.0, 2.5, 100.0]) | st.floats(-20, 20).map(
    lambda x: round(x, 3)
)
FEW = settings().max_examples // 4  # each runs a program of a hundred lines
ROWS = st.lists(NUMBERS, min_size=3, max_size=3)


def tensor(name: str, xs: list[float]) -> str:
    return f"{name} = torch.tensor({xs})\n"


@settings(max_examples=FEW)
@given(ROWS)
def test_functions_of_each_element(xs):
    for (expression, function), value in zip(EACH.items(), predictions(tensor("x", xs), EACH), strict=True):
        for result in results(function, xs):
            assert not ranges(value) or contains(value, result), (expression, result, ranges(value))


@settings(max_examples=FEW)
@given(ROWS)
def test_functions_of_all_elements(xs):
    for (expression, function), value in zip(ALL.items(), predictions(tensor("x", xs), ALL), strict=True):
        for result in function(xs):
            assert not ranges(value) or contains(value, result), (expression, result, ranges(value))


@settings(max_examples=FEW)
@given(ROWS, ROWS)
def test_functions_of_two_tensors(xs, ys):
    head = tensor("x", xs) + tensor("y", ys)
    for (expression, function), value in zip(BOTH.items(), predictions(head, BOTH), strict=True):
        for result in results(function, xs, ys):
            assert not ranges(value) or contains(value, result), (expression, result, ranges(value))


@settings(max_examples=FEW)
@given(NUMBERS, NUMBERS)
def test_plain_numbers(a, b):
    for (expression, function), value in zip(PLAIN.items(), predictions(f"a, b = {a}, {b}\n", PLAIN), strict=True):
        for result in results(function, [a], [b]):
            assert not ranges(value) or contains(value, result), (expression, result, ranges(value))


# What is known to be reached, and so can be said to be too much

POSITIVE = [0.0, *(10.0**power for power in range(-12, 9)), *(each / 50 for each in range(500))]
FILLED = {
    "torch.rand(3)": [each for each in POSITIVE if each < 1] + [0.999],
    "torch.rand(3) * 2 + 0.6": [each + 0.6 for each in POSITIVE if each < 2] + [2.599],
    "torch.rand(3) * 4 - 2": [each - 2 for each in POSITIVE if each < 4] + [-1e-9, 1e-9, 1.999],
    "torch.randn(3)": [*POSITIVE, *(-each for each in POSITIVE)],
    "nn.Linear(3, 3)(torch.zeros(3))": [*POSITIVE, *(-each for each in POSITIVE)],
    "F.relu(nn.Linear(3, 3)(torch.zeros(3)))": POSITIVE,
}


# Of these the function gives only some of the elements.
PARTS = ("torch.cat", "torch.stack", "F.pad", "F.dropout", "nn.Dropout")


def is_reached(interval: Interval, image: list[float]) -> bool:
    """Whether the results go from end to end; those that go far go on forever."""
    low = interval.lo + 0.03 * max(1.0, abs(interval.lo)) if math.isfinite(interval.lo) else -15
    high = interval.hi - 0.03 * max(1.0, abs(interval.hi)) if math.isfinite(interval.hi) else 15
    return min(image) <= low and high <= max(image)


@pytest.mark.parametrize("made", FILLED)
def test_a_tensor_that_is_filled_from_end_to_end(made):
    inputs = FILLED[made]
    for (expression, function), value in zip(EACH.items(), predictions(f"x = {made}\n", EACH), strict=True):
        image = results(function, inputs)
        for result in image:
            assert not ranges(value) or contains(value, result), (expression, result, ranges(value))
        reach = value.reach if isinstance(value, Tensor) and not expression.startswith(PARTS) else None
        assert reach is None or is_reached(reach, image), (expression, str(reach), min(image), max(image))
        assert reach is None or reach.within(ranges(value)[0]), (expression, str(reach), ranges(value))


def test_what_is_not_followed():
    """To be silent is always right, so here is where we are."""
    head = tensor("x", [-1.0, 0.5, 2.0]) + tensor("y", [1.0, 2.0, 4.0])
    every = [*EACH, *ALL, *BOTH]
    silent = [each for each, value in zip(every, predictions(head, every), strict=True) if not ranges(value)]
    assert silent == []
