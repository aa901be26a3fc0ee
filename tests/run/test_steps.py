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

# Weights that are written in place are not those that they are written from.
AVERAGED = """
import copy
slow = copy.deepcopy(net)
for p in slow.parameters():
    p.requires_grad = False
for x, y in batches:
    LOSS.backward()
    optimizer.step()
    with torch.no_grad():
        for mine, its in zip(slow.parameters(), net.parameters()):
            mine.WRITTEN
    GO
"""
for name, written in {"a mixture": "lerp_(its, 0.01)", "a copy": "copy_(mine * 0.9 + its * 0.1)"}.items():
    averaged = AVERAGED.replace("WRITTEN", written)
    CASES |= {
        f"{name} of the weights, never cleared": (averaged.replace("GO", "slow.zero_grad()"), ["missing-zero-grad"]),
        f"{name} of the weights, cleared": (averaged.replace("GO", "net.zero_grad()"), []),
    }
CASES |= {
    "weights moved by hand": (
        """
        weights = list(net.parameters())
        for x, y in batches:
            optimizer.zero_grad()
            LOSS.backward()
            slopes = torch.autograd.grad(LOSS, weights)
            with torch.no_grad():
                for p, slope in zip(weights, slopes):
                    p.sub_(0.01 * slope)
        """,
        [],
    ),
}

# Gradients that are asked for are nobody's until somebody sets them.
ASKED = """
from optree import tree_map
def slopes(of, by, **settings):
    return torch.autograd.grad(of, by, torch.ones_like(of), **settings)
for x, y in batches:
    optimizer.zero_grad()
    x.requires_grad_()
    out = net(x)
    (bend,) = slopes(out, x, create_graph=True)
    loss = nn.functional.mse_loss(out, y) + 0.1 * (bend.norm(dim=1) - 1).square().mean()
    GO
    optimizer.step()
"""
ASKING = "found = slopes(loss, tuple(net.parameters()))\n    "
CASES |= {
    "gradients that are asked for and printed": (
        ASKED.replace("GO", ASKING + "print([each.abs().max().item() for each in found])"),
        ["missing-backward"],
    ),
    "gradients that are asked for and given to something else": (
        ASKED.replace("GO", ASKING + "tree_map(found)"),
        [],
    ),
    "gradients that are asked for and set": (
        ASKED.replace("GO", ASKING + "for p, g in zip(net.parameters(), found):\n        p.grad = g / len(x)"),
        [],
    ),
    "a penalty on gradients that are asked for": (ASKED.replace("GO", "loss.backward()"), []),
}

# A new optimizer for each epoch, whose rate is computed of the epoch.
ANEW = """
RATES
for epoch in range(9):
    BEGIN
    optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
    for x, y in batches:
        optimizer.zero_grad()
        LOSS.backward()
        optimizer.step()
"""


def anew(rate: str, rates: str = "", begin: str = "pass") -> str:
    return ANEW.replace("RATES", rates).replace("RATE", rate).replace("BEGIN", begin)


COSINE = "def cosine(t):\n    return 0.001 * (1 + math.cos(math.pi * t / 9)) / 2\n"
CASES |= {
    "a rate that falls by division": (anew("0.01 / (1 + 0.1 * epoch)"), ["optimizer-in-loop"]),
    "a rate from a function of the project": (anew("cosine(epoch)", COSINE), ["optimizer-in-loop"]),
    "a rate that is halved, as in stages": (anew("0.01 / 2**epoch"), []),
    "rates of stages": (anew("rates[epoch]", "rates = [0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4, 5e-5, 2e-5]"), []),
    "a stage by a test": (anew("0.01 if epoch < 1 else 0.001"), []),
    "weights that begin anew": (
        anew("0.01 / (1 + epoch)", begin="for p in net.parameters():\n        p.data.normal_(0, 0.1)"),
        [],
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_steps(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert sorted(set(rules(START + dedent(body).replace("LOSS", LOSS), tmp_path))) == wanted
