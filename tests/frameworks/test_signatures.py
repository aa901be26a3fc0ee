"""What the knowledge says of the parameters of PyTorch is what PyTorch says."""

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

SHIPPED = ("torch", "torch_math", "torch_losses")
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
    "torch.unique": "collects everything",
    "torch.unique_consecutive": "collects everything",
    **dict.fromkeys(
        ("torch.Tensor", "torch.autograd.Variable", *(f"torch.{kind}Tensor" for kind in _KINDS)),
        "takes all sorts of data",
    ),
}


def names() -> Iterator[tuple[str, Entry]]:
    knowledge = standard()
    for file in SHIPPED:
        text = (files("trainlint") / "knowledge" / f"{file}.yaml").read_text(encoding="utf-8")
        for name in yaml.safe_load(text):
            entry = knowledge.entries.get(name)
            for each in () if entry is None else (name, *entry.also, *entry.also_in_place):
                if each.startswith("torch."):
                    yield each, entry
            if entry is not None and entry.cls is not None:
                yield entry.cls, knowledge.entries[entry.cls]


TABLE = [(name, entry) for name, entry in names()]


@pytest.mark.parametrize(("name", "entry"), TABLE, ids=[name for name, _ in TABLE])
def test_parameters_are_those_of_pytorch(name: str, entry: Entry) -> None:
    resolve(name)
    if name in LOOSE:
        return
    overloads = signatures(name)
    assert overloads, f"nothing says how {name} is called"
    listed = _without_receiver(name, entry)
    complaints = [complaint for each in overloads if (complaint := _differs(listed, each, overloads))]
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
    method = name.startswith("torch.Tensor.")
    return listed[1:] if method and listed and listed[0].kind != "many" else listed


def _differs(listed: list[Parameter], real: Signature, overloads: list[Signature]) -> str | None:
    """What one overload has other than the knowledge, in words; None if nothing."""
    rest = [each for each in real if each.kind != "keyword"]
    keywords = {each.name: each for each in real if each.kind == "keyword"}
    for mine in listed:
        if mine.kind == "many":
            return None if rest else f"*{mine.name} collects nothing"
        if rest and rest[0].kind == "positional" and (rest[0].name == mine.name or mine.name not in keywords):
            theirs = rest.pop(0)
        elif mine.name in keywords:
            theirs = keywords[mine.name]
        else:
            return f"there is no {mine.name}"
        if theirs.name != mine.name and not {theirs.name, mine.name} <= {"input", "self", "x", "A"}:
            return f"{mine.name} is called {theirs.name}"
        if not _same_default(mine, theirs, overloads):
            return f"{mine.name} defaults to {theirs.default}, not {mine.default}"
    left = [each.name for each in rest if each.kind == "positional" and each.name not in FACTORY]
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
