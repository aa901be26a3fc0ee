"""The shapes in which mistakes are found in real programs: every fence comes to the rules of its heading, exactly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.run.programs import rules

_HEADING = re.compile(r"^## (.+): ([a-z-]+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _cases() -> Iterator[ParameterSet]:
    for page in sorted((Path(__file__).parent / "shapes").glob("*.md")):
        head, *parts = _HEADING.split(page.read_text(encoding="utf-8"))
        [before] = _FENCE.findall(head)
        for name, rule, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            for index, program in enumerate(_FENCE.findall(text)):
                expected = [] if rule == "nothing" else [rule]
                yield pytest.param(before + program, expected, id=f"{page.stem}: {name}, {index}")


@pytest.mark.parametrize(("program", "expected"), list(_cases()))
def test_shape(program: str, expected: list[str], tmp_path: Path) -> None:
    assert rules(program, tmp_path) == expected
