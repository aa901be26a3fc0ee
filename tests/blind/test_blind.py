"""The pairs of the blind trials: the bad half is found where its marker stands, the sound half is quiet."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.markers import Marker, markers

HERE = Path(__file__).parent
PAIRS = sorted(path.parent for path in HERE.glob("*/*/*/bad"))
MISSED = frozenset((HERE / "missed.txt").read_text(encoding="utf-8").split())


def expected(folder: Path) -> Iterator[Marker]:
    """The markers of a program; those of a notebook by cell."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".py":
            yield from markers(name, path.read_text(encoding="utf-8"))
        elif path.suffix == ".ipynb":
            for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"], start=1):
                source = cell["source"]
                yield from markers(name, source if isinstance(source, str) else "".join(source), number)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.relative_to(HERE).as_posix())
def test_pair(pair: Path, trainlint: Callable[..., Any], project: Callable[..., Path]) -> None:
    root = project()
    for half in ("bad", "sound"):
        shutil.copytree(pair / half, root / half)
    wanted = list(expected(pair / "bad"))
    found = trainlint("check", "--isolated", "--output-format", "json", ".").findings
    bad = [each for each in found if each["path"].startswith("bad/")]
    for each in bad:
        each["path"] = each["path"].removeprefix("bad/")
        for note in each["related"]:
            note["path"] = note["path"].removeprefix("bad/")
    assert [each for each in found if each["path"].startswith("sound/")] == []
    assert wanted, "a pair has a marker"
    hit = any(marker.fits(each) for marker in wanted for each in bad)
    assert hit == (pair.relative_to(HERE).as_posix() not in MISSED), "missed.txt is not what is missed"
    assert all(any(marker.fits(each) for marker in wanted) for each in bad)
