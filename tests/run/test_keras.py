"""What meets which loss in Keras: each program under ``keras/`` says in its last line what it comes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.semantics.values import Tensor
from trainlint.source.sources import Sources

_CASE = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python\n(.*?)^# (.+)\n```$", re.MULTILINE | re.DOTALL)
_BEFORE = (
    "import keras; import numpy as np; import tensorflow as tf; from keras import Sequential, layers; "
    "x, y, batches = np.load('x.npy'), np.load('y.npy'), np.load('batches.npy')\n"
)


@frozen
class Case:
    name: str
    program: str
    expected: frozenset[str]


def cases() -> Iterator[Case]:
    for page in sorted((Path(__file__).parent / "keras").glob("*.md")):
        parts = _CASE.split(page.read_text(encoding="utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            found = _FENCE.search(text)
            assert found is not None, name
            wanted = frozenset(found.group(2).split("; ")) - {"nothing"}
            yield Case(f"{page.stem}: {name}", found.group(1), wanted)


def losses(program: str, folder: Path) -> set[str]:
    """Every loss with what is known of its prediction, and the line where it was named."""
    text = (_BEFORE + program).encode()
    run = analyse("train.py", Sources(folder, {"train.py": text}), standard())
    found = set()
    for term in run.losses:
        span, prediction = run.span(term.place), term.prediction
        assert span is not None
        known = isinstance(prediction, Tensor)
        what = f"{prediction.range} {prediction.content}".strip() if known else "not followed"
        line = text[: span.start].count(b"\n")
        found.add(f"{term.name} of {what}, line {line}")
    return found


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_losses(case: Case, tmp_path: Path) -> None:
    assert losses(case.program, tmp_path) == case.expected
