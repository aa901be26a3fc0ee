"""What the knowledge says of the parameters of PyTorch, NumPy, SciPy and Keras is what these say."""

from __future__ import annotations

import math
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from tests.frameworks.signatures import OPEN, Parameter, Signature, resolve, signatures
from trainlint.knowledge.library import standard
from trainlint.knowledge.schema import Entry

SHIPPED = ("torch", "torch_math", "torch_losses", "torch_optim", "numpy", "keras_math")
INSTALLED = ("torch.", "numpy.", "scipy.", "keras.")
FACTORY = frozenset({"device", "dtype", "generator", "out", "layout"})

_KINDS = ("Float", "Double", "Half", "Long", "Int", "Bool", "Byte")
# Calls that the knowledge describes more loosely than their overloads, and why.
LOOSE = {
    "torch.arange": "one number is the end",
    "torch.randint": "one number is the high end",
    "torch.randint_like": "one number is the high end",
    "torch.normal": "three overloads in one",
    "torch.Tensor.uniform_": "from is no name in Python",
    "torch.einsum": "its stub knows operands only",
    "torch.special.round": "its docstring leaves out the decimals",
    "numpy.arange": "one number is the end",
    "numpy.pad": "its keywords depend on the mode",
    "numpy.random.ranf": "hands on whatever it is given",
    "numpy.random.sample": "hands on whatever it is given",
    "torch.unique": "collects everything",
    "torch.unique_consecutive": "collects everything",
    **dict.fromkeys(
        ("torch.Tensor", "torch.autograd.Variable", *(f"torch.{kind}Tensor" for kind in _KINDS)),
        "takes all sorts of data",
    ),
}

OLD_MODULES = ("keras.backend.",)  # functions that only older versions have
OLD: frozenset[str] = frozenset({"numpy.mat"})


def names() -> Iterator[tuple[str, Entry]]:
    """Every name in these files, with what is said of it; methods of objects under the name of what makes these."""
    knowledge = standard()
    for file in SHIPPED:
        text = (files("trainlint") / "knowledge" / f"{file}.yaml").read_text(encoding="utf-8")
        for name in yaml.safe_load(text):
            entry = knowledge.entries.get(name)
            for each in () if entry is None else (name, *entry.also, *entry.also_in_place):
                if each.startswith(INSTALLED):
                    yield each, entry
            for method, each in () if entry is None else entry.methods.items():
                if name.startswith(INSTALLED):
                    yield f"{name}.{method}", each
            if entry is not None and entry.cls is not None:
                yield entry.cls, knowledge.entries[entry.cls]


TABLE = [(name, entry) for name, entry in names()]


@pytest.mark.parametrize(("name", "entry"), TABLE, ids=[name for name, _ in TABLE])
def test_parameters_are_those_of_the_library(name: str, entry: Entry) -> None:
    try:
        resolve(name)
    except (AttributeError, ImportError):
        assert name in OLD or name.startswith(OLD_MODULES), f"there is no {name}"
        return
    if name in LOOSE or (entry.kind == "decorator" and entry.parameters is None):
        return
    if isinstance(resolve(name), type) and not name.startswith("torch."):
        return
    overloads = signatures(name)
    assert overloads, f"nothing says how {name} is called"
    listed = _without_receiver(name, entry)
    whole = name.startswith("torch.")
    complaints = [complaint for each in overloads if (complaint := _differs(listed, each, overloads, whole=whole))]
    assert len(complaints) < len(overloads), f"{name}: " + "; ".join(dict.fromkeys(complaints))


def _without_receiver(name: str, entry: Entry) -> list[Parameter]:
    listed = [
        Parameter(each.lstrip("*"), "many")
        if each.startswith("*")
        else Parameter(each, "positional")
        if each in entry.required
        else Parameter(each, "positional", default)
        for each, default in (entry.parameters if entry.parameters is not None else (("input", None),))
    ]
    method = name.startswith(("torch.Tensor.", "numpy.ndarray."))
    return listed[1:] if method and listed and listed[0].kind != "many" else listed


def _differs(listed: list[Parameter], real: Signature, overloads: list[Signature], *, whole: bool = True) -> str | None:
    """What one overload has other than the knowledge, in words; None if nothing. If not ``whole``, the end may lack."""
    rest = [each for each in real if each.kind not in ("keyword", "any")]
    takes_any = any(each.kind == "any" for each in real)
    keywords = {each.name: each for each in real if each.kind == "keyword"}
    for mine in listed:
        if mine.kind == "many":
            return None if rest else f"*{mine.name} collects nothing"
        if rest and rest[0].kind == "positional" and (rest[0].name == mine.name or mine.name not in keywords):
            theirs = rest.pop(0)
        elif mine.name in keywords:
            theirs = keywords[mine.name]
        elif takes_any and not mine.required:
            continue
        else:
            return f"there is no {mine.name}"
        if theirs.name != mine.name and not {theirs.name, mine.name} <= {"input", "self", "x", "A"}:
            return f"{mine.name} is called {theirs.name}"
        if not _same_default(mine, theirs, overloads):
            return f"{mine.name} defaults to {theirs.default}, not {mine.default}"
    left = [each.name for each in rest if each.kind == "positional" and each.name not in FACTORY]
    left = left if whole else [each.name for each in rest if each.kind == "positional" and each.required]
    return f"{left[0]} is missing" if left else None


def _same_default(mine: Parameter, theirs: Parameter, overloads: list[Signature]) -> bool:
    if theirs.required:
        lacking = any(all(each.name != theirs.name for each in other) for other in overloads)
        return mine.required or lacking
    if mine.required:
        return False
    if theirs.default is OPEN or mine.default == getattr(theirs.default, "__name__", OPEN):
        return True
    return _plain(mine.default) == _plain(theirs.default)


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or value is None or value == ():  # an empty tuple stands for None
        return None if value == () else value
    if isinstance(value, int | float):
        return float(f"{value:.9g}") if math.isfinite(value) else value
    return list(value) if isinstance(value, tuple | list) else str(value)
