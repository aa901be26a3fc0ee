"""Damaged files: no crash, no hang, and every place lies inside its file.

By default a few of each; MUTATIONS=50 makes a thousand of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EACH = int(os.environ.get("MUTATIONS", "10"))
SECONDS = 600  # for all mutations of a file, of which each takes a tenth of one


def files() -> list[Path]:
    """Twenty programs of ours, the largest of different kinds."""
    found = [path for folder in ("examples", "tests/blind") for path in (ROOT / folder).rglob("*.*")]
    programs = sorted(
        (path for path in found if path.suffix in (".py", ".ipynb")), key=lambda path: -path.stat().st_size
    )
    by_kind = {suffix: [path for path in programs if path.suffix == suffix] for suffix in (".py", ".ipynb")}
    return [*by_kind[".py"][:48:3], *by_kind[".ipynb"][:8:2]]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_damaged_files(path):
    command = [sys.executable, "-m", "tests.support.mutations", str(EACH), str(path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS)
    assert run.returncode == 0, run.stderr[-3000:]
    assert len(run.stdout.splitlines()) == EACH


def test_there_are_twenty():
    assert len(set(files())) == 20
