"""The real signatures of libraries: from the functions themselves, of PyTorch also from its stubs and docstrings."""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
import math
import re
import sys
import typing
from pathlib import Path
from typing import Any

import torch
from attrs import evolve, frozen

REQUIRED = inspect.Parameter.empty
OPEN = object()  # a default that cannot be read
_ROOT = Path(torch.__file__).parent


@frozen
class Parameter:
    name: str
    kind: str  # positional, many, keyword, any (keyword)
    default: Any = REQUIRED

    @property
    def required(self) -> bool:
        return self.default is REQUIRED


Signature = tuple[Parameter, ...]


_MADE = {"numpy.random.default_rng": "numpy.random.Generator"}  # functions that make objects, and their classes


def resolve(name: str) -> Any:
    """The object of a qualified name. Raises `AttributeError` or `ImportError` if there is none."""
    for function, cls in _MADE.items():
        if name.startswith(f"{function}."):
            name = cls + name[len(function) :]
    parts = name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:count]))
        except ImportError:
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        return found
    raise ImportError(name)


def signatures(name: str) -> list[Signature]:
    """Every overload of ``name``, a method without its ``self``; none if nothing says what it is."""
    found, last = resolve(name), name.rpartition(".")[2]
    if not name.startswith("torch."):
        return _described(found)
    if inspect.isclass(found):
        made = found.__init__ if inspect.isfunction(found.__init__) else found.__new__
        overloads = typing.get_overloads(made) if inspect.isfunction(made) and sys.version_info >= (3, 11) else []
        return [_inspected(each)[1:] for each in overloads or [made]]
    if name.startswith("torch.Tensor."):
        stubbed = _stub("_C/__init__.pyi", "TensorBase").get(last) or _python(found) or _documented(found, last)
        return [each[1:] if each and each[0].name in ("self", "input") else each for each in stubbed]
    if inspect.isfunction(found) or inspect.ismethod(found):
        plain = _inspected(found)
        if [each.kind for each in plain if each.kind != "keyword"] == ["many"]:  # dispatches on a flag
            twin = getattr(torch.nn.functional, f"{last}_with_indices", None)
            return [_inspected(twin)] if twin is not None else [plain]
        return [plain[1:] if plain and plain[0].name == "self" else plain]
    files = ("_C/_nn.pyi", "_C/_VariableFunctions.pyi") if "functional" in name else ("_C/_VariableFunctions.pyi",)
    plain_name = name.count(".") == 1 or "functional" in name
    stubbed = next((overloads for file in files if plain_name and (overloads := _stub(file).get(last))), None)
    return stubbed or _documented(found, last)


def _described(found: Any) -> list[Signature]:
    """What a function says of itself, without what it is a method of."""
    if inspect.isclass(found):
        return []
    plain = tuple(evolve(each, default=_opened(each.default)) for each in _inspected(found, keywords=True))
    return [plain[1:] if plain and plain[0].name == "self" else plain]


def _opened(default: Any) -> Any:
    """A default as it stands; types, and what stands for none given, say nothing."""
    says_nothing = default is not REQUIRED and (inspect.isclass(default) or repr(default) == "<no value>")
    return OPEN if says_nothing else default


def _inspected(function: Any, *, keywords: bool = False) -> Signature:
    kinds = {
        inspect.Parameter.VAR_POSITIONAL: "many",
        inspect.Parameter.KEYWORD_ONLY: "keyword",
        inspect.Parameter.VAR_KEYWORD: "any",
    }
    return tuple(
        Parameter(each.name, kinds.get(each.kind, "positional"), each.default)
        for each in inspect.signature(function).parameters.values()
        if keywords or each.kind != inspect.Parameter.VAR_KEYWORD
    )


def _python(function: Any) -> list[Signature]:
    try:
        return [_inspected(function)]
    except (TypeError, ValueError):
        return []


@functools.cache
def _stub(file: str, cls: str | None = None) -> dict[str, list[Signature]]:
    body = ast.parse((_ROOT / file).read_text(encoding="utf-8")).body
    if cls is not None:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == cls)
    overloads: dict[str, list[Signature]] = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            overloads.setdefault(node.name, []).append(_read(node.args))
    return overloads


def _documented(function: Any, last: str) -> list[Signature]:
    text = (function.__doc__ or "").strip().split("->")[0].split("\n\n")[0].strip()
    call = re.match(rf"[\w.]*\b{re.escape(last)}\s*\((.*)\)$", text, re.DOTALL)
    try:
        node = ast.parse(f"def f({call[1] if call else '...'}): pass").body[0]
    except SyntaxError:
        return []
    assert isinstance(node, ast.FunctionDef)
    return [_read(node.args)]


def _read(given: ast.arguments) -> Signature:
    names = [*given.posonlyargs, *given.args]
    defaults = [REQUIRED] * (len(names) - len(given.defaults)) + [_constant(each) for each in given.defaults]
    read = [Parameter(each.arg, "positional", default) for each, default in zip(names, defaults, strict=True)]
    if given.vararg is not None:
        read.append(Parameter(given.vararg.arg, "many"))
    for each, node in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        read.append(Parameter(each.arg, "keyword", REQUIRED if node is None else _constant(node)))
    return tuple(read)


def _constant(node: ast.expr) -> Any:
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return math.inf if ast.unparse(node) in ("inf", "math.inf") else OPEN
    return OPEN if value is ... else value
