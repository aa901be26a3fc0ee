"""`trainlint explain`: the page of a rule."""

from __future__ import annotations

import pytest

from trainlint.rules.catalogue import catalogue


@pytest.mark.parametrize("rule", list(catalogue()))
def test_the_page_is_printed_as_it_is(trainlint, rule):
    run = trainlint("explain", rule)
    assert run.code == 0
    assert run.out.startswith(f"# {rule}\n")
    assert "\x1b" not in run.out


def test_on_a_terminal_it_is_rendered(trainlint):
    run = trainlint("explain", "unknown-rule", "--color", "always")
    assert run.code == 0
    assert "\x1b[" in run.out
    assert "## What it finds" not in run.out


def test_an_unknown_rule_is_two(trainlint):
    run = trainlint("explain", "unknwon-rule")
    assert (run.code, run.out) == (2, "")
    assert "there is no rule `unknwon-rule`; did you mean `unknown-rule`?" in run.err
    assert "did you mean" not in trainlint("explain", "zzzzzz").err
