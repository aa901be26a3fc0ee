"""Training loops of Keras: gradients are values there, and the mode is an argument of the call."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import rules

START = """
import keras
import numpy as np
import tensorflow as tf
from keras import layers

x, y = np.load("x.npy"), np.load("y.npy")
held_out = (np.load("a.npy"), np.load("b.npy"))
batches = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000).batch(32)
inputs = layers.Input((8,))
hidden = layers.Dropout(0.2)(layers.Dense(64, activation="tanh")(inputs))
net = keras.Model(inputs, layers.Dense(1)(hidden))
optimizer = keras.optimizers.Adam(0.001)
loss_of = keras.losses.MeanSquaredError()
"""


def found(body: str, folder: Path) -> list[str]:
    return sorted(set(rules(START + dedent(body), folder)))


PLAN = "decay = keras.optimizers.schedules.ExponentialDecay(0.001, 1000, 0.9)\n"
FITTED = "net.fit(batches, epochs=9)\n"
TAPE = """
@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_of(y, net(x, training=True))
    gradients = tape.gradient(loss, net.trainable_variables)
    {apply}
    return loss
def score(x, y):
    return loss_of(y, net(x{mode}))
for epoch in range(3):
    for x, y in batches:
        train_step(x, y)
    print(score(*held_out))
"""
APPLY = "optimizer.apply_gradients(zip(gradients, net.trainable_variables))"
MODEL = """
class Own(keras.Model):
    def __init__(self):
        super().__init__()
        self.net = net
    def call(self, x, training=False):
        return self.net(x, training=training)
    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = self.compute_loss(x, y, self(x, training=True))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.{apply}
        return {{"loss": loss}}
    def test_step(self, data):
        x, y = data
        predicted = self(x{mode})
        for metric in self.metrics:
            metric.update_state(y, predicted)
        return {{"loss": self.compute_loss(x, y, predicted)}}
model = Own()
model.compile(optimizer=optimizer, loss="mse")
"""
FIT = "model.fit(x, y, epochs=3, validation_data=held_out)\n"
APPLIED = "apply_gradients(zip(gradients, self.trainable_variables))"
CASES = {
    "a loop": (TAPE.format(apply=APPLY, mode=""), []),
    "apply": (TAPE.format(apply="optimizer.apply(gradients, net.trainable_variables)", mode=", training=False"), []),
    "gradients that go nowhere": (TAPE.format(apply="pass", mode=""), ["missing-step"]),
    "scored as in training": (TAPE.format(apply=APPLY, mode=", training=True"), ["missing-eval-mode"]),
    "scored in a mode that nobody knows": (
        "import somewhere\n" + TAPE.format(apply=APPLY, mode=", training=somewhere.FLAG"),
        [],
    ),
    "clipped gradients": (
        TAPE.format(apply="gradients, _ = tf.clip_by_global_norm(gradients, 1.0); " + APPLY, mode=""),
        [],
    ),
    "weights moved by hand": (
        TAPE.format(apply="[v.assign_sub(0.01 * g) for v, g in zip(net.trainable_variables, gradients)]", mode=""),
        [],
    ),
    "gradients that are handed on": (
        "import somewhere\n" + TAPE.format(apply="somewhere.use(gradients)", mode=""),
        [],
    ),
    "a step now and then": (
        """
        for i, (x, y) in enumerate(batches):
            with tf.GradientTape() as tape:
                loss = loss_of(y, net(x, training=True))
            gradients = tape.gradient(loss, net.trainable_variables)
            held = gradients if i % 4 == 0 else [a + b for a, b in zip(held, gradients)]
            if i % 4 == 3:
                optimizer.apply_gradients(zip(held, net.trainable_variables))
        """,
        ["unscaled-accumulation"],
    ),
    "apply now and then": (
        """
        for i, (x, y) in enumerate(batches):
            with tf.GradientTape() as tape:
                loss = loss_of(y, net(x, training=True))
            gradients = tape.gradient(loss, net.trainable_variables)
            if i % 4 == 3:
                optimizer.apply(gradients, net.trainable_variables)
        """,
        [],
    ),
    "minimize": (
        """
        for x, y in batches:
            optimizer.minimize(lambda: loss_of(y, net(x, training=True)), net.trainable_variables)
        """,
        [],
    ),
    "an optimizer for each epoch": (
        """
        for epoch in range(3):
            optimizer = keras.optimizers.Adam(0.001)
            for x, y in batches:
                with tf.GradientTape() as tape:
                    loss = loss_of(y, net(x, training=True))
                gradients = tape.gradient(loss, net.trainable_variables)
                optimizer.apply_gradients(zip(gradients, net.trainable_variables))
        """,
        ["optimizer-in-loop"],
    ),
    "an adversarial pair": (
        """
        judge = keras.Sequential([layers.Input((1,)), layers.Dense(8, activation="relu"), layers.Dense(1)])
        judges = keras.optimizers.Adam(0.001)
        bce = keras.losses.BinaryCrossentropy(from_logits=True)
        for x, y in batches:
            with tf.GradientTape() as one, tf.GradientTape() as other:
                made = net(x, training=True)
                real, false = judge(y, training=True), judge(made, training=True)
                first = bce(tf.ones_like(false), false)
                second = bce(tf.ones_like(real), real) + bce(tf.zeros_like(false), false)
            g = one.gradient(first, net.trainable_variables)
            h = other.gradient(second, judge.trainable_variables)
            optimizer.apply_gradients(zip(g, net.trainable_variables))
            judges.apply_gradients(zip(h, judge.trainable_variables))
        """,
        [],
    ),
    "a step of a model": (MODEL.format(apply=APPLIED, mode="") + FIT, []),
    "a test step that says so": (MODEL.format(apply=APPLIED, mode=", training=False") + FIT, []),
    "a test step as in training": (MODEL.format(apply=APPLIED, mode=", training=True") + FIT, ["missing-eval-mode"]),
    "a test step of layers, outside of any tape": (
        MODEL.format(apply=APPLIED, mode=", training=False").replace(
            "self.net = net", "self.net = keras.Sequential([layers.Dense(64), layers.Dropout(0.2), layers.Dense(1)])"
        )
        + FIT,
        [],
    ),
    "evaluated as in training": (
        MODEL.format(apply=APPLIED, mode=", training=True") + "model.fit(x, y, epochs=3)\nmodel.evaluate(*held_out)\n",
        ["missing-eval-mode"],
    ),
    "gradients of a tape that are only looked at": (
        """
        optimizer.build(net.trainable_weights)
        error, length = tf.keras.metrics.Mean(name="error"), tf.keras.metrics.Mean()
        for epoch in range(9):
            error.reset_state()
            for bx, by in batches:
                with tf.GradientTape() as tape:
                    loss = loss_of(by, net(bx, training=True))
                slopes = tape.gradient(loss, net.trainable_weights)
                length.update_state(tf.linalg.global_norm(slopes))
                error(loss)
                optimizer.iterations.assign_add(1)
            print(epoch, error.result(), length.result(), optimizer.learning_rate)
        """,
        ["missing-step"],
    ),
    "gradients of a tape that are handed to a function of another name": (
        """
        apply = optimizer.apply_gradients
        error = tf.keras.metrics.Mean()
        for bx, by in batches:
            with tf.GradientTape() as tape:
                loss = loss_of(by, net(bx, training=True))
            slopes = tape.gradient(loss, net.trainable_weights)
            error.update_state(loss)
            apply(zip(slopes, net.trainable_weights))
        for bx, by in batches:
            error.update_state(loss_of(by, net(bx, training=False)))
        """,
        [],
    ),
    "compiled anew for each epoch": (
        """
        for epoch in range(30):
            net.compile(keras.optimizers.RMSprop(0.001), "mse")
            net.fit(x, y)
        """,
        ["optimizer-in-loop"],
    ),
    "compiled anew for each epoch of a longer run": (
        """
        start = 10
        for turn in range(20):
            net.compile(keras.optimizers.RMSprop(0.001 * 0.95 ** turn), loss_of)
            net.fit(batches, epochs=start + turn + 1, initial_epoch=start + turn)
        """,
        ["optimizer-in-loop"],
    ),
    "compiled anew for each stage of several epochs": (
        """
        for stage in range(3):
            net.compile(keras.optimizers.RMSprop(0.001), loss_of)
            net.fit(batches, epochs=5 * stage + 5, initial_epoch=5 * stage)
        """,
        [],
    ),
    "a schedule that is only printed": (
        PLAN + "print([decay(step) for step in range(0, 1000, 100)])\nnet.compile('adam', loss_of)\n" + FITTED,
        ["unused-scheduler"],
    ),
    "a callback that is left out": (
        "slower = keras.callbacks.ReduceLROnPlateau(factor=0.5)\nnet.compile('adam', loss_of)\n" + FITTED,
        ["unused-scheduler"],
    ),
    "a callback that is handed over": (
        "slower = keras.callbacks.ReduceLROnPlateau(factor=0.5)\nnet.compile('adam', loss_of)\n"
        "net.fit(batches, epochs=9, callbacks=[keras.callbacks.TerminateOnNaN(), slower])\n",
        [],
    ),
    "a schedule within another": (
        """
        decay = keras.optimizers.schedules.ExponentialDecay(0.001, 1000, 0.9)
        class Slow(keras.optimizers.schedules.LearningRateSchedule):
            def __init__(self, after):
                self.after = after
            def __call__(self, step):
                return tf.minimum(1e-5 * step, self.after(step))
        net.compile(keras.optimizers.Adam(Slow(decay)), loss_of)
        net.fit(batches, epochs=9)
        """,
        [],
    ),
    "a schedule that is asked by a callback": (
        """
        decay = keras.optimizers.schedules.ExponentialDecay(0.001, 1000, 0.9)
        told = keras.callbacks.LearningRateScheduler(lambda epoch: float(decay(epoch)))
        net.compile('adam', loss_of)
        net.fit(batches, epochs=9, callbacks=[told])
        """,
        [],
    ),
    "a schedule that is asked in a loop": (
        """
        decay = keras.optimizers.schedules.ExponentialDecay(0.001, 1000, 0.9)
        for step, (bx, by) in enumerate(batches):
            optimizer.learning_rate = decay(step)
            with tf.GradientTape() as tape:
                loss = loss_of(by, net(bx, training=True))
            optimizer.apply_gradients(zip(tape.gradient(loss, net.trainable_weights), net.trainable_weights))
        """,
        [],
    ),
    "schedules to choose from": (
        PLAN
        + "rates = {'fixed': 0.001, 'falling': decay}\n"
        + "net.compile(keras.optimizers.Adam(rates['fixed']), loss_of)\n"
        + FITTED,
        [],
    ),
    "a schedule for something that is not followed": (
        PLAN + "from somewhere import prepare\nprepare(decay)\nnet.compile('adam', loss_of)\n" + FITTED,
        [],
    ),
    "fitted": ('net.compile(optimizer, "mse")\nnet.fit(x, y, epochs=3)\nprint(loss_of(y, net(x)))\n', []),
    "fitted, and scored as in training": (
        'net.compile(optimizer, "mse")\nnet.fit(x, y, epochs=3)\nprint(loss_of(y, net(x, training=True)))\n',
        ["missing-eval-mode"],
    ),
    "with PyTorch below": (
        """
        for x, y in batches:
            net.zero_grad()
            loss = loss_of(y, net(x, training=True))
            loss.backward()
            weights = [v for v in net.trainable_weights]
            optimizer.apply([v.value.grad for v in weights], weights)
        """,
        [],
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_loops(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(body, tmp_path) == wanted


OWNED = """
class Ramp:
    def __init__(self, curve):
        self.curve = curve
    def at(self, step):
        return float(self.curve(step))
class Plan:
    def __init__(self):
        self.curve = keras.optimizers.schedules.PolynomialDecay(0.001, 1000)
        self.ramp = Ramp(self.curve)
    def shown(self):
        return ", ".join(f"{self.ramp.at(step):.1e}" for step in (0, 500))
    def optimizer(self):
        return keras.optimizers.Adam(RATE)
def fit(callbacks=()):
    plan = Plan()
    optimizer = plan.optimizer()
    net.compile(optimizer, loss_of)
    print(plan.shown())
    BEFORE
    net.fit(batches, epochs=9, callbacks=[CALLBACK])
    return GIVEN
kept = fit()
"""
OWNERS = {
    "nothing takes it": ({}, ["unused-scheduler"]),
    "a method hands it over": ({"RATE": "self.curve"}, []),
    "its rates are set": ({"BEFORE": "optimizer.learning_rate = plan.ramp.at(0)"}, []),
    "its rates are used by something that is not followed": (
        {"BEFORE": "from somewhere import set_rate\n    set_rate(optimizer, plan.ramp.at(0))"},
        [],
    ),
    "a callback asks": ({"CALLBACK": "keras.callbacks.LearningRateScheduler(plan.ramp.at)"}, []),
    "its owner outlives the call": ({"GIVEN": "plan"}, []),
    "its owner is handed to something that is not followed": (
        {"BEFORE": "from somewhere import prepare\n    prepare(plan)"},
        [],
    ),
}
USUAL = {"RATE": "0.001", "BEFORE": "pass", "CALLBACK": "", "GIVEN": "None"}


@pytest.mark.parametrize(("changes", "wanted"), OWNERS.values(), ids=OWNERS)
def test_schedules_in_objects_of_the_project(changes: dict[str, str], wanted: list[str], tmp_path: Path) -> None:
    body = OWNED
    for name, text in (USUAL | changes).items():
        body = body.replace(name, text)
    assert found(body, tmp_path) == wanted


LOSS = "loss_of(y, net(x, training=True))"
SUM = "total + gradient"
SUMS = {
    "lists": """
total = [tf.zeros_like(v) for v in net.trainable_variables]
for i, (x, y) in enumerate(batches):
    with tf.GradientTape() as tape:
        loss = LOSS
    total = [SUM for total, gradient in zip(total, tape.gradient(loss, net.trainable_variables))]
    if i % 4 == 3:
        optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
        total = [tf.zeros_like(v) for v in net.trainable_variables]
""",
    "variables": """
sums = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]
for i, (x, y) in enumerate(batches):
    with tf.GradientTape() as tape:
        loss = LOSS
    for total, gradient in zip(sums, tape.gradient(loss, net.trainable_variables)):
        total.assign(SUM)
    total = sums
    if i % 4 == 3:
        optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
        for each in sums:
            each.assign(tf.zeros_like(each))
""",
    "variables that are added to": """
sums = [tf.Variable(tf.zeros_like(v), trainable=False) for v in net.trainable_variables]
for i, (x, y) in enumerate(batches):
    with tf.GradientTape() as tape:
        loss = LOSS
    for total, gradient in zip(sums, tape.gradient(loss, net.trainable_variables)):
        total.assign_add(SUM - total)
    total = sums
    if i % 4 == 3:
        optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
        for each in sums:
            each.assign(tf.zeros_like(each))
""".replace("SUM - total", "ADDED"),
    "micro-batches": """
for xs, ys in batches:
    total = [tf.zeros_like(v) for v in net.trainable_variables]
    for x, y in zip(tf.split(xs, 4), tf.split(ys, 4)):
        with tf.GradientTape() as tape:
            loss = LOSS
        gradients = tape.gradient(loss, net.trainable_variables)
        for i in range(len(total)):
            total[i] += ADDED
    optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
""".replace("ADDED", "ADDED[i]"),
    "a class": """
def zeros(weights):
    return [tf.zeros_like(each) for each in weights]


def added(before, gradients):
    return [SUM for total, gradient in zip(before, gradients)]


class Trainer:
    def __init__(self, many):
        self.many = many
        self.total = zeros(net.trainable_variables)

    @tf.function
    def gradients(self, x, y):
        with tf.GradientTape() as tape:
            loss = LOSS
        return tape.gradient(loss, net.trainable_variables)

    def run(self, batches):
        for step, (x, y) in enumerate(batches, 1):
            self.total = total = added(self.total, self.gradients(x, y))
            if step % self.many == 0:
                optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
                self.total = zeros(net.trainable_variables)


Trainer(4).run(batches)
""",
    "nothing at first": """
total = None
for i, (x, y) in enumerate(batches):
    with tf.GradientTape() as tape:
        loss = LOSS
    gradients = tape.gradient(loss, net.trainable_variables)
    total = gradients if total is None else [SUM for total, gradient in zip(total, gradients)]
    if i % 4 == 3:
        optimizer.apply_gradients(zip(APPLIED, net.trainable_variables))
        total = None
""",
}
ADDED = {"ADDED[i]": "gradients[i]", "ADDED": "gradient"}
HALVED = {"ADDED[i]": "(gradients[i] / 4)", "ADDED": "gradient / 4", "SUM": "total + gradient / 4"}
HALVED |= {"= gradients if": "= [each / 4 for each in gradients] if"}
MIXED = {"ADDED[i]": "0.1 * (gradients[i] - total[i])", "ADDED": "0.1 * (gradient - total)"}


def summed(form: str, changes: dict[str, str]) -> str:
    text = SUMS[form]
    for old, new in {**ADDED, **changes}.items():
        text = text.replace(old, new)
    for old, new in {"SUM": SUM, "LOSS": LOSS, "APPLIED": "total"}.items():
        text = text.replace(old, new)
    return text


@pytest.mark.parametrize("form", SUMS)
@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, ["unscaled-accumulation"]),
        ({"LOSS": LOSS + " / 4"}, []),
        ({"APPLIED": "[each / 4 for each in total]"}, []),
        ({"APPLIED": "average(total)"}, []),
        (HALVED, []),
        ({**MIXED, "SUM": "0.9 * total + 0.1 * gradient"}, []),
    ],
)
def test_gradients_that_are_added_up(form: str, changes: dict[str, str], wanted: list[str], tmp_path: Path) -> None:
    program = "from elsewhere import average\n" + summed(form, changes)
    assert found(program, tmp_path) == wanted


def test_gradients_of_several_losses_of_one_batch_are_added_up(tmp_path: Path) -> None:
    program = """
    for x, y in batches:
        total = [tf.zeros_like(v) for v in net.trainable_variables]
        for loss_of in (keras.losses.MeanSquaredError(), keras.losses.MeanAbsoluteError()):
            with tf.GradientTape() as tape:
                loss = loss_of(y, net(x, training=True))
            total = [a + b for a, b in zip(total, tape.gradient(loss, net.trainable_variables))]
        optimizer.apply_gradients(zip(total, net.trainable_variables))
    """
    assert found(program, tmp_path) == []


BACKEND = """
import os
{setting}
import keras
import numpy as np
import torch
from keras import layers

net = keras.Sequential([layers.Dense(64, activation="tanh"), layers.Dense(1)])
right = keras.metrics.MeanSquaredError()
x, y = np.load("x.npy"), np.load("y.npy")
"""
FIT = "net.compile('adam', 'mse')\nnet.fit(x, y, epochs=3, validation_data=(x, y))\n"
LOOP = """
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()
"""
SCORED = "for x, y in torch.load('held.pt'):\n    right.update_state(y, net(x, training=False))\n"
ON_TORCH = 'os.environ["KERAS_BACKEND"] = "torch"'
EVALUATED = ["missing-no-grad"]


@pytest.mark.parametrize(
    ("setting", "body", "wanted"),
    [
        (ON_TORCH, FIT + SCORED, EVALUATED),
        ("os.environ.update({'KERAS_BACKEND': 'torch'})", FIT + SCORED, EVALUATED),
        ("import keras\nkeras.config.set_backend('torch')", FIT + SCORED, EVALUATED),
        ("", LOOP + SCORED, EVALUATED),
        ("", FIT + SCORED, []),
        ('os.environ["KERAS_BACKEND"] = "jax"', FIT + SCORED, []),
        ('os.environ["KERAS_BACKEND"] = input()', FIT + SCORED, []),
        ('os.environ["KERAS_HOME"] = "torch"', FIT + SCORED, []),
        (ON_TORCH, FIT + "with torch.no_grad():\n    right.update_state(y, net(x, training=False))\n", []),
        (ON_TORCH, FIT + "print((net.predict(x) == y).mean(), net.evaluate(x, y), net.test_on_batch(x, y))\n", []),
        (ON_TORCH, FIT + "net.trainable = False\n" + SCORED, []),
        (ON_TORCH, SCORED, []),
    ],
)
def test_scores_with_pytorch_below(setting: str, body: str, wanted: list[str], tmp_path: Path) -> None:
    program = BACKEND.format(setting=setting) + body
    assert sorted(set(rules(program, tmp_path)) & set(EVALUATED)) == wanted
