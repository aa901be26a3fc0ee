"""What reaches the first weights: data on the scale that a program has brought it to, in the ways people write that."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.run import Input
from trainlint.semantics import scales
from trainlint.source.sources import Sources

HEAD = """
import argparse
import cv2
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F
from PIL import Image
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from tensorflow import keras
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, Dataset, Subset, TensorDataset, random_split
from torchvision import datasets, transforms
"""
TORCH = HEAD + "x = datasets.MNIST('.').data\n"
ARRAY = HEAD + "(x, y), _ = keras.datasets.cifar10.load_data()\n"
TABLE = HEAD + "x = load_wine().data\n"
TRAINED = "\nnn.functional.mse_loss(nn.Linear(3, 3)(x), torch.zeros(3)).backward()\n"
FITTED = """
model = keras.Sequential([keras.layers.Dense(3)])
model.compile('sgd', 'mse')
model.fit(x, y)
"""


def inputs(program: str) -> tuple[Input, ...]:
    return analyse("a.py", Sources(Path("/nowhere"), {"a.py": program.encode()}), standard()).inputs


def met(program: str) -> list[tuple[float, float]]:
    """Where the data lies that a program trains with."""
    found = {scales.hull(each.scale) for each in inputs(program) if each.trained}
    return [(round(each.lo, 3), round(each.hi, 3)) for each in found]


BYTES, UNIT, SIGNED, USUAL = (0.0, 255.0), (0.0, 1.0), (-1.0, 1.0), (-3.0, 3.0)


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ("x = x.float()", BYTES),
        ("x = x.type(torch.FloatTensor).cuda()", BYTES),
        ("x = x.to(torch.float32).view(-1, 784)", BYTES),
        ("x = torch.cat([x.float(), x.float()])[:100]", BYTES),
        ("x = F.interpolate(x.float(), 32)", BYTES),
        ("x = torch.tensor(x, dtype=torch.float32).requires_grad_(False)", BYTES),
        ("x = x.float()\nshown = x / 255", BYTES),
        ("x = x / 255", UNIT),
        ("x = x.float().div(255)", UNIT),
        ("x = x.float().mul_(1 / 255.0)", UNIT),
        ("x = x.float()\nx.div_(255)", UNIT),
        ("x = x.float()\nx /= 255", UNIT),
        ("x = torch.div(x, 255.0)", UNIT),
        ("scale = 255.0\nx = x.float() / scale", UNIT),
        ("x = x.float().div_(255).sub_(0.5).div_(0.5)", SIGNED),
        ("x = transforms.functional.convert_image_dtype(x, torch.float32) * 2 - 1", SIGNED),
        ("x = x / x.max()", UNIT),
        ("x = (x.float() - x.float().mean()) / x.float().std()", USUAL),
        ("x = torch.stack([transforms.ToTensor()(each) for each in x.numpy()])", UNIT),
        ("x = 1 - x / 255", UNIT),
        ("x = x / 255 / 255", (0.0, 0.004)),
        ("x = transforms.Normalize((0.5,), (0.5,))(x.float())", (-1.0, 509.0)),
    ],
)
def test_tensors(steps, reached):
    assert met(TORCH + steps + TRAINED) == [reached]


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ("x = x.astype('float32')", BYTES),
        ("x = x.reshape(len(x), -1)[:5000]", BYTES),
        ("order = np.random.permutation(len(x))\nx, y = x[order], y[order]", BYTES),
        ("keep = np.isin(y.ravel(), [0, 1])\nx = x[keep]", BYTES),
        ("x = np.pad(x, ((0, 0), (2, 2), (2, 2), (0, 0)), 'constant')", BYTES),
        ("x = np.stack([cv2.resize(each, (16, 16)) for each in x])", BYTES),
        ("x = tf.image.resize(tf.cast(x, tf.float32), (16, 16))", BYTES),
        ("x, held_out = train_test_split(x)", BYTES),
        ("x = np.float32(x) / 255", UNIT),
        ("x = x.astype('float32')\nx /= 255", UNIT),
        ("x = np.divide(x, 255.0)", UNIT),
        ("x = np.clip(x / 255, 0, 1)", UNIT),
        ("x = np.array([each / 255.0 for each in x])", UNIT),
        ("x = tf.image.convert_image_dtype(x, tf.float32)", UNIT),
        ("x = keras.layers.Rescaling(1 / 127.5, offset=-1)(x)", SIGNED),
        ("x = keras.applications.mobilenet.preprocess_input(x)", SIGNED),
        ("x = (x - x.mean(axis=(0, 1, 2))) / (x.std(axis=(0, 1, 2)) + 1e-7)", USUAL),
        ("x = tf.image.per_image_standardization(x)", USUAL),
        ("def scaled(a, by=255.0):\n    return a / by\n\n\nx = scaled(x)", UNIT),
        ("empty = np.zeros(x.shape)\nfor i in range(len(x)):\n    empty[i] = x[i] / 255\nx = empty", UNIT),
    ],
)
def test_arrays(steps, reached):
    assert met(ARRAY + steps + FITTED) == [reached]


def test_columns_have_ranges_of_their_own():
    assert met(TABLE + "x = x[:, 3:5]" + TRAINED) == [(10.6, 162.0)]
    assert met(TABLE + "x = x[:100, 0]" + TRAINED) == [(11.03, 14.83)]
    assert met(TABLE + "x = x[:100]" + TRAINED) == [(0.13, 1680.0)]
    assert met(TABLE + "x = StandardScaler().fit(x).transform(x)" + TRAINED) == [USUAL]
    assert met(TABLE + "x = MinMaxScaler().fit_transform(x)" + TRAINED) == [UNIT]
    assert met(TABLE + "x = x / x.max()" + TRAINED) == [UNIT]


@pytest.mark.parametrize(
    "steps",
    [
        "x = unheard_of(x)",
        "unheard_of(x)",
        "x = x ** 2",
        "x = x / unheard_of()",
        "x = x[:, unheard_of()]",
        "x = np.log1p(x)",
        "x = np.where(x > 2, 1.0, 0.0)",
        "x[:, 1] = unheard_of()",
    ],
)
def test_what_was_not_followed_has_no_scale(steps):
    assert met(TABLE + steps + TRAINED) == []


RAW, DIVIDED = "transforms.PILToTensor()", "transforms.ToTensor()"
SETS = {
    "inherited": """class Digits(datasets.MNIST):
    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image, label


batches = DataLoader(Digits('.', transform=@), 8)""",
    "wrapped": """class Wrapped(Dataset):
    def __init__(self, inner, step):
        self.inner, self.step = inner, step

    def __len__(self):
        return len(self.inner)

    def __getitem__(self, index):
        image, label = self.inner[index]
        return self.step(image), label


batches = DataLoader(Wrapped(datasets.MNIST('.'), @), 8)""",
    "split": "batches = DataLoader(random_split(datasets.MNIST('.', transform=@), [50, 50])[0], 8)",
    "part": "batches = DataLoader(Subset(datasets.MNIST('.', transform=@), range(9)), 8)",
    "joined": "batches = DataLoader(ConcatDataset([datasets.MNIST('.', transform=@)]), 8)",
    "collated": """def collate(rows):
    return torch.stack([row[0] for row in rows]), torch.tensor([row[1] for row in rows])


batches = DataLoader(datasets.MNIST('.', transform=@), 8, collate_fn=collate)""",
    "changed later": "held = datasets.MNIST('.')\nheld.transform = @\nbatches = DataLoader(held, 8)",
    "listed": "batches = DataLoader([(image, label) for image, label in datasets.MNIST('.', transform=@)], 8)",
    "yielded": """class Stream(torch.utils.data.IterableDataset):
    def __iter__(self):
        for image, label in datasets.MNIST('.', transform=@):
            yield image, label


batches = DataLoader(Stream(), 8)""",
    "first of them": "batches = [next(iter(DataLoader(datasets.MNIST('.', transform=@), 8)))] * 10",
    "composed": """steps = [transforms.Resize(28), transforms.RandomApply([transforms.ColorJitter()]), @]
batches = DataLoader(datasets.ImageFolder('pictures', transforms.Compose(steps)), 8)""",
    "by a class": """class Step:
    def __call__(self, image):
        return @(image.convert('L'))


batches = DataLoader(datasets.MNIST('.', transform=Step()), 8)""",
}
LOOP = """
for x, y in batches:
    nn.functional.mse_loss(nn.Linear(3, 3)(x.float()), torch.zeros(3)).backward()
"""


@pytest.mark.parametrize("name", SETS)
def test_data_sets_and_loaders(name):
    assert met(HEAD + SETS[name].replace("@", RAW) + LOOP) == [BYTES]
    assert met(HEAD + SETS[name].replace("@", DIVIDED) + LOOP) == [UNIT]


STREAMS = {
    "stages": "x, y = tf.data.Dataset.from_tensor_slices((x, y)).map(lambda a, b: (a@, b)).batch(8).prefetch(1), None",
    "pairs": "both = tf.data.Dataset.zip((tf.data.Dataset.from_tensor_slices(x@), y))\nx, y = both.batch(8), None",
    "generator": """def batches():
    while True:
        for start in range(0, len(x_), 32):
            yield images[start : start + 32]@, labels[start : start + 32]


images, labels = x, y
x, y = batches(), None""",
    "sequence": """class Batches(keras.utils.Sequence):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x) // 32

    def __getitem__(self, index):
        return self.x[index * 32 : index * 32 + 32]@, self.y[index * 32 : index * 32 + 32]


x, y = Batches(x, y), None""",
    "image generator": """made = keras.preprocessing.image.ImageDataGenerator(horizontal_flip=True)
x, y = made.flow(x@, y, batch_size=32), None""",
}


@pytest.mark.parametrize("name", STREAMS)
def test_what_fit_is_given(name):
    assert met(ARRAY + STREAMS[name].replace("@", "") + FITTED) == [BYTES]
    assert met(ARRAY + STREAMS[name].replace("@", " / 255") + FITTED) == [UNIT]


def test_only_what_is_minimised_is_trained():
    program = TORCH + "net = nn.Linear(3, 3)\nwith torch.no_grad():\n    net(x.float())\nnet(x / 255)\n"
    program += "net(x / 51).sum().backward()\n"
    assert {(each.reach.hi, each.trained) for each in inputs(program)} == {(255.0, False), (1.0, False), (5.0, True)}


@pytest.mark.parametrize("product", ["x.float() @ w + b", "torch.addmm(b, x.float(), w)", "F.linear(x.float(), w, b)"])
def test_weights_without_a_layer(product):
    program = TORCH + "w, b = nn.Parameter(torch.randn(3, 3)), torch.zeros(3, requires_grad=True)\n"
    assert met(f"{program}torch.relu({product}).sum().backward()\n") == [BYTES]
    assert met(f"{program}torch.relu({product.replace('x.float()', 'x / 255')}).sum().backward()\n") == [UNIT]


def test_a_normalisation_right_behind_the_weights_levels_their_scale():
    for behind, levels in (("nn.BatchNorm1d(3)", True), ("nn.ReLU(), nn.BatchNorm1d(3)", True), ("nn.Tanh()", False)):
        program = f"{TORCH}net = nn.Sequential(nn.Linear(3, 3), {behind}, nn.Linear(3, 3))\n"
        assert {each.levelled for each in inputs(program + "net(x.float()).sum().backward()\n")} == {levels}


def test_an_option_leaves_what_ships():
    program = TORCH + "parser = argparse.ArgumentParser()\nparser.add_argument('--{}', action='store_true')\n"
    program += "args = parser.parse_args()\nx = x.float()\nif {}args.scale:\n    x = x / 255\n" + TRAINED
    shipped = [each for each in inputs(program.format("scale", "")) if not any(c.off_default for c in each.chosen)]
    assert {each.reach.hi for each in shipped} == {255.0}


SOUND = (
    HEAD
    + """
import wave
from pathlib import Path

def read(path, dtype):
    with wave.open(str(path), "rb") as clip:
        return np.frombuffer(clip.readframes(8000), dtype=dtype)

clip = wave.open("a.wav")
frames = clip.readframes(clip.getnframes())
held = Path("a.bin").read_bytes()
"""
)
WIDE = (-32768.0, 32767.0)


@pytest.mark.parametrize(
    ("steps", "reached"),
    [
        ("x = torch.from_numpy(read('a.wav', np.uint8)).float()", [BYTES]),
        ("x = torch.tensor(read('a.wav', np.int16).astype(np.float32))", [WIDE]),
        ("x = torch.tensor(np.frombuffer(frames, 'int16'), dtype=torch.float32)", [WIDE]),
        ("x = torch.tensor(np.stack([read(p, np.int16) for p in ('a.wav', 'b.wav')])).float()", [WIDE]),
        ("x = np.full(8000, 128, np.uint8); x[:99] = read('a.wav', np.uint8); x = torch.tensor(x).float()", [BYTES]),
        ("x = (torch.from_numpy(read('a.wav', np.uint8)).float() - 128) / 128", [(-1.0, 0.992)]),
        ("x = torch.tensor(read('a.wav', np.int16).astype(np.float32) / 32768.0)", [(-1.0, 1.0)]),
        ("x = torch.tensor(np.frombuffer(frames, np.float32))", []),
        ("x = torch.tensor(np.frombuffer(frames, np.int8)).float()", []),
        ("x = torch.tensor(np.frombuffer(frames)).float()", []),
        ("import sys; x = torch.tensor(np.frombuffer(frames, sys.argv[1])).float()", []),
        ("x = torch.tensor(np.frombuffer(frames[1::2], np.uint8)).float()", []),
        ("x = torch.tensor(np.frombuffer(held, np.uint8)).float()", []),
        ("x = torch.tensor(np.frombuffer(open('a.idx', 'rb').read(), np.uint8, offset=16)).float()", []),
    ],
)
def test_sounds(steps: str, reached: list[tuple[float, float]]) -> None:
    assert met(f"{SOUND}{steps}{TRAINED}") == reached
