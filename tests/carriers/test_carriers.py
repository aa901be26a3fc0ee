"""Every rule finds its mistake in every carrier, and stays silent on the sound twin; the table is printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.carriers.cores import CORES
from tests.carriers.programs import CARRIERS
from tests.support.projects import Project, check

_TABLE: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module", autouse=True)
def table() -> Iterator[None]:
    """Print what passed, when all is done."""
    yield
    for rule in CORES:
        print(f"\n{rule}")
        for carrier in CARRIERS:
            print(f"  {carrier:<36}{_TABLE.get((rule, carrier), 'fails')}")


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("rule", CORES)
def test_carrier(rule: str, carrier: str, tmp_path: Path) -> None:
    pair, write = CORES[rule], CARRIERS[carrier]
    found = check(Project(write(pair.bad)), tmp_path)
    assert [finding.rule for finding in found] == [rule]
    assert check(Project(write(pair.sound)), tmp_path) == []
    _TABLE[rule, carrier] = "pass"
