"""What the knowledge says of data sets, and of what scales data, is what the libraries do."""

from __future__ import annotations

import importlib
import inspect
import warnings
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import yaml

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.knowledge.schema import Entry
from trainlint.run import Input
from trainlint.source.sources import Sources

try:
    import torchvision
except RuntimeError:  # built for another PyTorch: its own operators are missing, which nothing here uses
    for _name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{_name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

from PIL import Image
from torchvision import transforms
from torchvision.transforms import v2

KNOWLEDGE = standard()
LOADERS = ["load_iris", "load_wine", "load_breast_cancer", "load_digits", "load_diabetes"]


# Data sets ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOADERS)
def test_tables_hold_what_is_said_of_them(name: str) -> None:
    from sklearn import datasets

    held, target = getattr(datasets, name)(return_X_y=True)
    entry = KNOWLEDGE.entries[f"sklearn.datasets.{name}"]
    said, wanted = entry.set["cases"][True] if "cases" in entry.set else entry.set["gives"]
    assert str(held.dtype) == said["dtype"]
    assert [None, *held.shape[1:]] == said["shape"]
    assert [target.min(), target.max()] == wanted["range"]
    if "features" in said:
        found = np.stack([held.min(axis=0), held.max(axis=0)], axis=1)
        assert np.allclose(found, np.array(said["features"], dtype=float), rtol=1e-3, atol=1e-4)
    else:
        assert np.allclose([held.min(), held.max()], said["range"], rtol=1e-3)


def entries(file: str, prefix: str) -> Iterator[tuple[str, Entry]]:
    text = (files("trainlint") / "knowledge" / f"{file}.yaml").read_text(encoding="utf-8")
    for name in yaml.safe_load(text):
        entry = KNOWLEDGE.entries.get(name)
        if entry is not None and entry.parameters and name.startswith(prefix):
            yield name, entry


SIGNED = [
    *entries("datasets", "sklearn."),
    *entries("datasets", "torchvision."),
    *entries("transforms", "torchvision."),
    *entries("datasets", "keras."),
    *entries("transforms", "keras."),
]
GONE = {"sklearn.datasets.load_boston", "keras.preprocessing.image.ImageDataGenerator"}
LOOSE = {"torchvision.datasets.ImageNet", "torchvision.datasets.EMNIST", "keras.layers.Rescaling"}  # take keywords


@pytest.mark.parametrize(("name", "entry"), SIGNED, ids=[name for name, _ in SIGNED])
def test_parameters_are_those_of_the_library(name: str, entry: Entry) -> None:
    if name in GONE or any(each.startswith("*") for each, _ in entry.parameters or ()):
        return
    real = inspect.signature(resolved(name))
    listed = [each for each, _ in entry.parameters or ()]
    theirs = [each for each in real.parameters.values() if each.kind is each.POSITIONAL_OR_KEYWORD]
    names = [each.name for each in theirs]
    if name in LOOSE:
        assert names[: len(listed)] == listed[: len(names)]
        return
    assert listed == [each for each in real.parameters if each in listed], "all are known, in this order"
    assert names[: len(listed)] == [each for each in listed if each in names]
    for parameter, default in entry.parameters or ():
        if parameter not in entry.required and isinstance(default, bool | int | float | str):
            held = real.parameters[parameter].default
            assert held == default or str(held).rpartition(".")[2] == str(default), parameter


def resolved(name: str) -> Any:
    for base in (name, name.replace("torchvision.transforms.", "torchvision.transforms.v2.", 1)):
        module, _, attribute = base.rpartition(".")
        while module:
            try:
                value = importlib.import_module(module)
            except ImportError:
                module, _, rest = module.rpartition(".")
                attribute = f"{rest}.{attribute}"
                continue
            for part in attribute.split("."):
                value = getattr(value, part, None)
            if value is not None:
                return value
            break
    raise AssertionError(f"{name} does not exist")


# Scaling --------------------------------------------------------------------------------------------------------------

BYTES = np.stack([np.linspace(0, 255, 16).reshape(4, 4).round()] * 3, axis=2).astype("uint8")
STATISTICS = "[0.4, 0.5, 0.6], [0.2, 0.3, 0.25]"
STEPS = {
    "transforms.ToTensor()": "Image.open(path)",
    "transforms.PILToTensor()": "Image.open(path)",
    "transforms.functional.to_tensor": "np.array(Image.open(path))",
    "transforms.ConvertImageDtype(torch.float32)": "read_image(path)",
    "v2.ToDtype(torch.float32, scale=True)": "read_image(path)",
    "v2.ToDtype(torch.float32)": "read_image(path)",
    "v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])": "Image.open(path)",
    f"transforms.Compose([transforms.ToTensor(), transforms.Normalize({STATISTICS})])": "Image.open(path)",
    f"transforms.Normalize({STATISTICS})": "read_image(path).float()",
    "transforms.Compose([transforms.Resize(4), transforms.CenterCrop(4), transforms.ToTensor()])": "Image.open(path)",
    "transforms.Lambda(lambda image: torch.from_numpy(np.asarray(image)) / 127.5 - 1)": "Image.open(path)",
}
HEAD = """
import numpy as np
import torch
from PIL import Image
from torchvision import transforms
from torchvision.io import read_image
from torchvision.transforms import v2
path = "a.png"
"""


def met(program: str) -> Input:
    """The first meeting of data with weights in a program."""
    run = analyse("a.py", Sources(Path("/nowhere"), {"a.py": program.encode()}), KNOWLEDGE)
    return run.inputs[0]


@pytest.mark.parametrize("step", STEPS)
def test_steps_bring_bytes_to_the_scale_that_is_said(step: str) -> None:
    known = {"np": np, "torch": torch, "transforms": transforms, "v2": v2, "path": ""}
    known["Image"] = type("Reader", (), {"open": staticmethod(lambda path: Image.fromarray(BYTES))})
    known["read_image"] = lambda path: torch.from_numpy(BYTES).permute(2, 0, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        given = eval(STEPS[step], known)
        result = eval(step, known)(given)
    if result.shape[-1] == 3:
        result = result.permute(2, 0, 1)
    real = [(float(each.min()), float(each.max())) for each in result]
    loss = "torch.nn.functional.mse_loss(torch.nn.Linear(4, 4)(x), x).backward()"
    said = met(f"{HEAD}x = ({step})({STEPS[step]})\n{loss}\n").scale.features
    said *= 3 // len(said)
    assert np.allclose(real, [(each.lo, each.hi) for each in said], atol=0.02)


def test_data_sets_of_pictures_give_bytes() -> None:
    held = torchvision.datasets.FakeData(size=1, image_size=(3, 8, 8))[0][0]
    assert np.asarray(held).dtype == np.uint8


MODES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "vgg16": lambda x: x[..., ::-1] - [103.939, 116.779, 123.68],
    "mobilenet_v2": lambda x: x / 127.5 - 1,
    "densenet": lambda x: (x - [123.675, 116.28, 103.53]) / [58.395, 57.12, 57.375],
    "efficientnet": lambda x: x,
}


@pytest.mark.parametrize("family", MODES)
def test_preprocessing_of_pretrained_networks(family: str) -> None:
    keras = importlib.import_module("keras")
    pixels = BYTES.astype("float32")[None]
    given = getattr(keras.applications, family).preprocess_input(pixels.copy())
    assert np.allclose(np.asarray(given), MODES[family](pixels), atol=0.01)
    module = f"keras.applications.{family}"
    program = f"import keras\nimport cv2\nx = {module}.preprocess_input(cv2.imread('a.png').astype('float32'))\n"
    program += "model = keras.Sequential([keras.layers.Dense(3)])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, x)\n"
    said = met(program).scale.features
    said *= 3 // len(said)
    real = [(float(given[..., each].min()), float(given[..., each].max())) for each in range(3)]
    assert np.allclose(real, [(each.lo, each.hi) for each in said], atol=0.01)


def test_rescaling_is_a_factor_and_an_offset() -> None:
    keras = importlib.import_module("keras")
    given = np.asarray(keras.layers.Rescaling(1.0 / 127.5, offset=-1)(np.array([[0.0, 255.0]])))
    program = "import keras\nimport cv2\nfirst = keras.layers.Rescaling(1.0 / 127.5, offset=-1)\n"
    program += "model = keras.Sequential([first, keras.layers.Dense(3)])\nmodel.compile('sgd', 'mse')\n"
    program += "model.fit(cv2.imread('a.png'), cv2.imread('b.png'))\n"
    (feature,) = met(program).scale.features
    assert np.allclose(given, [[feature.lo, feature.hi]])
