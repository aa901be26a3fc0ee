"""The fixes of the examples, however the same program is laid out."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.support import projects as p

WITH_FIXES = (  # a rule each that replaces, removes, inserts, moves, adds items and arguments
    "double-normalization",
    "eval-mode-not-restored",
    "hand-rolled-softmax",
    "logits-into-probability-loss",
    "missing-dropout",
    "missing-zero-grad",
    "relu-before-regression",
    "scheduler-before-optimizer",
    "softmax-over-one-unit",
    "zero-grad-before-step",
)


def _examples() -> list[ParameterSet]:
    found = []
    for page in p.pages():
        rule = page.stem.replace("_", "-")
        examples = p.projects(p.sections(page.read_text(encoding="utf-8"))["Example"]) if rule in WITH_FIXES else ()
        for index, example in enumerate(itertools.islice(examples, 2)):
            found.append(pytest.param(example.stripped(), id=f"{rule}-{index}"))
    return found


def _laid_out(text: str) -> bytes:
    """A text with tabs, other line ends, and letters of another encoding, without an end of its last line."""
    return (
        ("# coding: latin-1\n# é\n" + text.rstrip("\n").replace("    ", "\t")).replace("\n", "\r\n").encode("latin-1")
    )


@pytest.mark.parametrize("example", _examples())
def test_layout_and_encoding_are_kept(example: p.Project, tmp_path: Path) -> None:
    wanted = {name: _laid_out(text) for name, text in p.fixed(example, tmp_path).files.items()}
    assert p.mended({name: _laid_out(text) for name, text in example.files.items()}, tmp_path) == wanted


def _cells(text: str) -> bytes:
    """A program as a notebook, a cell for each of its paragraphs at the top level."""
    parts = re.split(r"\n(?=\n+\S)", text.rstrip("\n"))
    cells = [{"cell_type": "code", "source": part.splitlines(keepends=True), "outputs": [1.0]} for part in parts]
    return json.dumps({"cells": cells, "nbformat": 4}, indent=1).encode()


@pytest.mark.parametrize("example", _examples())
def test_a_notebook_is_mended_like_a_file(example: p.Project, tmp_path: Path) -> None:
    if len(example.files) > 1:
        example = p.Project({"example.py": "\n\n".join(_alone(text) for text in example.files.values())})
    (text,) = example.files.values()
    (wanted,) = p.fixed(example, tmp_path).files.values()
    (made,) = p.mended({"example.ipynb": _cells(text)}, tmp_path).values()
    assert made.decode() == _cells(wanted).decode()


def _alone(text: str) -> str:
    """A file of a project without its imports from the others."""
    return re.sub(r"(?m)^from (models|steps|scores|settings|data|train) import .*\n", "", text)
