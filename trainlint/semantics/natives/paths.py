"""Paths as text: joined, taken apart, made absolute; they stay relative to the project's folder."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics.derived import made
from trainlint.semantics.machine import Arguments, arguments
from trainlint.semantics.natives.files import path_of
from trainlint.semantics.natives.registry import REGISTRY, Native, native
from trainlint.semantics.values import Choice, Place, Sequence, Text, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


def _of_texts(function: Callable[..., str]) -> Native:
    def run(machine: Machine, given: Arguments, place: Place | None) -> Value:
        values = [machine.narrow(each.value) for each in given.positional]
        for index, each in enumerate(values):
            if isinstance(each, Choice):

                def one(option: Value, index: int = index) -> Value:
                    return run(machine, arguments(*values[:index], option, *values[index + 1 :]), place)

                return machine.split(each, one)
        texts = [path_of(machine, each) for each in values]
        known = [text for text in texts if text is not None and text.value is not None]
        taint = frozenset[str]().union(*(value.taint for value in values))
        if len(known) < len(values) or not values:
            return Text(None, origin=made("path", place, *values), taint=taint)
        result = function(*(text.value for text in known))
        if all(text.text is not None for text in known):
            return Text(result)
        return Text(None, result, origin=made("path", place, *values), taint=taint)

    return run


def _same(path: str, *_: str) -> str:
    return posixpath.normpath(path)


REGISTRY["os.path.join"] = REGISTRY["trainlint.join_path"] = _of_texts(posixpath.join)
REGISTRY["os.path.basename"] = _of_texts(posixpath.basename)
REGISTRY["os.path.dirname"] = REGISTRY["trainlint.parent_path"] = _of_texts(lambda path: posixpath.dirname(path) or ".")
REGISTRY["os.path.abspath"] = REGISTRY["os.path.realpath"] = _of_texts(_same)
REGISTRY["os.path.normpath"] = REGISTRY["os.path.expanduser"] = REGISTRY["os.path.expandvars"] = _of_texts(_same)
REGISTRY["os.fspath"] = _of_texts(lambda path: path)
REGISTRY["trainlint.stem_of"] = _of_texts(lambda path: posixpath.splitext(posixpath.basename(path))[0])
REGISTRY["trainlint.suffix_of"] = _of_texts(lambda path: posixpath.splitext(path)[1])


@native("os.getcwd")
def _getcwd(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Text(".")


@native("os.path.splitext")
def _splitext(machine: Machine, given: Arguments, place: Place | None) -> Value:
    suffix = REGISTRY["trainlint.suffix_of"](machine, given, place)
    stem = _of_texts(lambda path: posixpath.splitext(path)[0])(machine, given, place)
    return Sequence((stem, suffix))


@native("os.path.split")
def _split(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(tuple(REGISTRY[f"os.path.{part}"](machine, given, place) for part in ("dirname", "basename")))
