"""Nothing differs when what only saves time is off, or when one more turn of each loop is recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trainlint.cli import main
from trainlint.engine import examining, facts
from trainlint.semantics import loops, machine
from trainlint.semantics.slices import Slices

ROOT = Path(__file__).parents[2]
BLIND = sorted(ROOT.glob("tests/blind/order/a/*/bad"))[::8]
Patch = Callable[[pytest.MonkeyPatch], None]


def _without_memo(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(machine, "Memo", lambda: None)


def _without_triage_of_files(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(facts, "mentions_framework", lambda data: True)
    patch.setattr(examining, "reaches_framework", lambda *_: True)


def _without_triage_of_statements(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Slices, "seeds", lambda slices: list(slices._program.source(slices._program.root).segments))


def _with_three_turns(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(loops, "RECORDED", 3)


def found(paths: list[Path], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """The findings of programs, each with all of its places, but for how the chain of evidence was reached."""
    main(["check", "--isolated", "--no-cache", "--jobs", "1", "--output-format", "json", "-q", *map(str, paths)])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return [
        {key: each[key] for key in ("rule", "severity", "message", "path", "cell", "start", "end")} for each in findings
    ]


@pytest.fixture(scope="module")
def usual() -> dict[str, list[dict[str, Any]]]:
    return {}


@pytest.mark.parametrize(
    "change",
    [_without_memo, _without_triage_of_files, _without_triage_of_statements, _with_three_turns],
    ids=lambda change: change.__name__.strip("_").replace("_", " "),
)
def test_nothing_differs(
    change: Patch,
    usual: dict[str, list[dict[str, Any]]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = [ROOT / "examples", *BLIND]
    if not usual:
        usual["findings"] = found(paths, capsys)
    assert len(usual["findings"]) > 40
    with monkeypatch.context() as patch:
        change(patch)
        changed = found(paths, capsys)
    assert changed == usual["findings"]
