"""Real editors take their time and have to be installed: `make test-editors` sets the variable that lets them run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.editors.components import MISSING

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if "TRAINLINT_EDITORS" not in os.environ:
        for item in items:
            if HERE in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="real editors run in `make test-editors`"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MISSING:
        terminalreporter.section("NOT TESTED: what could not be had", sep="!", red=True, bold=True)
        for component, reason in MISSING.items():
            terminalreporter.line(f"{component}: {reason}", red=True)
