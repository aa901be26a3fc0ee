"""What the knowledge says of Keras is what Keras says and does: parameters, strings, shapes, ranges, losses."""

from __future__ import annotations

import inspect
import math
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import yaml

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.knowledge.schema import Entry
from trainlint.semantics.values import Tensor
from trainlint.source.sources import Sources

SHIPPED = ("keras", "keras_losses", "keras_optim")
HEADS = {"families", "modules", "triggers", "triggers here", "quiet", "arrays", "unchanging"}
# What Keras 3 has no more.
GONE = {
    "keras.callbacks.callbacks.Callback",
    "keras.layers.AbstractRNNCell",
    "keras.layers.FixedDropout",
    "keras.layers.LocallyConnected1D",
    "keras.layers.MaxoutDense",
    "keras.layers.Merge",
    "keras.layers.ThresholdedReLU",
    "keras.layers.TimeDistributedDense",
    "keras.layers.merge",
}
LOOSE = {"keras.layers.Softmax", "keras.activations.threshold"}
pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__:DeprecationWarning",
    "ignore:In loss:SyntaxWarning",
    "ignore:You are using a softmax over axis:UserWarning",
)
_RANDOM = np.random.default_rng(0)


def resolved(name: str) -> Any:
    found: Any = keras
    for part in name.split(".")[1:]:
        found = getattr(found, part)
    return found


def _present(name: str) -> Any:
    try:
        return resolved(name)
    except AttributeError:
        return None


def entries() -> Iterator[tuple[str, Entry]]:
    for file in SHIPPED:
        text = (files("trainlint") / "knowledge" / f"{file}.yaml").read_text(encoding="utf-8")
        for name in yaml.safe_load(text):
            entry = standard().entries.get(name)
            if name not in HEADS and entry is not None and name.startswith("keras.") and name not in GONE:
                yield name, entry


TABLE = list(entries())
SIGNED = [(name, entry) for name, entry in TABLE if entry.parameters is not None and "*args" not in entry.required]


@pytest.mark.parametrize(("name", "entry"), SIGNED, ids=[name for name, _ in SIGNED])
def test_parameters_come_in_the_order_of_keras(name: str, entry: Entry) -> None:
    found = resolved(name)
    real = [
        each
        for each in inspect.signature(found.__init__ if inspect.isclass(found) else found).parameters.values()
        if each.name != "self"
    ]
    named = [each for each in real if each.kind not in (each.VAR_KEYWORD, each.VAR_POSITIONAL)]
    for (mine, default), theirs in zip(entry.parameters or (), named, strict=False):
        assert mine == theirs.name
        assert (mine in entry.required) == (theirs.default is theirs.empty)
        if mine not in entry.required:
            assert _plain(default) == _plain(theirs.default), mine
    assert len(entry.parameters or ()) <= len(named)
    assert set(entry.renamed.values()) <= {each.name for each in named} | {"implementation"}


def _plain(value: Any) -> Any:
    return list(map(_plain, value)) if isinstance(value, tuple | list) else value


STRINGS = [(word, entry) for _, entry in TABLE for word in entry.strings]
OLD_STRINGS = {"Lamb", "cosine_proximity", "huber_loss", "kullback_leibler_divergence", "lamb", "logcosh"}


@pytest.mark.parametrize(("word", "entry"), STRINGS, ids=[f"{entry.kind}-{word}" for word, entry in STRINGS])
def test_strings_stand_for_what_keras_takes_them_for(word: str, entry: Entry) -> None:
    where = {"loss": keras.losses, "optimizer": keras.optimizers, "function": keras.activations}[entry.kind]
    try:
        found = where.get(word)
    except ValueError:
        assert word in OLD_STRINGS
        return
    mine = [each for name in (entry.name, *entry.also) if (each := _present(name)) is not None]
    assert found in mine or getattr(found, "fn", None) in mine or any(each in mine for each in type(found).__mro__)


# Layers and activations: each with a shape that it takes. ------------------------------------------------------------

# Keras' sparsemax loses its digits on large numbers.
ACTIVATIONS = [word for word, entry in STRINGS if entry.kind == "function" and word != "sparsemax"]
IMAGE, SERIES, ROW = (8, 8, 4), (6, 4), (16,)
LAYERS: list[tuple[str, tuple[int, ...]]] = [
    ("Dense(5)", ROW),
    ("Dense(5)", SERIES),
    ("Conv1D(3, 2)", SERIES),
    ("Conv2D(3, 2, strides=2)", IMAGE),
    ("Conv2DTranspose(3, 2, strides=2)", IMAGE),
    ("SeparableConv2D(3, 2)", IMAGE),
    ("DepthwiseConv2D(2)", IMAGE),
    ("BatchNormalization()", IMAGE),
    ("LayerNormalization()", SERIES),
    ("GroupNormalization(2)", IMAGE),
    ("RMSNormalization()", SERIES),
    ("UnitNormalization()", SERIES),
    ("Softmax()", SERIES),
    ("Softmax(axis=1)", SERIES),
    ("ReLU()", ROW),
    ("ReLU(max_value=2.0)", ROW),
    ("ReLU(negative_slope=0.1)", ROW),
    ("ReLU(negative_slope=0.1, max_value=2.0)", ROW),
    ("LeakyReLU()", ROW),
    ("PReLU()", ROW),
    ("ELU()", ROW),
    ("Dropout(0.5)", ROW),
    ("GaussianNoise(0.1)", ROW),
    ("Flatten()", IMAGE),
    ("Reshape((4, 4))", ROW),
    ("Reshape((-1, 2))", ROW),
    ("Permute((2, 1))", SERIES),
    ("RepeatVector(3)", ROW),
    ("MaxPooling2D()", IMAGE),
    ("AveragePooling2D(2)", IMAGE),
    ("GlobalMaxPooling2D()", IMAGE),
    ("GlobalAveragePooling2D(keepdims=True)", IMAGE),
    ("GlobalAveragePooling1D()", SERIES),
    ("UpSampling2D()", IMAGE),
    ("ZeroPadding2D()", IMAGE),
    ("Cropping2D(1)", IMAGE),
    ("LSTM(3)", SERIES),
    ("LSTM(3, return_sequences=True)", SERIES),
    ("GRU(3, activation='relu')", SERIES),
    ("SimpleRNN(3, return_sequences=True)", SERIES),
    ("SimpleRNN(3, activation='linear')", SERIES),
    ("Bidirectional(keras.layers.LSTM(3))", SERIES),
    ("Bidirectional(keras.layers.LSTM(3, return_sequences=True), merge_mode='sum')", SERIES),
    ("TimeDistributed(keras.layers.Dense(2, activation='sigmoid'))", SERIES),
    ("Identity()", ROW),
    *((f"Activation('{word}')", ROW) for word in ACTIVATIONS),
    *((f"Dense(3, activation='{word}')", SERIES) for word in ACTIVATIONS),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=[f"{layer}-{len(shape)}" for layer, shape in LAYERS])
def test_what_comes_out_lies_where_the_knowledge_says(layer: str, shape: tuple[int, ...], tmp_path: Path) -> None:
    said = _said(layer, shape, tmp_path)
    built = eval(f"keras.layers.{layer}", {"keras": keras})
    training = {"training": True} if "Dropout" in layer else {}
    results = []
    for scale in (0.0, 1.0, 30.0):
        weights = [scale * _RANDOM.standard_normal(each.shape) for each in built.trainable_weights]
        for each, value in zip(built.trainable_weights, weights, strict=True):
            each.assign(value)
        x = scale * (_RANDOM.standard_normal((256, *shape)) + 3 * _RANDOM.standard_normal((256, *[1] * len(shape))))
        results.append(keras.ops.convert_to_numpy(built(x.astype("float32"), **training)))
    out = np.concatenate([each.reshape(-1) for each in results])
    slack = 1e-5 * max(1.0, float(np.abs(out).max()))
    assert said.range.lo - slack <= out.min() and out.max() <= said.range.hi + slack
    _assert_shape(said, results[0].shape)
    if said.reach is not None:
        low, high = (end if math.isfinite(end) else sign for end, sign in ((said.reach.lo, -1.0), (said.reach.hi, 1.0)))
        assert out.min() < low + max(0.5, abs(low) / 2)
        assert out.max() > high - max(0.5, abs(high) / 2)


def _assert_shape(said: Tensor, real: tuple[int, ...]) -> None:
    if said.shape is None:
        return
    listed = said.shape[1:] if said.shape[0] is Ellipsis else said.shape
    assert len(listed) <= len(real) if said.shape[0] is Ellipsis else len(listed) == len(real)
    for mine, theirs in zip(reversed(listed), reversed(real), strict=False):
        assert mine in (None, theirs)


def _said(layer: str, shape: tuple[int, ...], folder: Path) -> Tensor:
    """What is known of the prediction of a model that is this one layer."""
    program = f"""import keras
inputs = keras.Input({shape})
hidden = keras.layers.Dense({shape[-1]})(inputs)
model = keras.Model(inputs, keras.layers.{layer}(hidden))
model.compile("adam", "mse")
"""
    run = analyse("train.py", Sources(folder, {"train.py": program.encode()}), standard())
    prediction = run.losses[0].prediction
    assert isinstance(prediction, Tensor)
    return prediction


# Losses ---------------------------------------------------------------------------------------------------------------

LOSSES = [
    (name, entry)
    for name, entry in TABLE
    if entry.loss is not None and entry.call is None and name != "keras.losses.ctc"
]
SHARES = _RANDOM.dirichlet(np.ones(5), 8).astype("float32")
SCORES = (_RANDOM.standard_normal((8, 5)) * 3).astype("float32")
ONE_HOT = np.eye(5, dtype="float32")[_RANDOM.integers(0, 5, 8)]


def _value(loss: Any, target: Any, prediction: Any, **settings: Any) -> np.ndarray:
    given = (keras.ops.convert_to_tensor(target), keras.ops.convert_to_tensor(prediction))
    return np.asarray(keras.ops.convert_to_numpy(loss(*given, **settings)))


@pytest.mark.parametrize(("name", "entry"), LOSSES, ids=[name for name, _ in LOSSES])
def test_the_value_of_a_loss_lies_where_the_knowledge_says(name: str, entry: Entry) -> None:
    assert entry.loss is not None
    loss, target = resolved(name), ONE_HOT
    settings: dict[str, Any] = {"q": 0.5} if "generalized" in name else {}
    if any(word in name for word in ("sparse", "circle", "generalized")):
        target = ONE_HOT.argmax(1).astype("int32")
    if "circle" in name:
        target = target[:, None]
    value = _value(loss, target, SHARES, **settings)
    low, high = entry.loss.range
    assert low - 1e-5 <= value.min() and value.max() <= high + 1e-5


WITH_FLAG = [(name, entry) for name, entry in LOSSES if entry.loss is not None and "from_logits" in entry.loss.when]


@pytest.mark.parametrize(("name", "entry"), WITH_FLAG, ids=[name for name, _ in WITH_FLAG])
def test_from_logits_applies_what_the_knowledge_says(name: str, entry: Entry) -> None:
    assert entry.loss is not None
    applies = entry.loss.when["from_logits"][True]["applies"]
    assert {"categorical": "softmax", "bernoulli": "sigmoid"}[entry.loss.distribution or ""] == applies
    shares = keras.ops.convert_to_numpy(getattr(keras.activations, applies)(SCORES))
    target = ONE_HOT.argmax(1) if "sparse" in name else ONE_HOT
    loss = resolved(name)
    assert _value(loss, target, SCORES, from_logits=True) == pytest.approx(_value(loss, target, shares), abs=1e-3)


@pytest.mark.parametrize(("name", "entry"), LOSSES, ids=[name for name, _ in LOSSES])
def test_a_choice_among_one_class_costs_nothing(name: str, entry: Entry) -> None:
    assert entry.loss is not None
    if entry.loss.distribution != "categorical":
        return
    target = np.zeros(8, dtype="int32") if "sparse" in name else np.ones((8, 1), dtype="float32")
    scores = SCORES[:, :1]
    for settings in ({}, {"from_logits": True}):
        values = 1 / (1 + np.exp(-scores)) if not settings else scores
        assert _value(resolved(name), target, values, **settings) == pytest.approx(0.0, abs=1e-5)


# Optimizers and schedules ---------------------------------------------------------------------------------------------

OPTIMIZERS = [
    (name, entry) for name, entry in TABLE if entry.kind == "optimizer" and name.startswith("keras.optimizers.")
]


@pytest.mark.parametrize(("name", "entry"), OPTIMIZERS, ids=[name for name, _ in OPTIMIZERS])
def test_an_optimizer_has_the_rate_that_it_is_given(name: str, entry: Entry) -> None:
    made = resolved(name)(learning_rate=0.02)
    assert float(keras.ops.convert_to_numpy(made.learning_rate)) == pytest.approx(0.02)
    assert "learning_rate" in entry.bounds


SCHEDULES = keras.optimizers.schedules
TRIED: list[tuple[Any, float]] = [
    (SCHEDULES.ExponentialDecay(0.1, 10, 0.9), 0.1),
    (SCHEDULES.InverseTimeDecay(0.1, 10, 0.9), 0.1),
    (SCHEDULES.PolynomialDecay(0.1, 10), 0.1),
    (SCHEDULES.CosineDecay(0.1, 10), 0.1),
    (SCHEDULES.CosineDecay(0.01, 10, warmup_target=0.2, warmup_steps=5), 0.2),
    (SCHEDULES.CosineDecayRestarts(0.1, 10), 0.1),
    (SCHEDULES.PiecewiseConstantDecay([5, 10], [0.1, 0.3, 0.01]), 0.3),
]


@pytest.mark.parametrize(("schedule", "highest"), TRIED, ids=[type(each).__name__ for each, _ in TRIED])
def test_a_schedule_climbs_as_high_as_the_knowledge_says(schedule: Any, highest: float) -> None:
    rates = [float(keras.ops.convert_to_numpy(schedule(step))) for step in range(200)]
    assert max(rates) == pytest.approx(highest)


def test_old_names_are_gone() -> None:
    assert [name for name in GONE if _present(name) is not None] == []
