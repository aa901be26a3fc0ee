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
    "every so many batches": (
        """
        def look(step):
            net.eval()
            with torch.no_grad():
                print(step, nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        for epoch in range(3):
            net.train()
            for step, (x, y) in enumerate(batches):
                optimizer.zero_grad()
                nn.functional.mse_loss(net(x), y).backward()
                optimizer.step()
                if (step + 1) % 50 == 0:
                    look(step)
        """,
        ["eval-mode-not-restored"],
    ),
    "every so many batches, and back again": (
        """
        for epoch in range(3):
            net.train()
            for step, (x, y) in enumerate(batches):
                optimizer.zero_grad()
                nn.functional.mse_loss(net(x), y).backward()
                optimizer.step()
                if step % 50 == 0 and step > 0:
                    net.eval()
                    with torch.no_grad():
                        print(step, nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
                    net.train()
        """,
        [],
    ),
    "every so many batches, and back in the turn after": (
        """
        net.train()
        for step, (x, y) in enumerate(batches):
            if step % 50 == 1:
                net.train()
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
            if step % 50 == 0:
                net.eval()
                print(nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        """,
        ["missing-no-grad"],
    ),
    "frozen from some batch on": (
        """
        net.train()
        for step, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
            if step == 5000:
                net.eval()
        """,
        [],
    ),
    "a mode that was kept too late": (
        """
        from contextlib import contextmanager
        @contextmanager
        def evaluating():
            net.eval()
            was = net.training
            yield
            net.train(was)
        net.train()
        step = 0
        while step < 10000:
            for x, y in batches:
                optimizer.zero_grad()
                nn.functional.mse_loss(net(x), y).backward()
                optimizer.step()
                step += 1
                if step % 50 == 0:
                    with evaluating(), torch.no_grad():
                        print(nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        """,
        ["eval-mode-not-restored"],
    ),
    "a mode that was kept in time": (
        """
        from contextlib import contextmanager
        @contextmanager
        def evaluating():
            was = net.training
            net.eval()
            yield
            net.train(was)
        net.train()
        step = 0
        while step < 10000:
            for x, y in batches:
                optimizer.zero_grad()
                nn.functional.mse_loss(net(x), y).backward()
                optimizer.step()
                step += 1
                if step % 50 == 0:
                    with evaluating(), torch.no_grad():
                        print(nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        """,
        [],
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
    "a copy that was kept": (
        """
        import copy
        class Best:
            def __init__(self):
                self.error, self.net = 1e9, None
            def look_at(self, error):
                if error < self.error:
                    self.error, self.net = error, copy.deepcopy(net)
        best = Best()
        for epoch in range(3):
            TRAIN
            net.eval()
            with torch.no_grad():
                error = sum(nn.functional.mse_loss(net(x), y).item() for x, y in held_out)
            net.train()
            best.look_at(error)
        net.eval()
        with torch.no_grad():
            print(sum(nn.functional.mse_loss(best.net(x), y).item() for x, y in held_out))
        """,
        ["missing-eval-mode"],
    ),
    "a copy that was kept, in evaluation mode": (
        """
        import copy
        best = None
        for epoch in range(20):
            net.train()
            TRAIN
            net.eval()
            with torch.no_grad():
                if nn.functional.mse_loss(net(held_out[0]), held_out[1]) < 1:
                    best = copy.deepcopy(net)
        with torch.no_grad():
            print(nn.functional.mse_loss(best(held_out[0]), held_out[1]))
        """,
        [],
    ),
    "a copy that has learned nothing": (
        """
        import copy
        begin = copy.deepcopy(net)
        TRAIN
        with torch.no_grad():
            print(nn.functional.mse_loss(begin(held_out[0]), held_out[1]))
        """,
        [],
    ),
    "a state that was handed over": (
        """
        TRAIN
        other = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Linear(64, 1))
        other.load_state_dict(net.state_dict())
        net.eval()
        with torch.no_grad():
            print(nn.functional.mse_loss(other(held_out[0]), held_out[1]))
        """,
        ["missing-eval-mode"],
    ),
    "an average of the weights": (
        """
        from torch.optim import swa_utils
        average = swa_utils.AveragedModel(net)
        for epoch in range(3):
            net.train()
            TRAIN
            if epoch > 0:
                average.update_parameters(net)
        swa_utils.update_bn(batches, average)
        net.eval()
        with torch.no_grad():
            print(nn.functional.mse_loss(average(held_out[0]), held_out[1]))
        """,
        ["missing-eval-mode"],
    ),
    "an average in evaluation mode": (
        """
        from torch.optim import swa_utils
        average = swa_utils.AveragedModel(net)
        for epoch in range(3):
            TRAIN
            average.update_parameters(net)
            average.eval()
            with torch.no_grad():
                print(nn.functional.mse_loss(average(held_out[0]), held_out[1]))
        """,
        [],
    ),
    "an average that makes the targets": (
        """
        from torch.optim import swa_utils
        average = swa_utils.AveragedModel(net)
        for x, y in batches:
            with torch.no_grad():
                wanted = average(x + 0.1)
            optimizer.zero_grad()
            nn.functional.mse_loss(net(x), wanted).backward()
            optimizer.step()
            average.update_parameters(net)
        """,
        [],
    ),
    "the other branch of a driver": (
        """
        if read_settings():
            nn.Dropout(0.1).eval()
        else:
            TRAIN
            with torch.no_grad():
                print(nn.functional.mse_loss(net(held_out[0]), held_out[1]))
        """,
        ["missing-eval-mode"],
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


SLOW = """
import copy
slow = copy.deepcopy(net)
def follow(fast):
    for mine, other in zip(slow.parameters(), fast.parameters()):
        MIX
for epoch in range(3):
    net.train()
    TRAIN
    with torch.no_grad():
        follow(net)
    net.eval()
    with torch.no_grad():
        print(nn.functional.mse_loss(slow(held_out[0]), held_out[1]))
"""


@pytest.mark.parametrize(
    ("mix", "wanted"),
    [
        ("mine.lerp_(other, 0.01)", ["missing-eval-mode"]),
        ("mine.copy_(0.99 * mine + 0.01 * other)", ["missing-eval-mode"]),
        ("mine.add_(torch.randn_like(mine))", []),
        ("slow.eval(); mine.lerp_(other, 0.01)", []),
    ],
)
def test_copies_that_follow_a_network(mix: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(SLOW.replace("MIX", mix), tmp_path) == wanted


METRICS = """
import numpy as np
import torchmetrics
from sklearn.metrics import f1_score, roc_auc_score
right = torchmetrics.MeanSquaredError()
net.eval()
TRAIN
net.eval()
found, truth = [], []
for x, y in held_out:
    SCORE
print(right.compute(), f1_score(np.concatenate(truth), np.concatenate(found)))
"""


@pytest.mark.parametrize(
    ("score", "wanted"),
    [
        ("right.update(net(x), y)", ["missing-no-grad"]),
        ("print(right(net(x), y))", ["missing-no-grad"]),
        ("print(torchmetrics.functional.mean_squared_error(net(x), y))", ["missing-no-grad"]),
        ("print(f1_score(y.numpy(), net(x).argmax(1).cpu().numpy()))", ["missing-no-grad"]),
        ("print(roc_auc_score(y.numpy(), net(x).detach().cpu().numpy()))", ["missing-no-grad"]),
        ("found.append(net(x).argmax(1).numpy()); truth.append(y.numpy())", ["missing-no-grad"]),
        ("found += net(x).argmax(1).tolist(); print(f1_score([0, 1], found))", ["missing-no-grad"]),
        ("right.clone().to('cuda').update(net(x), y)", ["missing-no-grad"]),
        ("print(roc_auc_score(y.numpy(), net(x).cpu().numpy()))", []),  # only without a graph
        ("print(roc_auc_score(y, net(x)))", []),
        ("print((np.asarray(net(x)) == y.numpy()).mean())", []),
        ("right.update(net(x), real=False)", []),  # as images that were made are
        ("print(net(x))", []),
        ("loss = right(net(x), y); loss.backward(); optimizer.step(); optimizer.zero_grad()", []),
        ("with torch.no_grad(): right.update(net(x), y)", []),
    ],
)
def test_metrics(score: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(METRICS.replace("SCORE", score), tmp_path) == wanted
