"""The order of passes, clearings and steps, on every path: what must be wrong is said, what may be right is not."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules
from tests.support.projects import Project, check

MISSING = "missing-zero-grad"
LOSS = "nn.functional.mse_loss(net(x), y)"
START = HEAD + ADAM + 'batches = torch.load("batches.pt")\n'


def found(body: str, folder: Path, start: str = START) -> list[str]:
    return rules(start + dedent(body).replace("LOSS", LOSS), folder)


BAD = {
    "clearing once per epoch": """
        for epoch in range(3):
            optimizer.zero_grad()
            for x, y in batches:
                LOSS.backward()
                optimizer.step()
        """,
    "accumulation that never clears": """
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
        """,
    "accumulation by a counter, cleared before the first batch": """
        optimizer.zero_grad()
        count = 0
        for x, y in batches:
            LOSS.backward()
            count += 1
            if count % 4 == 0:
                optimizer.step()
        """,
    "while": """
        step = 0
        while step < 1000:
            x, y = batches[step]
            LOSS.backward()
            optimizer.step()
            step += 1
        """,
    "clearing only where something went wrong": """
        for x, y in batches:
            try:
                LOSS.backward()
                optimizer.step()
            except RuntimeError:
                optimizer.zero_grad()
                continue
        """,
    "a closure without clearing": """
        for x, y in batches:
            def closure():
                loss = LOSS
                loss.backward()
                return loss
            optimizer.step(closure)
        """,
    "an optimizer chosen by a flag": """
        parser = argparse.ArgumentParser()
        parser.add_argument("--sgd", action="store_true")
        args = parser.parse_args()
        if args.sgd:
            optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
        for x, y in batches:
            LOSS.backward()
            optimizer.step()
        """,
    "clearing the gradients of another network": """
        other = nn.Linear(3, 3)
        for x, y in batches:
            other.zero_grad()
            LOSS.backward()
            optimizer.step()
        """,
    "Fabric": """
        from lightning.fabric import Fabric
        fabric = Fabric()
        net, optimizer = fabric.setup(net, optimizer)
        for x, y in batches:
            fabric.backward(LOSS)
            optimizer.step()
        """,
    "Accelerate": """
        from accelerate import Accelerator
        accelerator = Accelerator()
        net, optimizer = accelerator.prepare(net, optimizer)
        for x, y in batches:
            accelerator.backward(LOSS)
            optimizer.step()
        """,
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_gradients_that_add_up_are_found(body: str, tmp_path: Path) -> None:
    assert set(found(body, tmp_path)) == {MISSING}


GOOD = {
    "clearing at the end of a block": """
        class Step:
            def __enter__(self):
                return self
            def __exit__(self, *args):
                optimizer.step()
                optimizer.zero_grad()
        for x, y in batches:
            with Step():
                LOSS.backward()
                if x.sum() > 0:
                    continue
        """,
    "clearing in finally, on the way out": """
        def one(x, y):
            try:
                loss = LOSS
                loss.backward()
                optimizer.step()
                return loss.item()
            finally:
                optimizer.zero_grad()
        for x, y in batches:
            one(x, y)
        """,
    "a generator around the step": """
        from contextlib import contextmanager
        @contextmanager
        def stepping(each):
            each.zero_grad()
            yield each
            each.step()
        def one(x, y):
            with stepping(optimizer):
                loss = LOSS
                loss.backward()
                return loss.item()
        for x, y in batches:
            one(x, y)
        """,
    "clearing on one of two sides": """
        for x, y in batches:
            if x.sum() > 0:
                optimizer.zero_grad()
            LOSS.backward()
            optimizer.step()
        """,
    "clearing where accumulation begins": """
        for i, (x, y) in enumerate(batches):
            if i % 4 == 0:
                optimizer.zero_grad()
            (LOSS / 4).backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
        """,
    "each group by itself": """
        for x, y in batches:
            LOSS.backward()
            optimizer.step()
            for group in optimizer.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is not None:
                        parameter.grad.zero_()
        """,
    "an unknown value that is cleared": """
        from somewhere import optimizers
        for x, y in batches:
            for each in optimizers:
                each.zero_grad()
            LOSS.backward()
            optimizer.step()
        """,
    "a callback that may do anything": """
        from somewhere import Trainer
        trainer = Trainer(callbacks=[net, optimizer])
        for x, y in batches:
            LOSS.backward()
            optimizer.step()
            trainer.end()
        """,
    "a step now and then, in a method": """
        class Trainer:
            def __init__(self):
                self.net, self.optimizer = net, torch.optim.SGD(net.parameters(), lr=0.1)
            def update(self):
                self.optimizer.step()
                self.optimizer.zero_grad()
            def fit(self):
                for i, (x, y) in enumerate(batches):
                    (LOSS / 4).backward()
                    if (i + 1) % 4 == 0:
                        self.update()
        Trainer().fit()
        """,
    "turns that are left early, but for each fourth": """
        for i, (x, y) in enumerate(batches):
            (LOSS / 4).backward()
            if (i + 1) % 4 != 0:
                continue
            optimizer.step()
            optimizer.zero_grad()
        """,
    "an unknown loss": """
        from somewhere import objective
        for x, y in batches:
            optimizer.zero_grad()
            objective(net(x), y).backward()
            optimizer.step()
        """,
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_gradients_that_may_have_been_cleared_are_not(body: str, tmp_path: Path) -> None:
    assert found(body, tmp_path) == []


HELPER = """
import torch

def train(model, optimizer, loader, criterion):
    for x, y in loader:
        {clear}
        criterion(model(x), y).backward()
        optimizer.step()
"""
CALLER = START + "from helper import train\ntrain(net, optimizer, batches, nn.MSELoss())\n"


@pytest.mark.parametrize(("clear", "wanted"), [("pass", [MISSING]), ("optimizer.zero_grad()", [])])
def test_a_helper_is_judged_by_its_caller(clear: str, wanted: list[str], tmp_path: Path) -> None:
    helper = HELPER.format(clear=clear)
    assert check(Project({"helper.py": helper}), tmp_path / "alone") == []
    together = Project({"helper.py": helper, "train.py": CALLER})
    assert [finding.rule for finding in check(together, tmp_path / "together")] == wanted


def test_methods_that_nobody_calls_say_nothing_of_each_other(tmp_path: Path) -> None:
    body = """
    class Trainer:
        def __init__(self):
            self.net = nn.Linear(8, 1)
            self.optimizer = torch.optim.Adam(self.net.parameters())
        def step(self, x, y):
            nn.functional.mse_loss(self.net(x), y).backward()
            self.optimizer.step()
        def reset(self):
            self.optimizer.zero_grad()
    """
    assert found(body, tmp_path, HEAD) == []


def test_a_large_program_ends(tmp_path: Path) -> None:
    flags = "".join(f"    if x[{i}] > 0:\n        optimizer.zero_grad()\n" for i in range(10))
    loops = "".join("    " * depth + f"for i{depth} in batches[{depth}]:\n" for depth in range(4))
    body = "net = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.Dropout(0.1)) for _ in range(200)])\n" + ADAM
    body += f"def one(x, y):\n{flags}    {LOSS}.backward()\n    optimizer.step()\n{loops}                one(i3, i3)\n"
    assert rules(START + body, tmp_path) == []


PROPERTY = """
from functools import cached_property

class Model:
    def __init__(self):
        self.net = nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 1))
    @{kind}
    def mover(self):
        return torch.optim.Adam(self.net.parameters(), lr=1e-3)
    @property
    def moves(self):
        return self.mover
def one(model, x, y):
    model.moves.zero_grad()
    nn.functional.mse_loss(model.net(x), y).backward()
    model.moves.step()
model = Model()
for epoch in range(9):
    for x, y in batches:
        one(model, x, y)
"""


@pytest.mark.parametrize(("kind", "wanted"), [("property", ["optimizer-in-loop"]), ("cached_property", [])])
def test_a_cached_property_is_computed_once(kind: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(PROPERTY.format(kind=kind), tmp_path, START) == wanted


LATE = """
def update(x, y):
    loss = LOSS
    optimizer.zero_grad()
    BODY
seen = []
for x, y in batches:
    seen.append(x)
    if len(seen) > START_AT:
        update(x, y)
"""
SOUND = """
    if x.sum() > 0:
        loss.backward()
    optimizer.step()
"""


@pytest.mark.parametrize(
    ("body", "wanted"),
    [("\n    optimizer.step()\n    loss.backward()", ["step-before-backward"]), (SOUND, [])],
)
def test_ways_without_gradients_excuse_no_step_before_them(body: str, wanted: list[str], tmp_path: Path) -> None:
    start = START + "from somewhere import START_AT\n"
    assert found(LATE.replace("    BODY", body), tmp_path, start) == wanted


NOW_AND_THEN = """
class Fit:
    def __init__(self):
        self.turns = 0
    def turn(self, x, y):
        self.turns += 1
        FIRST
            loss = LOSS
            optimizer.zero_grad()
            ORDER
fit = Fit()
for x, y in batches:
    fit.turn(x, y)
"""
TESTS = ("if self.turns % 2 == 0:", "every_other = self.turns % 2\n        if every_other:", "if self.turns % 3 < 2:")


@pytest.mark.parametrize("test", TESTS)
def test_a_remainder_that_has_led_to_a_block_once_does_so_again(test: str, tmp_path: Path) -> None:
    late, timely = "optimizer.step()\n            loss.backward()", "loss.backward()\n            optimizer.step()"
    program = NOW_AND_THEN.replace("FIRST", test)
    assert found(program.replace("ORDER", late), tmp_path / "late") == ["step-before-backward"]
    assert found(program.replace("ORDER", timely), tmp_path / "timely") == []
