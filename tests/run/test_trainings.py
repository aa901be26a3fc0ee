"""Trainings: what network learns which data for how many epochs, and what stands against overfitting."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from tests.run.programs import rules, run_of
from trainlint.run import Training

HEAD = """
import argparse
import copy
import random

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

x, y = torch.load("table.pt")
held_out, wanted = torch.load("held_out.pt")
loader = DataLoader(TensorDataset(x, y), batch_size=32, shuffle=True)
"""
NET = "model = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))\n"
ADAM = "optimizer = torch.optim.Adam(model.parameters(), lr=0.001)\n"
SCORE = "with torch.no_grad():\n    score = F.cross_entropy(model(held_out), wanted).item()\n"


def training(
    setup: str = NET + ADAM,
    *,
    epochs: str = "range(20)",
    batches: str = "loader",
    first: str = "",
    loss: str = "F.cross_entropy(model(images), labels)",
    then: str = "",
    after: str = "",
    end: str = "",
) -> str:
    """A program that trains for some epochs; the parts come before the loss, after it, after backward, at the end."""
    step = f"{dedent(first)}\noptimizer.zero_grad()\nloss = {loss}\n{dedent(then)}\nloss.backward()\n{dedent(after)}\n"
    step += "optimizer.step()\n"
    epoch = f"for images, labels in {batches}:\n{indent(step, '    ')}{dedent(end)}\n"
    return HEAD + dedent(setup) + f"for epoch in {epochs}:\n" + indent(epoch, "    ")


def speaks(program: str, folder: Path) -> bool:
    return "missing-dropout" in rules(program, folder)


def the(program: str, folder: Path) -> Training:
    (found,) = run_of(program, folder).trainings
    return found


# What is there --------------------------------------------------------------------------------------------------------


def test_layers_and_their_weights_are_counted(tmp_path: Path) -> None:
    found = the(training(), tmp_path)
    assert [(layer.name, layer.dense) for layer in found.layers] == [("nn.Linear", 784 * 512), ("nn.Linear", 512 * 10)]
    assert found.dense == 784 * 512 + 512 * 10


@pytest.mark.parametrize(
    ("epochs", "expected"),
    [
        ("range(20)", 20),
        ("range(1, 31)", 30),
        ("range(500)", 500),
        ("tqdm.tqdm(range(12))", 12),
        ("range(settings.epochs)", None),
        ("count()", None),
        ("[0, 1, 2]", None),
    ],
)
def test_epochs_are_counted(epochs: str, expected: float | None, tmp_path: Path) -> None:
    head = "import tqdm\nfrom itertools import count\nfrom somewhere import settings\n"
    assert the(head + training(epochs=epochs), tmp_path).epochs == expected


def test_what_ships_is_what_counts(tmp_path: Path) -> None:
    setup = "parser = argparse.ArgumentParser()\nparser.add_argument('--epochs', type=int, default={})\n"
    setup += "args = parser.parse_args()\n" + NET + ADAM
    for default in (40, 400):
        program = training(setup.format(default), epochs="range(1, args.epochs + 1)")
        assert the(program, tmp_path).epochs == default
        assert speaks(program, tmp_path)


def test_loops_around_the_optimizer_are_none_of_its_epochs(tmp_path: Path) -> None:
    inner = "for epoch in range(3):\n    for images, labels in loader:\n        optimizer.zero_grad()\n"
    inner += "        F.cross_entropy(model(images), labels).backward()\n        optimizer.step()\n"
    program = HEAD + "for fold in range(10):\n" + indent(NET + ADAM + inner, "    ")
    assert {each.epochs for each in run_of(program, tmp_path).trainings} == {3}


# Found ----------------------------------------------------------------------------------------------------------------

FULL = """
for epoch in range(200):
    optimizer.zero_grad()
    loss = F.cross_entropy(model({x}), {y})
    loss.backward()
    optimizer.step()
"""
SLICES = """
for epoch in range(30):
    order = torch.randperm(len(x))
    for start in range(0, len(x), 64):
        rows = order[start:start + 64]
        optimizer.zero_grad()
        F.cross_entropy(model(x[rows]), y[rows]).backward()
        optimizer.step()
"""
TRAINER = """
class Digits(Dataset):
    def __init__(self, path):
        self.images, self.labels = torch.load(path)

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index].float() / 255, self.labels[index]


class Trainer:
    def __init__(self, net, epochs=25):
        self.net, self.epochs = net, epochs
        self.optimizer = torch.optim.RMSprop(net.parameters(), lr=1e-3)

    def evaluate(self, loader):
        self.net.eval()
        right = 0
        with torch.no_grad():
            for images, labels in loader:
                right += (self.net(images.view(-1, 784)).argmax(1) == labels).sum().item()
        return right / len(loader.dataset)

    def fit(self, data, held_out):
        for epoch in range(self.epochs):
            self.net.train()
            for images, labels in DataLoader(data, batch_size=64, shuffle=True):
                self.optimizer.zero_grad()
                loss = F.cross_entropy(self.net(images.view(images.size(0), -1)), labels)
                loss.backward()
                self.optimizer.step()
            print(epoch, self.evaluate(DataLoader(held_out, batch_size=64)))


net = nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))
Trainer(net).fit(Digits("digits.pt"), Digits("others.pt"))
torch.save(net.state_dict(), "net.pt")
"""
SPEAKS = {
    "batches of a loader": training(),
    "stored batches": training(batches='torch.load("batches.pt")'),
    "all data at once": HEAD + NET + ADAM + FULL.format(x="x", y="y"),
    "random data made once": HEAD
    + NET
    + ADAM
    + "x, y = torch.randn(500, 784), torch.randint(0, 10, (500,))\n"
    + FULL.format(x="x", y="y"),
    "a part of all data": HEAD + NET + ADAM + FULL.format(x="x[:400]", y="y[:400]"),
    "labels computed from the input": HEAD
    + NET
    + ADAM
    + "x = torch.randn(500, 784)\ny = (x.sum(dim=1) > 0).long()\n"
    + FULL.format(x="x", y="y"),
    "slices of a new order": HEAD + NET + ADAM + SLICES,
    "a class that trains": HEAD + TRAINER,
    "a loss by hand": training(loss="((model(images) - labels) ** 2).mean()"),
    "scaled data": training(loss="F.cross_entropy(model((images.float() - 33.3) / 78.6), labels)"),
    "what is switched off": training(
        NET.replace("nn.ReLU()", "nn.ReLU(), nn.Dropout(0.0)") + ADAM.replace("lr=0.001", "lr=0.001, weight_decay=0")
    ),
    "a flag that is off": training(
        "CLIP = False\n" + NET + ADAM,
        after="if CLIP:\n    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n",
    ),
    "a table from a file": training(
        "import pandas as pd\ntable = pd.read_csv('prices.csv')\n"
        "x = torch.tensor(table.drop('price', axis=1).values, dtype=torch.float32)\n"
        "y = torch.tensor(table['price'].values, dtype=torch.float32).unsqueeze(1)\n" + NET.replace("10", "1") + ADAM,
        batches="DataLoader(TensorDataset(x, y), batch_size=32)",
        loss="F.mse_loss(model(images), labels)",
    ),
    "a pickled pair": training(
        "import pickle\nwith open('d.pkl', 'rb') as file:\n    x, y = pickle.load(file)\n" + NET + ADAM,
        batches="DataLoader(TensorDataset(torch.tensor(x).float(), torch.tensor(y)), batch_size=32)",
    ),
    "words": training(
        "model = nn.Sequential(nn.Embedding(1000, 64), nn.Flatten(), nn.Linear(1280, 512), nn.ReLU(), nn.Linear(512, 2))\n"
        + ADAM
    ),
    "a schedule": training(
        NET + ADAM + "schedule = torch.optim.lr_scheduler.StepLR(optimizer, 10)\n", end="schedule.step()\n"
    ),
    "scaled gradients": training(NET + ADAM + "scaler = torch.amp.GradScaler()\n")
    .replace("loss.backward()", "scaler.scale(loss).backward()")
    .replace("optimizer.step()", "scaler.step(optimizer)\n        scaler.update()"),
}


@pytest.mark.parametrize("name", SPEAKS)
def test_it_speaks(name: str, tmp_path: Path) -> None:
    assert speaks(SPEAKS[name], tmp_path)


# Silent ---------------------------------------------------------------------------------------------------------------

KEPT = SCORE + "if score < best:\n    best = score\n    {}\n"
SILENT = {
    "nine epochs": training(epochs="range(9)"),
    "few weights": training(NET.replace("512", "64") + ADAM),
    "one layer": training("model = nn.Linear(20000, 10)\n" + ADAM),
    "dropout": training(NET.replace("nn.ReLU()", "nn.ReLU(), nn.Dropout(0.2)") + ADAM),
    "dropout of which nothing is known": training(NET.replace("nn.ReLU()", "nn.ReLU(), nn.Dropout(rate)") + ADAM),
    "functional dropout": training(loss="F.cross_entropy(model(F.dropout(images, 0.1)), labels)"),
    "a rate that a user may set": training(
        "parser = argparse.ArgumentParser()\nparser.add_argument('--drop', type=float, default=0.0)\n"
        + NET.replace("nn.ReLU()", "nn.ReLU(), nn.Dropout(parser.parse_args().drop)")
        + ADAM
    ),
    "weight decay of AdamW": training(NET + ADAM.replace("Adam(", "AdamW(")),
    "weight decay": training(NET + ADAM.replace("lr=0.001", "lr=0.001, weight_decay=1e-4")),
    "weight decay of which nothing is known": training(NET + ADAM.replace("lr=0.001", "lr=0.001, weight_decay=decay")),
    "weight decay of one group": training(
        NET
        + "groups = [{'params': model[0].parameters(), 'weight_decay': 1e-4}, {'params': model[2].parameters()}]\n"
        + "optimizer = torch.optim.Adam(groups, lr=0.001)\n"
    ),
    "weight decay that is set later": training(
        first="for group in optimizer.param_groups:\n    group['weight_decay'] = 1e-4\n"
    ),
    "a penalty": training(then="loss = loss + 1e-4 * sum(p.pow(2).sum() for p in model.parameters())\n"),
    "a penalty in a loop": training(then="for p in model.parameters():\n    loss = loss + 1e-5 * p.abs().sum()\n"),
    "a penalty on one layer": training(then="loss = loss + 1e-4 * model[0].weight.norm()\n"),
    "a penalty on a list of weights": training(
        NET + ADAM + "weights = list(model.parameters())\n",
        then="loss = loss + 1e-4 * sum(w.pow(2).sum() for w in weights)\n",
    ),
    "batch normalisation": training(NET.replace("nn.ReLU()", "nn.BatchNorm1d(512), nn.ReLU()") + ADAM),
    "functional normalisation": training(
        loss="F.cross_entropy(model[2](F.layer_norm(model[0](images), (512,))), labels)"
    ),
    "weight normalisation": training(
        NET.replace("nn.Linear(784, 512)", "nn.utils.weight_norm(nn.Linear(784, 512))") + ADAM
    ),
    "noise": training(first="images = images + 0.1 * torch.randn_like(images)\n"),
    "noise on weights": training(
        after="with torch.no_grad():\n    model[0].weight.add_(0.01 * torch.randn(512, 784))\n"
    ),
    "flips by random": training(first="if random.random() < 0.5:\n    images = images.flip(-1)\n"),
    "flips by NumPy": training(first="if np.random.rand() < 0.5:\n    images = images.flip(-1)\n"),
    "an unknown transform": "from somewhere import augment\n" + training(first="images = augment(images)\n"),
    "label smoothing": training(loss="F.cross_entropy(model(images), labels, label_smoothing=0.1)"),
    "clipped gradients": training(after="nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"),
    "gradients clipped by hand": training(after="for p in model.parameters():\n    p.grad.clamp_(-1, 1)\n"),
    "a bound on the weights": training(
        after="with torch.no_grad():\n    for p in model.parameters():\n        p.clamp_(-1, 1)\n"
    ),
    "early stopping": training(
        "best, bad = 1e9, 0\n" + NET + ADAM,
        end=SCORE + "if score < best:\n    best, bad = score, 0\nelse:\n    bad += 1\nif bad == 5:\n    break\n",
    ),
    "early stopping by an unknown object": "from somewhere import Stopper\nstopper = Stopper()\n"
    + training(end=SCORE + "if stopper.step(score):\n    break\n"),
    "the best weights on disk": training(
        "best = 1e9\n" + NET + ADAM, end=KEPT.format("torch.save(model.state_dict(), 'a')")
    ),
    "the best weights copied": training("best = 1e9\n" + NET + ADAM, end=KEPT.format("kept = copy.deepcopy(model)")),
    "the best weights, but not at first": training(
        "best = 1e9\n" + NET + ADAM,
        epochs="range(300)",
        end="if epoch > 50:\n" + indent(KEPT.format("torch.save(model.state_dict(), 'a')"), "    "),
    ),
    "an unknown callback": "from somewhere import callback\n" + training(end="callback(model, epoch)\n"),
    "a network that was changed": "from somewhere import change\n" + training(NET + "change(model)\n" + ADAM),
    "an optimizer that was changed": "from somewhere import change\n" + training(NET + ADAM + "change(optimizer)\n"),
    "an unknown network": "from somewhere import Net\n" + training("model = Net()\n" + ADAM),
    "unknown data": "from somewhere import loader as others\n" + training(batches="others"),
    "an unknown batch": "from somewhere import collate\n"
    + training(batches="DataLoader(TensorDataset(x, y), collate_fn=collate)"),
    "loaded weights": training(NET + "model.load_state_dict(torch.load('before.pt'))\n" + ADAM),
    "an autoencoder": training(NET.replace("512, 10", "512, 784") + ADAM, loss="F.mse_loss(model(images), images)"),
    "an autoencoder of scaled data": training(
        NET.replace("512, 10", "512, 784") + ADAM, loss="F.mse_loss(model(images.view(-1, 784)), images / 255)"
    ),
    "a denoising autoencoder": training(
        NET.replace("512, 10", "512, 784") + "noise = torch.randn(32, 784)\n" + ADAM,
        loss="F.mse_loss(model(images + noise), images)",
    ),
    "a teacher": training(
        "teacher = nn.Linear(784, 10)\n" + NET + ADAM, loss="F.mse_loss(model(images), teacher(images).detach())"
    ),
    "a moving average": training(
        NET + "average = torch.optim.swa_utils.AveragedModel(model)\n" + ADAM,
        after="average.update_parameters(model)\n",
    ),
    "a hook": training(NET + "model[0].register_full_backward_hook(lambda *given: None)\n" + ADAM),
    "rows drawn by lot": HEAD
    + NET
    + ADAM
    + FULL.format(x="x[rows]", y="y[rows]").replace(
        "    optimizer.zero_grad()", "    rows = torch.randint(0, len(x), (64,))\n    optimizer.zero_grad()"
    ),
    "rows in turn": HEAD
    + NET
    + ADAM
    + FULL.format(x="x[i:i + 64]", y="y[i:i + 64]").replace(
        "    optimizer.zero_grad()", "    i = epoch * 64 % len(x)\n    optimizer.zero_grad()"
    ),
    "one batch after the other": HEAD
    + NET
    + ADAM
    + "batches = iter(loader)\n"
    + FULL.format(x="a", y="b").replace(
        "    optimizer.zero_grad()", "    a, b = next(batches)\n    optimizer.zero_grad()"
    ),
    "another part in each turn": HEAD
    + NET
    + ADAM
    + "parts = [torch.randn(8, 784) for _ in range(200)]\n"
    + FULL.format(x="parts[epoch]", y="y"),
    "new data in each turn": HEAD + NET + ADAM + FULL.format(x="torch.randn(64, 784)", y="torch.randint(0, 10, (64,))"),
}


@pytest.mark.parametrize("name", SILENT)
def test_it_is_silent(name: str, tmp_path: Path) -> None:
    assert not speaks(SILENT[name], tmp_path)


# Keras ----------------------------------------------------------------------------------------------------------------

KERAS = """
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

(x, y), _ = keras.datasets.mnist.load_data()
x = x.reshape(-1, 784) / 255
"""
DENSE = "layers.Dense(512, activation='relu', input_shape=(784,))"
CHAIN = "model = keras.Sequential([" + DENSE + ", {}layers.Dense(10, activation='softmax')])\n"
COMPILE = "model.compile(optimizer={}, loss='sparse_categorical_crossentropy')\n"
TAPE = """
optimizer = keras.optimizers.Adam()
for epoch in range(30):
    for images, labels in tf.data.Dataset.from_tensor_slices((x, y)).shuffle(1000).batch(64):
        with tf.GradientTape() as tape:
            loss = keras.losses.sparse_categorical_crossentropy(labels, model(images, training=True)){penalty}
        gradients = tape.gradient(loss, model.trainable_variables)
        {then}
        optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    {end}
"""


def fitted(
    between: str = "", optimizer: str = "'adam'", fit: str = "epochs=20", given: str = "x, y", after: str = ""
) -> str:
    return KERAS + CHAIN.format(between) + COMPILE.format(optimizer) + f"model.fit({given}, {fit})\n{after}"


def taped(penalty: str = "", then: str = "pass", end: str = "pass") -> str:
    return KERAS + CHAIN.format("") + TAPE.format(penalty=penalty, then=then, end=end)


def watched(body: str) -> str:
    text = "class Watch(keras.callbacks.Callback):\n    def on_epoch_end(self, epoch, logs=None):\n"
    return KERAS + text + indent(body, " " * 8) + fitted(fit="epochs=20, callbacks=[Watch()]").removeprefix(KERAS)


GRAPH = """
inputs = keras.Input(shape=(784,))
hidden = layers.Dense(512, activation="relu")(layers.Dense(512, activation="relu")(inputs))
model = keras.Model(inputs, layers.Dense(10)(hidden))
model.compile(keras.optimizers.RMSprop(1e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit({}, epochs=12)
"""
NET_CLASS = """
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.first, self.last = layers.Dense(512, activation="relu"), layers.Dense(10)

    def call(self, x):
        hidden = self.first(x)
        {}
        return self.last(hidden)


model = Net()
model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
model.fit(x, y, epochs=12)
"""
KERAS_SPEAKS = {
    "fit": fitted(),
    "fit under an old name": fitted(fit="nb_epoch=20"),
    "a graph": KERAS + GRAPH.format("x, y"),
    "a graph and stored data": KERAS + GRAPH.format("np.load('x.npy'), np.load('y.npy')"),
    "a class": KERAS + NET_CLASS.format("pass"),
    "a stream": fitted(given="tf.data.Dataset.from_tensor_slices((x, y)).batch(64)"),
    "a tape": taped(),
    "callbacks that look on": fitted(fit="epochs=20, callbacks=[keras.callbacks.CSVLogger('log')]"),
    "weights that are saved at the end": fitted(after="model.save('model.keras')\n"),
}
KERAS_SILENT = {
    "few epochs": fitted(fit="epochs=9"),
    "one epoch by default": fitted(fit="batch_size=64"),
    "dropout": fitted("layers.Dropout(0.3), "),
    "normalisation": fitted("layers.BatchNormalization(), "),
    "noise": fitted("layers.GaussianNoise(0.1), "),
    "a penalty": KERAS + fitted().removeprefix(KERAS).replace("input_shape", "kernel_regularizer='l2', input_shape"),
    "a bound on the weights": KERAS
    + fitted()
    .removeprefix(KERAS)
    .replace("input_shape", "kernel_constraint=keras.constraints.MaxNorm(2), input_shape"),
    "early stopping": fitted(fit="epochs=20, callbacks=[keras.callbacks.EarlyStopping()]"),
    "the best weights": fitted(fit="epochs=20, callbacks=[keras.callbacks.ModelCheckpoint('a', save_best_only=True)]"),
    "an unknown callback": "from somewhere import Watch\n" + fitted(fit="epochs=20, callbacks=[Watch()]"),
    "unknown callbacks": "from somewhere import callbacks\n" + fitted(fit="epochs=20, callbacks=callbacks"),
    "a callback that stops": watched("if logs['loss'] < 0.1:\n    self.model.stop_training = True\n"),
    "a callback that saves": watched("self.model.save_weights('best.h5')\n"),
    "weight decay of AdamW": fitted(optimizer="keras.optimizers.AdamW()"),
    "weight decay": fitted(optimizer="keras.optimizers.Adam(weight_decay=1e-4)"),
    "clipped gradients": fitted(optimizer="keras.optimizers.Adam(clipnorm=1.0)"),
    "gradients clipped by hand": taped(then="gradients = [tf.clip_by_norm(each, 1.0) for each in gradients]"),
    "gradients clipped together": taped(then="gradients, _ = tf.clip_by_global_norm(gradients, 1.0)"),
    "a penalty by hand": taped(
        penalty=" + 1e-4 * tf.add_n([tf.nn.l2_loss(each) for each in model.trainable_variables])"
    ),
    "a loop that is left": taped(end="if loss < 0.01:\n        break"),
    "a loss that a layer adds": KERAS + NET_CLASS.format("self.add_loss(tf.reduce_mean(tf.abs(hidden)))"),
    "random layers": fitted("layers.Reshape((16, 32, 1)), layers.RandomFlip(), layers.Flatten(), "),
    "a generator": fitted(given="keras.preprocessing.image.ImageDataGenerator(rotation_range=9).flow(x, y)"),
    "a stream of noise": KERAS
    + "def noisy(x, y):\n    return x + tf.random.normal(tf.shape(x), stddev=0.1), y\n\n"
    + fitted(given="tf.data.Dataset.from_tensor_slices((x, y)).map(noisy).batch(64)").removeprefix(KERAS),
    "an autoencoder": KERAS + "y = x\n" + fitted().removeprefix(KERAS),
    "loaded weights": fitted().replace("model.compile", "model.load_weights('a.h5')\nmodel.compile"),
    "unknown data": "from somewhere import data\n" + fitted(given="data.x, data.y"),
}


@pytest.mark.parametrize("name", KERAS_SPEAKS)
def test_it_speaks_of_keras(name: str, tmp_path: Path) -> None:
    assert speaks(KERAS_SPEAKS[name], tmp_path)


@pytest.mark.parametrize("name", KERAS_SILENT)
def test_it_is_silent_on_keras(name: str, tmp_path: Path) -> None:
    assert not speaks(KERAS_SILENT[name], tmp_path)


@pytest.mark.parametrize(
    ("before", "flat"),
    [
        ("", 28 * 28),
        ("layers.Conv2D(8, 3), ", 26 * 26 * 8),
        ("layers.Conv2D(8, (3, 5)), ", 26 * 24 * 8),
        ("layers.Conv2D(8, 3, padding='same'), ", 28 * 28 * 8),
        ("layers.Conv2D(8, 5, strides=2), ", 12 * 12 * 8),
        ("layers.Conv2D(8, 5, strides=2, padding='same'), ", 14 * 14 * 8),
        ("layers.Conv2D(8, 3), layers.MaxPooling2D(), ", 13 * 13 * 8),
        ("layers.AveragePooling2D(3, strides=1), ", 26 * 26),
        ("layers.MaxPooling2D(3, padding='same'), ", 10 * 10),
        ("layers.Conv2D(8, 3), layers.GlobalAveragePooling2D(), ", 8),
        ("layers.Conv2D(8, 3, dilation_rate=2), ", None),
        ("layers.Conv2DTranspose(8, 3), ", None),
        ("layers.Conv2D(8, size), ", None),
    ],
)
def test_what_goes_into_the_first_dense_layer(before: str, flat: int | None, tmp_path: Path) -> None:
    net = f"model = keras.Sequential([keras.Input((28, 28, 1)), {before}layers.Flatten(), layers.Dense(100)])\n"
    program = KERAS + "x = x.reshape(-1, 28, 28, 1)\n" + net + COMPILE.format("'sgd'") + "model.fit(x, y, epochs=20)\n"
    assert the(program, tmp_path).dense == (0 if flat is None else 100 * flat)


# Lightning ------------------------------------------------------------------------------------------------------------

LIGHTNING = """
import torch
import torch.nn.functional as F
import torchmetrics
import lightning.pytorch as pl
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Digits(pl.LightningModule):
    def __init__(self, width=512):
        super().__init__()
        self.accuracy = torchmetrics.Accuracy("multiclass", num_classes=10)
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, width), nn.ReLU(), nn.Linear(width, 10))

    def training_step(self, batch, index):
        images, labels = batch
        output = self.net(images)
        loss = F.cross_entropy(output, labels)
        self.log("accuracy", self.accuracy(output, labels))
        return loss

    def validation_step(self, batch, index):
        images, labels = batch
        self.log("loss", F.cross_entropy(self.net(images), labels))

    def configure_optimizers(self):
        return torch.optim.{optimizer}(self.parameters(), lr=1e-3)

{more}

class Data(pl.LightningDataModule):
    def train_dataloader(self):
        return DataLoader(datasets.MNIST("data", transform=transforms.ToTensor()), batch_size=64, shuffle=True)


pl.Trainer({trainer}).fit(Digits(), datamodule=Data())
"""


@pytest.mark.parametrize(
    ("trainer", "more", "optimizer", "expected"),
    [
        ("max_epochs=20", "", "Adam", True),
        ("max_epochs=20, devices=1, callbacks=[pl.callbacks.RichProgressBar()]", "", "Adam", True),
        ("max_epochs=3", "", "Adam", False),
        ("", "", "Adam", False),
        ("max_epochs=20", "", "AdamW", False),
        ("max_epochs=20, gradient_clip_val=0.5", "", "Adam", False),
        ("max_epochs=20, callbacks=[pl.callbacks.EarlyStopping('loss')]", "", "Adam", False),
        ("max_epochs=20, **settings", "", "Adam", False),
        (
            "max_epochs=20",
            "    def on_train_epoch_end(self):\n        self.trainer.should_stop = self.loss < 1\n",
            "Adam",
            False,
        ),
        (
            "max_epochs=20",
            "    def configure_gradient_clipping(self, *given):\n        self.clip_gradients(*given)\n",
            "Adam",
            False,
        ),
    ],
)
def test_trainers_of_lightning(trainer: str, more: str, optimizer: str, expected: bool, tmp_path: Path) -> None:
    program = LIGHTNING.replace("{optimizer}", optimizer).replace("{more}", more).replace("{trainer}", trainer)
    assert speaks(program, tmp_path) is expected
