"""Modes of networks: who evaluates in training mode, and who goes on training in evaluation mode."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules

START = HEAD + "net = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Linear(64, 1))\n" + ADAM
START += 'batches, held_out = torch.load("batches.pt")\n'
TRAIN = """
    for x, y in batches:
        optimizer.zero_grad()
        nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
"""


def found(body: str, folder: Path) -> list[str]:
    return sorted(set(rules(START + dedent(body).replace("TRAIN", TRAIN.strip("\n").lstrip()), folder)))


CASES = {
    "a loss of held out data": (
        """
        for epoch in range(3):
            TRAIN
            with torch.no_grad():
                for x, y in held_out:
                    print(nn.functional.mse_loss(net(x), y))
        """,
        ["missing-eval-mode"],
    ),
    "train() in a function of its own": (
        """
        @torch.no_grad()
        def evaluate():
            return sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out)
        for epoch in range(3):
            net.train()
            TRAIN
            evaluate()
        """,
        ["missing-eval-mode"],
    ),
    "train(False)": (
        """
        for epoch in range(3):
            net.train(True)
            TRAIN
            net.train(False)
            with torch.inference_mode():
                print(sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out))
        """,
        [],
    ),
    "phases": (
        """
        for epoch in range(3):
            for phase in ["train", "test"]:
                net.train(phase == "train")
                for x, y in batches if phase == "train" else held_out:
                    with torch.set_grad_enabled(phase == "train"):
                        loss = nn.functional.mse_loss(net(x), y)
                    if phase == "train":
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
        """,
        [],
    ),
    "in the middle of an epoch": (
        """
        net.train()
        for step, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
            net.eval()
            print(nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        """,
        ["eval-mode-not-restored", "missing-no-grad"],
    ),
    "an early return from the validation": (
        """
        from contextlib import contextmanager
        @contextmanager
        def evaluating():
            net.eval()
            yield
            net.train()
        def evaluate():
            with evaluating(), torch.no_grad():
                for x, y in held_out:
                    if nn.functional.mse_loss(net(x), y) > 1:
                        return False
                return True
        for epoch in range(3):
            TRAIN
            evaluate()
        """,
        [],
    ),
    "a network in unknown hands": (
        """
        from somewhere import prepared
        for epoch in range(3):
            TRAIN
            prepared(net)
            print(sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out))
        """,
        [],
    ),
    "a teacher": (
        """
        import copy
        teacher = copy.deepcopy(net)
        for x, y in batches:
            with torch.no_grad():
                wanted = net(x + 0.1)
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), wanted).backward()
            optimizer.step()
        """,
        [],
    ),
    "pictures of a generator": (
        """
        for epoch in range(3):
            TRAIN
            with torch.no_grad():
                torch.save(net(torch.randn(8, 8)), "pictures.pt")
        """,
        [],
    ),
    "statistics that are renewed": (
        """
        TRAIN
        with torch.no_grad():
            for x, y in batches:
                net(x)
        """,
        [],
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_modes(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(body, tmp_path) == wanted
