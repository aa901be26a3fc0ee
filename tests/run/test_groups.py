"""Parameter groups: every rate that reaches one of them, at construction or later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import ADAM, rates_of, rules, training

GROUPS = """
optimizer = torch.optim.Adam([
    {{"params": net[0].parameters(), "lr": {first}}},
    {{"params": net[2].parameters()}},
], lr={rest})
"""


def test_a_group_has_its_own_rate_or_the_one_for_all(tmp_path: Path) -> None:
    rates = rates_of(training(GROUPS.format(first="0.01", rest="0.002")), tmp_path)
    assert [each.given for each in rates] == [0.01, 0.002]
    assert all(each.grouped for each in rates)


@pytest.mark.parametrize(
    ("first", "rest", "expected"),
    [
        ("0.3", "0.001", ["learning-rate-too-high"]),
        ("0.001", "0.3", ["learning-rate-too-high"]),
        ("1e-8", "0.001", []),  # groups that differ are meant to
        ("1e-8", "1e-8", ["learning-rate-too-low", "learning-rate-too-low"]),
        ("-1", "0.001", ["invalid-learning-rate"]),
    ],
)
def test_each_is_judged(first: str, rest: str, expected: list[str], tmp_path: Path) -> None:
    assert rules(training(GROUPS.format(first=first, rest=rest)), tmp_path) == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ('{"params": head.parameters(), "lr": 0.5}', ["learning-rate-too-high"]),
        ('{"params": head.parameters(), "lr": 0.01}', []),
        ('{"params": head.parameters()}', []),
    ],
)
def test_a_group_is_added(group: str, expected: list[str], tmp_path: Path) -> None:
    setup = ADAM + f"head = nn.Linear(1, 1)\nnet.append(head)\noptimizer.add_param_group({group})\n"
    assert rules(training(setup), tmp_path) == expected
    assert len(rates_of(training(setup), tmp_path)) == 2


@pytest.mark.parametrize(
    "write",
    [
        'optimizer.param_groups[0]["lr"] = {}\n',
        'for group in optimizer.param_groups:\n    group["lr"] = {}\n',
        "for i, group in enumerate(optimizer.param_groups):\n    group.update(lr={})\n",
        'for i in range(len(optimizer.param_groups)):\n    optimizer.param_groups[i]["lr"] = {}\n',
        'def set_rate(optimizer, rate):\n    for g in optimizer.param_groups:\n        g["lr"] = rate\nset_rate(optimizer, {})\n',
        'vars(optimizer)["param_groups"][0]["lr"] = {}\n',
        'optimizer.param_groups[-1]["lr"] = {}\n',
        'optimizer.defaults["lr"] = optimizer.param_groups[0]["lr"] = {}\n',
    ],
)
def test_a_write_counts(write: str, tmp_path: Path) -> None:
    assert rules(training(ADAM + write.format("0.3")), tmp_path) == ["learning-rate-too-high"]
    assert rules(training(ADAM + write.format("0.003")), tmp_path) == []
    zero = ADAM.replace("0.001", "0")
    assert rules(training(zero + write.format("0.003")), tmp_path) == []
    low = ADAM.replace("0.001", "1e-9")
    assert rules(training(low + write.format("1e-9")), tmp_path) == ["learning-rate-too-low"]


def test_a_write_before_the_first_step_takes_the_place_of_what_was_given(tmp_path: Path) -> None:
    high = ADAM.replace("0.001", "0.5")
    assert rules(training(high + 'optimizer.param_groups[0]["lr"] = 0.01\n'), tmp_path) == []
    assert rules(training(high, 'optimizer.param_groups[0]["lr"] = 0.01\n'), tmp_path) == ["learning-rate-too-high"]


def test_something_unknown_may_set_the_rate(tmp_path: Path) -> None:
    zero = ADAM.replace("0.001", "0")
    assert rules(training(zero), tmp_path) == ["invalid-learning-rate"]
    for hand in ("somewhere.schedule(optimizer)", "optimizer.load_state_dict(torch.load('o.pt'))"):
        assert rules(training(f"import somewhere\n{zero}{hand}\n"), tmp_path) == []


def test_weights_that_were_loaded_may_move_slowly(tmp_path: Path) -> None:
    low = ADAM.replace("0.001", "5e-7")
    assert rules(training(low), tmp_path) == ["learning-rate-too-low"]
    assert rules(training("net.load_state_dict(torch.load('net.pt'))\n" + low), tmp_path) == []
    assert rules(training(low + "net[0].load_state_dict(torch.load('net.pt'))\n"), tmp_path) == []


def test_single_steps_are_trials(tmp_path: Path) -> None:
    once = training("def trial():\n" + "    " + ADAM.replace("0.001", "9"), epochs="if True:")
    trial = once[: once.index("if True:")] + (
        "    nn.functional.mse_loss(net(torch.randn(4, 8)), torch.randn(4, 1)).backward()\n    optimizer.step()\n"
    )
    assert rules(trial, tmp_path) == []
    assert rules(trial + "trial()\n", tmp_path) == []
    looped = trial.replace("    optimizer.step()\n", "    for _ in range(3):\n        optimizer.step()\n")
    assert rules(looped, tmp_path) == ["learning-rate-too-high"]
    apart = (
        "class Trainer:\n    def __init__(self):\n        self.optimizer = torch.optim.Adam(net.parameters(), lr=9)\n"
    )
    apart += "    def training_step(self, x, y):\n        nn.functional.mse_loss(net(x), y).backward()\n"
    head = once[: once.index("def trial")]
    assert rules(head + apart + "        self.optimizer.step()\n", tmp_path) == ["learning-rate-too-high"]


@pytest.mark.parametrize(
    ("optimizer", "bound"),
    [("Adam", 0.05), ("AdamW", 0.05), ("NAdam", 0.05), ("RMSprop", 0.1), ("SGD", 1.0), ("Adagrad", 0.5)],
)
def test_bounds_and_the_factor_on_them(optimizer: str, bound: float, tmp_path: Path) -> None:
    def at(rate: float, **options: object) -> list[str]:
        setup = f"optimizer = torch.optim.{optimizer}(net.parameters(), lr={rate})\n"
        return rules(training(setup), tmp_path, **options)

    assert at(bound) == []
    assert at(1.01 * bound) == ["learning-rate-too-high"]
    assert at(1.01 * bound, options={"learning-rate-too-high": {"factor": 2.0}}) == []
    assert at(0.2 * bound, options={"learning-rate-too-high": {"factor": 0.1}}) == ["learning-rate-too-high"]
