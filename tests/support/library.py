"""Python's own standard library, as text to try things on."""

from __future__ import annotations

import ast
import sysconfig
import warnings
from collections.abc import Iterator
from pathlib import Path

from trainlint.source.source import Source


def modules(every: int = 1) -> list[Path]:
    """Every n-th module of the standard library's top folder and a few packages."""
    folder = Path(sysconfig.get_path("stdlib"))
    found = sorted(folder.glob("*.py"))
    for package in ("asyncio", "curses", "email", "importlib", "json", "logging", "unittest", "xml/dom"):
        found += sorted((folder / package).glob("*.py"))
    return found[::every]


def parsed(paths: list[Path]) -> Iterator[tuple[Source, ast.Module]]:
    """The source of each file with Python's own tree of it."""
    for path in paths:
        raw = path.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(raw)
        yield Source.read(path.name, raw), tree
