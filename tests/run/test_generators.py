"""Generators that a loop goes through: what they do and what the loop does alternate."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules

START = HEAD + "net = nn.Sequential(nn.Linear(8, 64), nn.Dropout(0.2), nn.Linear(64, 1))\n" + ADAM
START += """batches, held_out = torch.load("batches.pt")
def measure():
    net.eval()
    with torch.no_grad():
        return sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out)
def steps(train):
    for epoch in range(9):
        if train:
            net.train()
        for x, y in batches:
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
        yield epoch
"""

CASES = {
    "a loop": ("for epoch in steps({}):\n    measure()", ["eval-mode-not-restored"]),
    "counted": ("for count, epoch in enumerate(steps({}), 1):\n    measure()", ["eval-mode-not-restored"]),
    "handed on": (
        """
        def all_steps():
            yield from steps({})
        for epoch in all_steps():
            measure()
        """,
        ["eval-mode-not-restored"],
    ),
    "an object": (
        """
        class Steps:
            def __iter__(self):
                for epoch in steps({}):
                    yield epoch
        for epoch in Steps():
            measure()
        """,
        ["eval-mode-not-restored"],
    ),
    "left after the first": ("for epoch in steps(False):\n    measure()\n    break", []),
    "returned from": (
        """
        def first():
            for epoch in steps(False):
                return measure()
        first()
        """,
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_in_turns(name: str, tmp_path: Path) -> None:
    body, expected = CASES[name]
    assert sorted(set(rules(START + dedent(body).format("False"), tmp_path))) == expected
    assert rules(START + dedent(body).format("True"), tmp_path) == []


def test_nested(tmp_path: Path) -> None:
    body = """
    def turns(count):
        for each in range(count):
            yield each
    for epoch in turns(3):
        for count in turns(3):
            for x, y in batches:
                nn.functional.mse_loss(net(x), y).backward()
                optimizer.step()
    """
    assert rules(START + dedent(body), tmp_path) == ["missing-zero-grad"]


def test_gradients_between_the_items_are_those_of_the_loop(tmp_path: Path) -> None:
    body = """
    @torch.no_grad()
    def prepared():
        for x, y in batches:
            yield x + 1, y
    for x, y in prepared():
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
    """
    assert rules(START + dedent(body), tmp_path) == []
    assert rules(START + dedent(body).replace("@torch.no_grad()\n", ""), tmp_path) == []


def test_items_that_are_gathered_first(tmp_path: Path) -> None:
    body = """
    def groups(count):
        group = []
        for item in batches:
            group.append(item)
            if len(group) == count:
                yield group
                group = []
    for group in groups(4):
        optimizer.zero_grad()
        for x, y in group:
            (nn.functional.mse_loss(net(x), y){}).backward()
        optimizer.step()
    """
    assert rules(START + dedent(body).format(""), tmp_path) == ["unscaled-accumulation"]
    assert rules(START + dedent(body).format(" / len(group)"), tmp_path) == []
