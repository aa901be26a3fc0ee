"""Every rule finds its mistake in every carrier, and stays silent on the sound twin; the table is printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.carriers import keras_programs, programs
from tests.carriers.cores import CORES, KERAS_CORES
from tests.support.projects import Project, check

_FRAMEWORKS = {"torch": (CORES, programs.CARRIERS), "keras": (KERAS_CORES, keras_programs.CARRIERS)}
_CELLS = [
    (framework, rule, carrier)
    for framework, (cores, carriers) in _FRAMEWORKS.items()
    for rule in cores
    for carrier in carriers
]
_TABLE: dict[tuple[str, str, str], str] = {}


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """Print what passed, when all is done."""
    yield
    for framework, (cores, carriers) in _FRAMEWORKS.items():
        for rule in cores:
            print(f"\n{rule} in {framework}")
            for carrier in carriers:
                print(f"  {carrier:<36}{_TABLE.get((framework, rule, carrier), 'fails')}")


@pytest.mark.parametrize(("framework", "rule", "carrier"), _CELLS)
def test_carrier(framework: str, rule: str, carrier: str, tmp_path: Path) -> None:
    cores, carriers = _FRAMEWORKS[framework]
    pair, write = cores[rule], carriers[carrier]
    found = check(Project(write(pair.bad)), tmp_path)
    assert [finding.rule for finding in found] == [rule]
    assert check(Project(write(pair.sound)), tmp_path) == []
    _TABLE[framework, rule, carrier] = "pass"
