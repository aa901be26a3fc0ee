"""What PyTorch, NumPy, SciPy and Keras compute lies where the knowledge says, and goes as far as it says."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.frameworks.signatures import resolve
from trainlint.knowledge.library import standard
from trainlint.semantics import intervals
from trainlint.semantics.imports import Program
from trainlint.semantics.intervals import ANY, NON_NEGATIVE, UNIT, Interval
from trainlint.semantics.machine import Arguments, Given, Machine
from trainlint.semantics.values import Flag, Library, Sequence, Tensor, Text, Value, number
from trainlint.source.sources import Sources

POSITIVE = Interval(0.5, math.inf)
NARROW = Interval(-2.0, 3.0)
SAMPLES = 4096


def _spread(shape: tuple[int, ...], low: float, high: float) -> torch.Tensor:
    """Numbers of all sizes from one end of the line to the other, both ends and their neighbours among them."""
    count = math.prod(shape)
    size = torch.exp(torch.empty(count, dtype=torch.float64).uniform_(-36.0, 16.0))
    sign = torch.where(torch.rand(count) < 0.5, -1.0, 1.0)
    near = torch.empty(count, dtype=torch.float64).uniform_(max(low, -4.0), min(high, 4.0))
    wide = low + size if math.isfinite(low) else high - size if math.isfinite(high) else sign * size
    if math.isfinite(low) and math.isfinite(high):
        wide = torch.where(sign > 0, low + size.clamp(max=high - low), high - size.clamp(max=high - low))
    mixed = torch.where(torch.rand(count) < 0.5, near, wide)
    mixed = mixed.reshape(shape)
    middle = min(max(0.0, low), high)
    for i, end in enumerate((low, high, middle)):  # all of a row at one place, so that sums and extremes get there too
        near = end if math.isfinite(end) else math.copysign(4e3, end)
        if len(shape) > 1 and shape[0] > 3:
            mixed[i] = near
        else:
            mixed.view(-1)[i] = near
    return mixed


INPUTS: tuple[Interval, ...] = (
    ANY,
    NON_NEGATIVE,
    Interval(-math.inf, 0.0),
    POSITIVE,
    UNIT,
    NARROW,
    Interval(-1.0, 1.0),
    Interval(0.25, 0.75),
)
Case = tuple[str, tuple[int, ...], tuple[Any, ...], dict[str, Any]]


def case(name: str, *rest: Any, shape: tuple[int, ...] = (SAMPLES,), **keywords: Any) -> Case:
    """A call of ``name`` on samples of ``shape`` with further arguments; "x" stands for more samples."""
    return name, shape, rest, keywords


F = "torch.nn.functional."
IMAGE = (6, 4, 16, 16)
ROWS = (64, 64)
ELEMENTWISE = [
    name
    for name, entry in standard().entries.items()
    if name.startswith(("torch.", "numpy.", "scipy.special.", "keras.ops."))
    and entry.op
    in {
        "curve",
        "sigmoid",
        "log_sigmoid",
        "relu",
        "elu",
        "leaky",
        "softplus",
        "shrunk",
        "squash",
        "exp",
        "log",
        "absolute",
    }
    | {"square", "root", "negative", "bounded", "rounded"}
    and entry.parameters is not None
    and len(entry.required) == 1
    and entry.in_place is not True
    and name
    not in (
        F + "glu",
        "torch.corrcoef",
        "torch.histc",
        "torch.cov",
        "torch.bernoulli",
        "torch.poisson",
        "torch.logcumsumexp",
        "torch.any",
        "torch.linalg.cond",
        F + "one_hot",
        "numpy.any",
        "numpy.corrcoef",
        "numpy.ndarray.round",
        "numpy.random.seed",
        "keras.ops.any",
        "keras.ops.gelu",
    )
]
TABLE: list[Case] = [
    *(case(name) for name in ELEMENTWISE),
    case("torch.clamp", min=-0.5, max=2.0),
    case("torch.clamp_min", 0.1),
    case("torch.pow", 3),
    case("torch.pow", 0.5),
    case("torch.pow", -2),
    case("torch.rsqrt"),
    case("torch.reciprocal"),
    case("torch.nan_to_num"),
    case("torch.remainder", 1.5),
    case("torch.fmod", 1.5),
    case("torch.hypot", "x"),
    case("torch.atan2", "x"),
    case("torch.logaddexp", "x"),
    case("torch.maximum", "x"),
    case("torch.minimum", "x"),
    case("torch.lerp", "x", 0.3),
    case("torch.addcmul", "x", "x", value=0.5),
    case("torch.rsub", "x"),
    case("torch.eq", "x"),
    case(F + "relu6"),
    case(F + "hardtanh", -0.5, 0.25),
    case(F + "leaky_relu", 0.2),
    case(F + "elu", 2.0),
    case(F + "celu", 2.0),
    case(F + "softplus", 3.0),
    case(F + "threshold", 0.1, -7.0),
    case(F + "glu", shape=ROWS),
    case(F + "softmax", dim=-1, shape=ROWS),
    case(F + "softmin", dim=-1, shape=ROWS),
    case(F + "log_softmax", dim=-1, shape=ROWS),
    case(F + "gumbel_softmax", shape=ROWS),
    case(F + "gumbel_softmax", hard=True, shape=ROWS),
    case(F + "normalize", shape=ROWS),
    case(F + "normalize", p=1.0, dim=-1, shape=ROWS),
    case(F + "dropout", 0.9, shape=ROWS),
    case(F + "alpha_dropout", 0.5, training=True, shape=ROWS),
    case(F + "local_response_norm", 3, shape=IMAGE),
    case(F + "layer_norm", (64,), shape=ROWS),
    case(F + "rms_norm", (64,), shape=ROWS),
    case(F + "max_pool2d", 3, padding=1, shape=IMAGE),
    case(F + "max_pool2d", 2, return_indices=True, shape=IMAGE),
    case(F + "avg_pool2d", 3, shape=IMAGE),
    case(F + "avg_pool2d", 3, padding=1, shape=IMAGE),
    case(F + "adaptive_avg_pool2d", 2, shape=IMAGE),
    case(F + "lp_pool2d", 2, 2, shape=IMAGE),
    case(F + "interpolate", scale_factor=1.7, mode="bilinear", shape=IMAGE),
    case(F + "interpolate", scale_factor=1.7, mode="bicubic", shape=IMAGE),
    case(F + "interpolate", scale_factor=2.0, shape=IMAGE),
    case(F + "pixel_shuffle", 2, shape=IMAGE),
    case(F + "unfold", 3, padding=1, shape=IMAGE),
    case(F + "fold", (8, 8), 2, stride=1, shape=(2, 4, 49)),
    case(F + "pad", (1, 1), shape=IMAGE),
    case(F + "pad", (1, 1), value=-9.0, shape=IMAGE),
    case(F + "pad", (1, 1, 1, 1), mode="reflect", shape=IMAGE),
    case(F + "linear", "x", shape=ROWS),
    case(F + "conv2d", "x", shape=(4, 4, 5, 5)),
    case(F + "bilinear", "x", torch.rand(3, 64, 64).double(), shape=ROWS),
    case(F + "cosine_similarity", "x", shape=ROWS),
    case(F + "pairwise_distance", "x", shape=ROWS),
    case(F + "scaled_dot_product_attention", "x", "x", shape=(2, 8, 16)),
    case("torch.cdist", "x", shape=ROWS),
    case("torch.sum", 1, shape=ROWS),
    case("torch.sum", shape=ROWS),
    case("torch.mean", 1, shape=ROWS),
    case("torch.max", 1, shape=ROWS),
    case("torch.amin", 1, shape=ROWS),
    case("torch.median", 1, shape=ROWS),
    case("torch.quantile", 0.3, dim=1, shape=ROWS),
    case("torch.aminmax", shape=ROWS),
    case("torch.logsumexp", 1, shape=ROWS),
    case("torch.logcumsumexp", 1, shape=ROWS),
    case("torch.std", 1, shape=ROWS),
    case("torch.std_mean", 1, shape=ROWS),
    case("torch.norm", shape=ROWS),
    case("torch.linalg.vector_norm", dim=1, shape=ROWS),
    case("torch.cumsum", 1, shape=ROWS),
    case("torch.cumprod", 1, shape=ROWS),
    case("torch.prod", 1, shape=ROWS),
    case("torch.trace", shape=ROWS),
    case("torch.cummax", 1, shape=ROWS),
    case("torch.corrcoef", shape=ROWS),
    case("torch.topk", 3, shape=ROWS),
    case("torch.sort", shape=ROWS),
    case("torch.argmax", 1, shape=ROWS),
    case("torch.any", 1, shape=ROWS),
    case("torch.matmul", "x", shape=ROWS),
    case("torch.addmm", "x", "x", shape=ROWS),
    case("torch.dot", "x"),
    case("torch.tril", shape=ROWS),
    case("torch.diag", shape=(64,)),
    case("torch.diag_embed", shape=(4, 8)),
    case("torch.flip", (0,), shape=ROWS),
    case("torch.Tensor.unfold", 0, 3, 1, shape=ROWS),
    case("torch.index_select", 0, torch.tensor([0, 1, 2, 9]), shape=ROWS),
    case("torch.chunk", 4, shape=ROWS),
    case("torch.masked_fill", torch.rand(ROWS) < 0.5, -5.0, shape=ROWS),
    case("torch.scatter", 1, torch.randint(0, 64, ROWS), "x", shape=ROWS),
    case("torch.Tensor.scatter", 1, torch.randint(0, 64, ROWS), value=2.0, shape=ROWS),
    case("torch.scatter_add", 1, torch.randint(0, 64, ROWS), "x", shape=ROWS),
    case("torch.scatter_reduce", 1, torch.randint(0, 64, ROWS), "x", "amax", shape=ROWS),
    case("torch.scatter_reduce", 1, torch.randint(0, 64, ROWS), "x", "prod", shape=ROWS),
    case("torch.index_add", 0, torch.randint(0, 64, (64,)), "x", alpha=-2, shape=ROWS),
    case("torch.index_copy", 0, torch.arange(64), "x", shape=ROWS),
    case("torch.index_fill", 0, torch.tensor([0]), 3.0, shape=ROWS),
    case("torch.linalg.svdvals", shape=ROWS),
    case("torch.linalg.svd", shape=ROWS),
    case("torch.linalg.qr", shape=ROWS),
    case("torch.linalg.det", shape=(3, 3)),
    case("torch.renorm", 2, 0, 1.0, shape=ROWS),
    case("torch.rand", 64),
    case("torch.randn", 64),
    case("torch.bernoulli", shape=ROWS),
    case("torch.randint", 3, 9, (500,)),
    case("torch.arange", 4, 90),
    case("torch.linspace", -3, 5, 90),
    *(
        each
        for N in ("numpy.", "keras.ops.")
        for each in (
            case(N + "clip", -0.5, 2.0),
            case(N + "power", 2),
            case(N + "power", 3),
            case(N + "reciprocal"),
            case(N + "nan_to_num"),
            case(N + "arctan2", "x"),
            case(N + "maximum", "x"),
            case(N + "minimum", 0.25),
            case(N + "add", "x"),
            case(N + "subtract", "x"),
            case(N + "multiply", "x"),
            case(N + "equal", "x"),
            case(N + "sum", 1, shape=ROWS),
            case(N + "sum", shape=ROWS),
            case(N + "mean", axis=(0, 1), shape=ROWS),
            case(N + "max", 1, shape=ROWS),
            case(N + "amin", axis=1, shape=ROWS),
            case(N + "median", 1, shape=ROWS),
            case(N + "quantile", 0.3, axis=1, shape=ROWS),
            case(N + "std", 1, shape=ROWS),
            case(N + "var", axis=1, shape=ROWS),
            case(N + "prod", 1, shape=ROWS),
            case(N + "cumsum", 1, shape=ROWS),
            case(N + "argmax", 1, shape=ROWS),
            case(N + "matmul", "x", shape=ROWS),
            case(N + "tensordot", "x", 1, shape=ROWS),
            case(N + "tril", shape=ROWS),
            case(N + "reshape", (32, 128), shape=ROWS),
            case(N + "transpose", shape=ROWS),
            case(N + "flip", 0, shape=ROWS),
            case(N + "take", 3, 0, shape=ROWS),
            case(N + "split", 4, shape=ROWS),
            case(N + "sort", shape=ROWS),
            case(N + "pad", 2, shape=ROWS),
            case(N + "linspace", -3, 5, 90),
            case(N + "arange", 4, 90),
            case(N + "zeros", 7),
            case(N + "eye", 7),
        )
    ),
    case("numpy.ndarray.sum", axis=1, keepdims=True, shape=ROWS),
    case("numpy.ndarray.max", axis=1, shape=ROWS),
    case("numpy.ndarray.std", 1, shape=ROWS),
    case("numpy.ndarray.clip", max=0.5),
    case("numpy.ndarray.astype", "int64"),
    case("numpy.ndarray.astype", "float32"),
    case("numpy.ndarray.repeat", 3),
    case("numpy.ndarray.dot", "x", shape=ROWS),
    case("numpy.average", 1, shape=ROWS),
    case("numpy.percentile", 30, axis=1, shape=ROWS),
    case("numpy.linalg.norm", axis=1, shape=ROWS),
    case("numpy.linalg.norm", ord=1, axis=1, shape=ROWS),
    case("numpy.linalg.svd", shape=(8, 8)),
    case("numpy.logaddexp", "x"),
    case("numpy.remainder", 1.5),
    case("numpy.fmod", 1.5),
    case("numpy.hypot", "x"),
    case("numpy.full", 7, 2.5),
    case("numpy.random.rand", 64),
    case("numpy.random.randn", 4096),
    case("numpy.random.normal", 0.0, 1.0, 4096),
    case("numpy.random.uniform", -2, 5, 4096),
    case("numpy.random.randint", 3, 9, 500),
    case("numpy.random.exponential", 1.0, 4096),
    case("numpy.random.permutation"),
    case("scipy.special.softmax", axis=-1, shape=ROWS),
    case("scipy.special.log_softmax", axis=-1, shape=ROWS),
    case("scipy.special.logsumexp", axis=1, shape=ROWS),
    case("keras.ops.softmax", axis=-1, shape=ROWS),
    case("keras.ops.log_softmax", axis=-1, shape=ROWS),
    case("keras.ops.logsumexp", axis=1, shape=ROWS),
    case("keras.ops.norm", axis=1, shape=ROWS),
    case("keras.ops.normalize", shape=ROWS),
    case("keras.ops.normalize", order=1, shape=ROWS),
    case("keras.ops.moments", (1,), shape=ROWS),
    case("keras.ops.gelu", False),
    case("keras.ops.leaky_relu", 0.2),
    case("keras.ops.elu", 2.0),
    case("keras.ops.celu", 2.0),
    case("keras.ops.threshold", 0.1, -7.0),
    case("keras.ops.top_k", 3, shape=ROWS),
    case("keras.ops.cast", "int32"),
    case("keras.ops.stop_gradient"),
    case("keras.random.normal", (4096,)),
    case("keras.random.uniform", (4096,), -2.0, 5.0),
    case("keras.random.truncated_normal", (4096,)),
    case("keras.random.randint", (500,), 3, 9),
]
PADS = ("Zero", "Reflection", "Replication", "Circular")
ACTIVATIONS = (
    *(
        "ReLU",
        "ReLU6",
        "LeakyReLU",
        "RReLU",
        "PReLU",
        "ELU",
        "CELU",
        "SELU",
        "GELU",
        "SiLU",
        "Mish",
        "Hardswish",
        "GLU",
    ),
    *("Softplus", "Softshrink", "Hardshrink", "Tanhshrink", "Hardtanh", "Sigmoid", "Hardsigmoid", "LogSigmoid", "Tanh"),
    *("Softsign", "Identity", "AlphaDropout", "FeatureAlphaDropout"),
)
STANDARDISED = (F + "layer_norm", F + "rms_norm")  # may go anywhere, but single samples stay near
MAKERS = ("arange", "linspace", "zeros", "eye", "full", "rand", "randn", "randint", "normal", "uniform", "exponential")


def _is_given_nothing(name: str) -> bool:
    """Whether a function makes tensors of nothing but settings."""
    return name.rpartition(".")[2] in (*MAKERS, "truncated_normal")


def _identity(each: Case) -> str:
    name, _, rest, keywords = each
    settings = [str(value) for value in (*rest, *keywords.values()) if isinstance(value, int | float | str)]
    return ", ".join((name.removeprefix("torch."), *settings))


def machine() -> Machine:
    """A machine that has run nothing."""
    return Machine(Program("", Sources(Path()), standard()), standard())


def _abstract(value: Any, samples: Tensor) -> Value:
    if isinstance(value, str) and value == "x":
        return samples
    if isinstance(value, bool):
        return Flag(value)
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return Text(value)
    if isinstance(value, tuple):
        return Sequence(tuple(_abstract(each, samples) for each in value))
    assert isinstance(value, torch.Tensor)
    return Tensor(range=ANY if value.is_floating_point() and value.ndim == 3 else NON_NEGATIVE)


def _run(each: Case, input: Interval) -> tuple[Value, Any]:
    """What we say comes out, and what comes out."""
    name, shape, rest, keywords = each
    own = machine()
    given = [] if _is_given_nothing(name) else ["x"]
    arguments = [*given, *rest]
    fresh = [Tensor(range=input, reach=input, number=own.fresh()) for _ in range(9)]
    said = own.call(
        Library(standard().canonical(name)),
        Arguments(
            tuple(Given(_abstract(value, fresh[i])) for i, value in enumerate(arguments)),
            tuple((key, Given(_abstract(value, fresh[8]))) for key, value in keywords.items()),
        ),
        None,
    )
    function: Callable[..., Any] = resolve(name)
    concrete = [
        _spread(shape, input.lo, input.hi) if isinstance(each, str) and each == "x" else each for each in arguments
    ]
    if name.startswith(("numpy.", "scipy.")):
        concrete = [each.numpy() if isinstance(each, torch.Tensor) else each for each in concrete]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return said, _as_torch(function(*concrete, **keywords))


def _as_torch(result: Any) -> Any:
    """Arrays as tensors of PyTorch."""
    if isinstance(result, tuple | list):
        return [_as_torch(each) for each in result]
    return torch.tensor(np.array(result)) if isinstance(result, np.ndarray | np.generic) else result


def _pairs(said: Value, seen: Any) -> list[tuple[Tensor, torch.Tensor]]:
    if isinstance(said, Sequence):
        if not isinstance(seen, tuple | list):
            raise AssertionError("several results are said, there is one")
        parts = said.known * len(seen) if len(said.known) == 1 else said.known
        return [pair for a, b in zip(parts, seen, strict=True) for pair in _pairs(a, b)]
    if not isinstance(said, Tensor):
        return []
    assert isinstance(seen, torch.Tensor), f"one result is said, there is {type(seen).__name__}"
    return [(said, seen.double())]


@pytest.mark.parametrize("each", TABLE, ids=_identity)
def test_outputs_lie_in_the_range_and_fill_the_reach(each: Case) -> None:
    for input in INPUTS[:1] if _is_given_nothing(each[0]) else INPUTS:
        if each[0] == "torch.bernoulli" and not input.within(UNIT):
            continue
        torch.manual_seed(0)
        np.random.seed(0)
        said, seen = _run(each, input)
        for value, result in _pairs(said, seen):
            _contains(value, result, input)
            if value.reach is not None and each[0] not in STANDARDISED:
                _fills(result, value.reach, input, alone="x" not in each[2])


def _contains(value: Tensor, result: torch.Tensor, input: Interval) -> None:
    numbers = result[torch.isfinite(result)]
    if not numbers.numel():
        return
    low, high, said = float(numbers.min()), float(numbers.max()), value.range
    slack = 2e-5 * max(1.0, *(abs(end) for end in (low, high, said.lo, said.hi) if math.isfinite(end)))
    assert said.lo - slack <= low and high <= said.hi + slack, f"of {input}: {low}..{high} is not in {said}"
    if value.reach is not None and not said.is_point:
        assert value.reach.within(said), f"of {input}: the reach {value.reach} exceeds the range {said}"


def _fills(result: torch.Tensor, reach: Interval, input: Interval, *, alone: bool) -> None:
    """Whether samples come close to both ends; those of several inputs seldom meet at finite ones."""
    numbers = result[torch.isfinite(result)]
    if numbers.numel() < 32:
        return
    low, high = float(numbers.min()), float(numbers.max())
    near = 0.05 * (reach.hi - reach.lo) + 1e-6 if reach.is_bounded else 0.1
    if math.isinf(reach.lo) or alone:
        reached = low < -1.7 if math.isinf(reach.lo) else low <= reach.lo + near
        assert reached, f"of {input}: {low} does not reach {reach}"
    if math.isinf(reach.hi) or alone:
        reached = high > 1.7 if math.isinf(reach.hi) else high >= reach.hi - near
        assert reached, f"of {input}: {high} does not reach {reach}"


def test_zeros_to_which_numbers_from_zero_up_are_added() -> None:
    own = machine()
    zeros = own.call(Library("torch.zeros"), Arguments((Given(number(4)),)), None)
    some = Tensor(range=NON_NEGATIVE, reach=NON_NEGATIVE, number=own.fresh())
    added = own.call(
        Library("torch.scatter_add"), Arguments(tuple(map(Given, (zeros, number(1), Tensor(), some)))), None
    )
    assert isinstance(added, Tensor)
    assert (added.range, added.reach) == (NON_NEGATIVE, NON_NEGATIVE)


MADE: dict[str, tuple[tuple[Any, ...], tuple[int, ...]]] = {
    **{f"{kind}Pad{d}d": ((1,), (2, 3, 8, 8)[: d + 2]) for kind in PADS for d in (1, 2)},
    **{f"ConstantPad{d}d": ((1, 2.5), (2, 3, 8, 8)[: d + 2]) for d in (1, 2)},
    **{f"{kind}Pool2d": ((2,), IMAGE) for kind in ("Max", "Avg", "AdaptiveAvg", "AdaptiveMax", "FractionalMax")},
    "FractionalMaxPool2d": ((2, 3), IMAGE),
    "LPPool2d": ((2, 2), IMAGE),
    "Linear": ((64, 512), (512, 64)),
    "Conv2d": ((4, 16, 3), IMAGE),
    "ConvTranspose2d": ((4, 16, 3), IMAGE),
    "BatchNorm1d": ((64,), ROWS),
    "GroupNorm": ((2, 4), IMAGE),
    "LayerNorm": ((64,), ROWS),
    "RMSNorm": ((64,), ROWS),
    "LocalResponseNorm": ((2,), IMAGE),
    "Flatten": ((), IMAGE),
    "Unflatten": ((1, (4, 4)), (2, 16)),
    "PixelShuffle": ((2,), IMAGE),
    "PixelUnshuffle": ((2,), IMAGE),
    "ChannelShuffle": ((2,), IMAGE),
    "Upsample": ((9,), (2, 4, 4)),
    "UpsamplingBilinear2d": ((9,), IMAGE),
    "Unfold": ((2,), IMAGE),
    "Fold": (((8, 8), 2, 1, 0, 2), (2, 4, 16)),
    "Softmax": ((1,), ROWS),
    "Softmin": ((1,), ROWS),
    "LogSoftmax": ((1,), ROWS),
    "Softmax2d": ((), IMAGE),
    "Dropout": ((0.9,), ROWS),
    "Dropout2d": ((0.9,), IMAGE),
    "Threshold": ((0.1, 20.0), ROWS),
    "RNN": ((8, 16), (5, 64, 8)),
    "GRU": ((8, 16), (5, 64, 8)),
    "LSTM": ((8, 16), (5, 64, 8)),
    "GRUCell": ((8, 16), (64, 8)),
    "LSTMCell": ((8, 16), (64, 8)),
    **dict.fromkeys(ACTIVATIONS, ((), ROWS)),
}


@pytest.mark.parametrize("name", MADE)
def test_layers_do_what_is_said_of_them(name: str) -> None:
    settings, shape = MADE[name]
    for input in INPUTS:
        torch.manual_seed(0)
        own = machine()
        samples = Tensor(range=input, reach=input, number=own.fresh())
        given = tuple(Given(_abstract(each, samples)) for each in settings)
        layer = own.call(Library(f"torch.nn.{name}"), Arguments(given), None)
        said = own.call(layer, Arguments((Given(samples),)), None)
        assert _tensors(said), f"nothing is said of {name}"
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            seen = getattr(torch.nn, name)(*settings).double()(_spread(shape, input.lo, input.hi))
        for value, result in _pairs(said, seen):
            _contains(value, result, input)


def _tensors(said: Value) -> bool:
    return isinstance(said, Tensor) or (isinstance(said, Sequence) and all(map(_tensors, said.known)))


def test_running_statistics_are_known() -> None:
    own = machine()
    layer = own.call(Library("torch.nn.BatchNorm1d"), Arguments((Given(number(4)),)), None)
    variance = own.attribute(layer, "running_var", None)
    assert isinstance(variance, Tensor)
    assert variance.range == intervals.NON_NEGATIVE
