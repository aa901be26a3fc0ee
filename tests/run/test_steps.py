"""Steps and passes that belong together: by closures, by gradients asked for, by losses in a book."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules

START = HEAD + ADAM + 'batches = torch.load("batches.pt")\n'
LOSS = "nn.functional.mse_loss(net(x), y)"
CASES: dict[str, tuple[str, list[str]]] = {}

# A step gives back what its closure gives.
CASES |= {
    "the loss of a closure goes backward after the step": (
        """
        class Fit:
            def measure(self):
                optimizer.zero_grad()
                self.loss = nn.functional.mse_loss(net(self.x), self.y)
                return self.loss
            def __call__(self, x, y):
                self.x, self.y = x, y
                optimizer.step(self.measure).backward()
        fit = Fit()
        for x, y in batches:
            fit(x, y)
        """,
        ["step-before-backward"],
    ),
    "the losses of closures are summed up": (
        """
        total = 0
        for x, y in batches:
            def closure():
                optimizer.zero_grad()
                loss = LOSS
                loss.backward()
                return loss
            total += optimizer.step(closure)
        print(total / len(batches))
        """,
        ["loss-keeps-graph"],
    ),
    "the numbers of closures are summed up": (
        """
        total = 0
        for x, y in batches:
            def closure():
                optimizer.zero_grad()
                loss = LOSS
                loss.backward()
                return loss.item()
            total += optimizer.step(closure)
        """,
        [],
    ),
}

# A dictionary may be one of several: that from before the loop, or that of the last turn.
BOOK = """
class Book:
    def __init__(self):
        self.parts = dict()
        self.lines = []
    def put(self, **parts):
        self.parts.update(parts)
    def close(self):
        whole = sum(part for part in self.parts.values())
        GO
        self.lines.append({name: part.item() for name, part in dict(self.parts, whole=whole).items()})
        self.parts = dict()
book = Book()
for epoch in range(9):
    for x, y in batches:
        optimizer.zero_grad()
        book.put(error=LOSS, size=net(x).abs().mean())
        book.close()
        optimizer.step()
    print(book.lines[-1])
"""
CASES |= {
    "a book of losses that never go backward": (BOOK.replace("GO", "pass"), ["missing-backward"]),
    "a book of losses that do": (BOOK.replace("GO", "whole.backward()"), []),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_steps(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert sorted(set(rules(START + dedent(body).replace("LOSS", LOSS), tmp_path))) == wanted
