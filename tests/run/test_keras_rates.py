"""Every way in which a learning rate reaches an optimizer of Keras, and what schedules and callbacks make of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import rates_of, rules

HEAD = """
import argparse
import keras
import numpy as np
import tensorflow as tf
from keras import backend as K
from keras.optimizers import schedules

x, y = np.load("x.npy"), np.load("y.npy")
model = keras.Sequential([keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"),
                          keras.layers.Dense(1)])
"""


def program(optimizer: str, fit: str = "model.fit(x, y, epochs=100)", between: str = "") -> str:
    return HEAD + f"model.compile(optimizer={optimizer}, loss='mse')\n{dedent(between)}\n{dedent(fit)}\n"


@pytest.mark.parametrize(
    ("optimizer", "found"),
    [
        ("'adam'", []),
        ("'SGD'", []),
        ("keras.optimizers.Adam", []),
        ("keras.optimizers.Adam()", []),
        ("keras.optimizers.get('adam')", []),
        ("keras.optimizers.Adadelta(1.0)", []),
        ("keras.optimizers.Adam(0.3)", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(lr=0.3)", ["learning-rate-too-high"]),
        ("keras.optimizers.legacy.Adam(learning_rate=0.3)", ["learning-rate-too-high"]),
        ("tf.keras.optimizers.experimental.AdamW(0.3)", ["learning-rate-too-high"]),
        ("tf.optimizers.RMSprop(0.5)", ["learning-rate-too-high"]),
        ("keras.optimizers.SGD(lr=3.0, decay=1e-6, momentum=0.9, nesterov=True)", ["learning-rate-too-high"]),
        ("keras.mixed_precision.LossScaleOptimizer(keras.optimizers.SGD(3.0))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(learning_rate=-1e-3)", ["invalid-learning-rate"]),
        ("keras.optimizers.Adam(learning_rate=1e3)", ["invalid-learning-rate"]),
        ("keras.optimizers.Nadam(1e-9)", ["learning-rate-too-low"]),
        ("keras.optimizers.Adam(unheard_of())", []),
        ("keras.optimizers.Adam(schedules.ExponentialDecay(0.3, 1000, 0.9))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.ExponentialDecay(0.003, 1000, 0.9))", []),
        ("keras.optimizers.Adam(schedules.ExponentialDecay(0.003, 1000, 1.01))", ["unbounded-learning-rate"]),
        ("keras.optimizers.Adam(schedules.InverseTimeDecay(0.3, 1000, 0.9))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.PolynomialDecay(0.3, 1000))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.CosineDecay(0.3, 1000))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.CosineDecay(0.0, 1000, warmup_target=0.3, warmup_steps=9))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.CosineDecay(0.0, 1000, warmup_target=0.003, warmup_steps=9))", []),
        ("keras.optimizers.Adam(schedules.PiecewiseConstantDecay([10, 20], [0.3, 0.01, 0.001]))", ["learning-rate-too-high"]),
        ("keras.optimizers.Adam(schedules.PiecewiseConstantDecay([10, 20], [0.03, 0.01, 0.001]))", []),
    ],
)  # fmt: skip
def test_what_an_optimizer_is_given(optimizer: str, found: list[str], tmp_path: Path) -> None:
    assert rules(program(optimizer), tmp_path) == found


@pytest.mark.parametrize(
    ("between", "found"),
    [
        ("model.optimizer.learning_rate = 0.3", ["learning-rate-too-high"]),
        ("model.optimizer.lr = 0.3", ["learning-rate-too-high"]),
        ("model.optimizer.learning_rate.assign(0.3)", ["learning-rate-too-high"]),
        ("K.set_value(model.optimizer.lr, 0.3)", ["learning-rate-too-high"]),
        ("K.set_value(model.optimizer.learning_rate, K.get_value(model.optimizer.learning_rate) * 300)", ["learning-rate-too-high"]),
        ("K.set_value(model.optimizer.lr, 0.003)", []),
        ("model.optimizer.learning_rate = float(model.optimizer.learning_rate) / 2", []),
    ],
)  # fmt: skip
def test_what_is_written_to_it(between: str, found: list[str], tmp_path: Path) -> None:
    assert rules(program("'adam'", between=between), tmp_path) == found


@pytest.mark.parametrize(
    ("callback", "found"),
    [
        ("keras.callbacks.ReduceLROnPlateau(factor=0.5)", []),
        ("keras.callbacks.ReduceLROnPlateau(factor=2.0)", ["unbounded-learning-rate"]),
        ("keras.callbacks.LearningRateScheduler(lambda epoch: 0.3 * 0.9**epoch)", ["learning-rate-too-high"]),
        ("keras.callbacks.LearningRateScheduler(lambda epoch: 0.01 if epoch < 50 else 0.001)", []),
        ("keras.callbacks.LearningRateScheduler(lambda epoch: 1e-8 * 10 ** (epoch / 20))", []),
        ("keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 1.1)", ["learning-rate-too-high"]),
        ("keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr if epoch < 10 else lr * 0.9)", []),
    ],
)
def test_what_callbacks_make_of_it(callback: str, found: list[str], tmp_path: Path) -> None:
    assert rules(program("'adam'", f"model.fit(x, y, epochs=100, callbacks=[{callback}])"), tmp_path) == found


def test_growth_over_epochs_that_nobody_knows(tmp_path: Path) -> None:
    callback = "keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 1.1)"
    text = program("'adam'", f"model.fit(x, y, epochs=unheard_of(), callbacks=[{callback}])")
    assert rules(text, tmp_path) == ["unbounded-learning-rate"]


@pytest.mark.parametrize(
    ("hook", "epochs", "found"),
    [
        ("on_epoch_end(self, epoch, logs=None)", "unheard_of()", ["unbounded-learning-rate"]),
        ("on_train_batch_end(self, batch, logs=None)", "unheard_of()", ["unbounded-learning-rate"]),
        ("on_train_batch_end(self, batch, logs=None)", "1", []),  # a rate is looked for
        ("on_train_begin(self, logs=None)", "unheard_of()", []),
    ],
)
def test_a_callback_of_the_project(hook: str, epochs: str, found: list[str], tmp_path: Path) -> None:
    fit = f"""
    class Warmer(keras.callbacks.Callback):
        def {hook}:
            optimizer = self.model.optimizer
            optimizer.learning_rate = optimizer.learning_rate * 1.2

    model.fit(x, y, epochs={epochs}, callbacks=[Warmer()])
    """
    assert rules(program("'adam'", fit), tmp_path) == found


def test_a_schedule_of_the_project(tmp_path: Path) -> None:
    text = """
    class Warmup(schedules.LearningRateSchedule):
        def __init__(self, peak, steps):
            super().__init__()
            self.peak = peak
            self.steps = steps

        def __call__(self, step):
            return self.peak * min(step / self.steps, 1.0)
    """
    for peak, found in (("0.3", ["learning-rate-too-high"]), ("0.003", [])):
        optimizer = f"keras.optimizers.Adam(Warmup({peak}, 100))"
        assert rules(HEAD + dedent(text) + program(optimizer).removeprefix(HEAD), tmp_path) == found


def test_a_loop_with_a_tape(tmp_path: Path) -> None:
    text = """
    optimizer = keras.optimizers.SGD(30.0)
    for features, price in np.load("batches.npy"):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(features) - price) ** 2)
        grads = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(grads, model.trainable_variables))
    """
    assert rules(HEAD + dedent(text), tmp_path) == ["learning-rate-too-high"]


def test_pixels_are_no_weights(tmp_path: Path) -> None:
    text = """
    optimizer = keras.optimizers.Adam(5.0)
    image = tf.Variable(np.load("image.npy"))
    for step in range(1000):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(image) - 1.0) ** 2)
        grad = tape.gradient(loss, image)
        optimizer.apply_gradients([(grad, image)])
    """
    assert rules(HEAD + dedent(text), tmp_path) == []


def test_an_option_says_where_it_comes_from(tmp_path: Path) -> None:
    options = "parser = argparse.ArgumentParser()\nparser.add_argument('--lr', type=float, default=0.001)\n"
    text = HEAD + options + program("keras.optimizers.Adam(parser.parse_args().lr)").removeprefix(HEAD)
    (rate,) = rates_of(text, tmp_path)
    assert (rate.given, rate.network, rate.deep, rate.unchecked) == (0.001, True, True, True)
    assert rate.setting is not None and rate.setting.label == "--lr"
