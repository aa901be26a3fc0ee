"""Rates that grow in the training loop, and what keeps them down."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import ADAM, found, rates_of, rules, training

GROWS = ["unbounded-learning-rate"]
EACH = "for group in optimizer.param_groups:\n    "


@pytest.mark.parametrize(
    "write",
    [
        EACH + 'group["lr"] *= 1.1\n',
        EACH + 'group["lr"] = group["lr"] * 1.1\n',
        EACH + 'group["lr"] += 0.001\n',
        EACH + 'group["lr"] /= 0.9\n',
        'optimizer.param_groups[0]["lr"] = 0.001 * 1.1**epoch\n',
        'optimizer.param_groups[0]["lr"] = 0.001 * (epoch + 1)\n',
        'optimizer.param_groups[0]["lr"] = max(optimizer.param_groups[0]["lr"] * 1.1, 0.002)\n',
        "if epoch > 30:\n    " + EACH.replace("    ", "        ") + 'group["lr"] *= 2\n',
        "if epoch % 10 == 9:\n    " + EACH.replace("    ", "        ") + 'group["lr"] *= 2\n',
        EACH + 'group.update(lr=group["lr"] * 1.1)\n',
        EACH + 'group.update([("lr", group["lr"] * 1.1)])\n',
        EACH + 'group |= {"lr": group["lr"] * 1.1}\n',
        EACH + 'group.__setitem__("lr", group["lr"] * 1.1)\n',
        EACH + 'dict.update(group, lr=group["lr"] * 1.1)\n',
        EACH + 'group.setdefault("start", group["lr"])\n    group["lr"] = group["start"] * (epoch + 1)\n',
    ],
)
def test_geometric_additive_and_by_epoch(write: str, tmp_path: Path) -> None:
    assert rules(training(ADAM, write), tmp_path) == GROWS
    assert rules(training(ADAM, write, epochs="import itertools\nfor epoch in itertools.count():"), tmp_path) == GROWS


@pytest.mark.parametrize(
    "write",
    [
        EACH + 'group["lr"] *= 0.9\n',
        EACH + 'group["lr"] -= 1e-7\n',
        EACH + 'group["lr"] = min(group["lr"] * 1.1, 0.01)\n',
        EACH + 'group["lr"] = max(min(group["lr"] * 1.1, 0.01), 1e-5)\n',
        EACH + 'if group["lr"] < 0.01:\n        group["lr"] *= 1.1\n',
        "lr = 0.001 * (epoch + 1)\nif lr > 0.01:\n    lr = 0.01\n" + EACH + 'group["lr"] = lr\n',
        'optimizer.param_groups[0]["lr"] = 0.001 * min(epoch + 1, 10)\n',
        'optimizer.param_groups[0]["lr"] = 0.001 * min(1.0, (epoch + 1) / 10)\n',
        'optimizer.param_groups[0]["lr"] = 0.01 * (1 - 0.9**epoch)\n',
        'optimizer.param_groups[0]["lr"] = 0.01 * 0.5 * (1 + math.cos(math.pi * epoch / 1000))\n',
        'if epoch < 5:\n    optimizer.param_groups[0]["lr"] *= 2\n',
        'if epoch < 10:\n    optimizer.param_groups[0]["lr"] = 0.001 * (epoch + 1)\n',
        'if epoch in (30, 60):\n    optimizer.param_groups[0]["lr"] *= 2\n',
        'if epoch == 30:\n    optimizer.param_groups[0]["lr"] *= 2\n',
        'if optimizer.param_groups[0]["lr"] > 0.01:\n    break\noptimizer.param_groups[0]["lr"] *= 1.1\n',
        'optimizer.param_groups[0]["lr"] *= 1.1\nif optimizer.param_groups[0]["lr"] > 0.01:\n    break\n',
        'assert optimizer.param_groups[0]["lr"] < 0.01\noptimizer.param_groups[0]["lr"] *= 1.1\n',
        'optimizer.param_groups[0]["lr"] *= 1.1 if epoch < 5 else 0.9\n',
        EACH + 'group.setdefault("lr", group["lr"] * 1.1)\n',
    ],
)
def test_what_falls_or_is_capped(write: str, tmp_path: Path) -> None:
    assert rules(training(ADAM, write), tmp_path) == []


def test_the_condition_of_a_while_loop_is_a_cap(tmp_path: Path) -> None:
    lr = ADAM + "lr = 0.001\n"
    step = 'lr *= 1.1\noptimizer.param_groups[0]["lr"] = lr\n'
    assert rules(training(lr, step, epochs="while lr < 0.02:"), tmp_path) == []
    assert rules(training(lr, step, epochs="while True:"), tmp_path) == GROWS
    counted = step + "epoch += 1\n"
    assert rules(training(lr + "epoch = 0\n", counted, epochs="while epoch < 900 and lr < 0.02:"), tmp_path) == []
    assert rules(training(lr + "epoch = 0\n", counted, epochs="while epoch < 900:"), tmp_path) == GROWS


def test_growth_in_functions_and_classes(tmp_path: Path) -> None:
    function = ADAM + "def grow(optimizer, by):\n    for group in optimizer.param_groups:\n        group['lr'] {}\n"
    assert rules(training(function.format("*= by"), "grow(optimizer, 1.2)\n"), tmp_path) == GROWS
    assert rules(training(function.format("*= by"), "grow(optimizer, 0.8)\n"), tmp_path) == []
    assert rules(training(function.format("= min(0.01, by * group['lr'])"), "grow(optimizer, 1.2)\n"), tmp_path) == []
    schedule = """
        class Ramp:
            def __init__(self, optimizer, base, steps):
                self.optimizer, self.base, self.steps, self.taken = optimizer, base, steps, 0

            def step(self):
                self.taken += 1
                for group in self.optimizer.param_groups:
                    group["lr"] = self.base * {}

        optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
        ramp = Ramp(optimizer, 0.001, 100)
    """
    assert rules(training(schedule.format("self.taken / self.steps"), "ramp.step()\n"), tmp_path) == GROWS
    assert rules(training(schedule.format("min(1, self.taken / self.steps)"), "ramp.step()\n"), tmp_path) == []


def test_growth_each_batch(tmp_path: Path) -> None:
    program = training(ADAM, epochs="for epoch in range(3):")
    step = "        optimizer.step()\n"
    assert rules(program.replace(step, step + '        optimizer.param_groups[0]["lr"] *= 1.01\n'), tmp_path) == GROWS
    capped = '        optimizer.param_groups[0]["lr"] = min(optimizer.param_groups[0]["lr"] * 1.01, 0.01)\n'
    assert rules(program.replace(step, step + capped), tmp_path) == []


BOLD = """
best = math.inf
def adapt(loss):
    global best
    factor = 1.05 if loss < best else 0.5
    for group in optimizer.param_groups:
        group["lr"] = {}
    best = loss
"""


def test_a_driver_that_follows_the_loss_needs_a_ceiling(tmp_path: Path) -> None:
    after = "with torch.no_grad():\n    adapt(nn.functional.mse_loss(net(x), y).item())\n"
    for rate, wanted in (
        ("group['lr'] * factor", GROWS),
        ("max(group['lr'] * factor, 1e-6)", GROWS),
        ("min(group['lr'] * factor, 0.01)", []),
        ("max(min(group['lr'] * factor, 0.01), 1e-6)", []),
        ("group['lr'] * min(factor, 0.9)", []),
        ("0.001 * factor", []),
    ):
        for epochs in ("for epoch in range(60):", "for epoch in range(600):", "while True:"):
            assert rules(training(ADAM + BOLD.format(rate), after, epochs=epochs), tmp_path) == wanted
    branches = "if y.mean() < 0:\n    " + EACH.replace("    ", "        ") + "group['lr'] *= 1.05\n"
    branches += "else:\n    " + EACH.replace("    ", "        ") + "group['lr'] *= 0.5\n"
    assert rules(training(ADAM, branches), tmp_path) == GROWS


def test_growth_ends_with_its_loop(tmp_path: Path) -> None:
    write = EACH + 'group["lr"] *= 1.1\n'
    assert rules(training(ADAM, write, epochs="for epoch in range(20):"), tmp_path) == []
    assert rules(training(ADAM, write, epochs="for epoch in range(30, 0, -1):"), tmp_path) == []
    slow = write.replace("1.1", "1.001")
    assert rules(training(ADAM, slow, epochs="for epoch in range(500):"), tmp_path) == []
    program = training(ADAM, write, epochs="for epoch in range(100):")
    (one,) = found(program, tmp_path)
    assert one.message.endswith("its loop ends at 13.78")
    (rate,) = {each.final for each in rates_of(program, tmp_path) if each.grows}
    assert rate == pytest.approx(0.001 * 1.1**100)


@pytest.mark.parametrize(
    "guard",
    [
        "if loss.item() > 10:\n    break",
        "if loss > 10:\n    break",
        "if not torch.isfinite(loss):\n    break",
        "if torch.isnan(loss).any():\n    break",
        "if math.isnan(loss):\n    break",
        "if not math.isfinite(loss.item()):\n    break",
        "if math.isnan(loss.item()) or math.isinf(loss.item()):\n    break",
        "value = float(loss)\nif value != value:\n    break",
        "if any(math.isnan(each) for each in (loss.item(), 0.0)):\n    break",
        "assert not math.isnan(loss.item())",
        "if not math.isfinite(loss.item()):\n    raise RuntimeError('diverged')",
    ],
)
def test_the_loss_may_end_it(guard: str, tmp_path: Path) -> None:
    program = training(ADAM, guard + "\n" + EACH + 'group["lr"] *= 1.1\n')
    plain = "nn.functional.mse_loss(net(x), y).backward()"
    assert rules(program.replace(plain, f"loss = {plain.removesuffix('.backward()')}; loss.backward()"), tmp_path) == []


def test_a_test_of_something_else_does_not(tmp_path: Path) -> None:
    program = training(ADAM, "if math.isnan(epoch):\n    break\n" + EACH + 'group["lr"] *= 1.1\n')
    assert rules(program, tmp_path) == GROWS


@pytest.mark.parametrize("epochs", ["range({})", "range(args.epochs)", "range(1, args.epochs + 1)"])
@pytest.mark.parametrize("default", [20, 100])
def test_a_number_of_turns_that_the_user_may_set_ends_it_as_it_ships(epochs: str, default: int, tmp_path: Path) -> None:
    setup = "parser = argparse.ArgumentParser()\n"
    setup += f"parser.add_argument('--epochs', type=int, default={default})\nargs = parser.parse_args()\n"
    for factor, wanted in ((1 + 0.3 / default, []), (1 + 10 / default, GROWS)):
        write = EACH + f'group["lr"] *= {factor}\n'
        program = training(setup + ADAM, write, epochs=f"for epoch in {epochs.format(default)}:")
        assert rules(program, tmp_path) == wanted


def test_the_patience_of_early_stopping_does_not(tmp_path: Path) -> None:
    setup = ADAM + "best, bad = math.inf, 0\n"
    after = "bad += 1\nif bad > 10:\n    break\n" + EACH + 'group["lr"] *= 1.1\n'
    program = training(setup, after)
    program = program.replace("    bad += 1\n", "    if y.sum() < best:\n        bad = 0\n    bad += 1\n")
    assert rules(program, tmp_path) == GROWS


def test_where_it_comes_from(tmp_path: Path) -> None:
    read = "lr = {}\noptimizer = torch.optim.Adam(net.parameters(), lr=lr)\n"
    parser = "parser = argparse.ArgumentParser()\nparser.add_argument('--lr', type=float, default=0.001)\n"
    for setup, source in (
        (parser + read.format("parser.parse_args().lr"), "--lr"),
        ("import os\n" + read.format("float(os.environ['LR'])"), "`LR`"),
        (read.format("float(input('the rate: '))"), "`the rate:`"),
        (
            "import torch.distributed as dist\n" + read.format("0.001 * dist.get_world_size()"),
            "`the number of processes`",
        ),
    ):
        (one,) = found(training(setup), tmp_path)
        assert one.message == f"the learning rate comes from {source} and nothing bounds it from above"
        for cap in ("min(lr, 0.01)", "max(1e-5, min(0.01, lr))", "lr if lr < 0.01 else 0.01"):
            assert rules(training(setup.replace("lr=lr", f"lr={cap}")), tmp_path) == []


@pytest.mark.parametrize(
    ("rate", "severity"),
    [
        ("Adam(net.parameters(), 0.001 * dist.get_world_size())", "info"),
        ("SGD(net.parameters(), 0.1 * dist.get_world_size())", "info"),
        ("SGD(net.parameters(), 0.1 * math.sqrt(dist.get_world_size()))", "info"),
        ("SGD(net.parameters(), 0.1 * (64 * dist.get_world_size()) / 256)", "info"),
        ("Adam(net.parameters(), 0.01 * dist.get_world_size())", "warning"),
        ("Adam(net.parameters(), 0.01 * max(1, torch.cuda.device_count()))", "warning"),
        ("SGD(net.parameters(), 0.1 * dist.get_world_size() * torch.cuda.device_count())", "warning"),
        ("SGD(net.parameters(), args.lr * dist.get_world_size())", "warning"),
        ("SGD(net.parameters(), scaled(0.2))", "warning"),
        ("Adam(net.parameters(), 0.01 * Accelerator().num_processes)", "warning"),
        ("Adam(net.parameters(), min(0.01 * dist.get_world_size(), 0.02))", ""),
    ],
)
def test_scaling_with_the_processes(rate: str, severity: str, tmp_path: Path) -> None:
    setup = f"""
        import torch.distributed as dist
        from accelerate import Accelerator
        parser = argparse.ArgumentParser()
        parser.add_argument("--lr", type=float, default=0.2)
        args = parser.parse_args()

        def scaled(lr):
            if dist.is_initialized():
                lr = lr * dist.get_world_size()
            return lr

        optimizer = torch.optim.{rate}
    """
    assert "".join(one.severity.name.lower() for one in found(training(setup), tmp_path)) == severity
