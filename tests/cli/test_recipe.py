"""`trainlint recipe`: what was understood of a run."""

from __future__ import annotations

import pytest

from tests.demo import ROOT


def test_it_says_what_was_understood(trainlint):
    script = ROOT / "examples" / "broken" / "house_prices" / "train.py"
    run = trainlint("recipe", str(script))
    assert (run.code, run.err) == (0, "")
    assert "PriceNet" in run.out
    assert "MSELoss" in run.out or "mse_loss" in run.out
    assert "Adam" in run.out


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "train.py: no such file"),
        ({"train.py": "", "trainlint.toml": "x = 1"}, "trainlint.toml:1: there is no setting `x`"),
        ({"train.py": "", "trainlint.toml": 'knowledge = ["k.yaml"]'}, "k.yaml: cannot be read"),
        ({"train.py": "", "trainlint.toml": 'knowledge = ["k.yaml"]', "k.yaml": "[]"}, "k.yaml"),
    ],
)
def test_what_cannot_be_used_is_two(project, trainlint, files, complaint):
    project(files)
    run = trainlint("recipe", "train.py")
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err


def test_a_script_that_trains_nothing(project, trainlint):
    project({"train.py": "x = 1\n"})
    run = trainlint("recipe", "--debug", "train.py")
    assert run.code == 0
    assert run.out.startswith("train.py: ")
