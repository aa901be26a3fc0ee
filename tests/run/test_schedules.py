"""What each schedule of PyTorch makes of the rate that it is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import ADAM, rates_of, rules, training

STEP = "scheduler.step()\n"


def program(schedule: str, optimizer: str = ADAM) -> str:
    return training(optimizer + f"scheduler = lr_scheduler.{schedule}\n", STEP)


@pytest.mark.parametrize(
    "schedule",
    [
        "StepLR(optimizer, 30)",
        "StepLR(optimizer, step_size=30, gamma=0.5)",
        "MultiStepLR(optimizer, [30, 60])",
        "ConstantLR(optimizer)",
        "LinearLR(optimizer, start_factor=1e-6)",
        "ExponentialLR(optimizer, 0.95)",
        "PolynomialLR(optimizer, 100)",
        "CosineAnnealingLR(optimizer, 100)",
        "CosineAnnealingWarmRestarts(optimizer, 10)",
        "ReduceLROnPlateau(optimizer)",
        "LambdaLR(optimizer, lambda epoch: 0.95**epoch)",
        "LambdaLR(optimizer, lr_lambda=lambda step: min(1, (step + 1) / 100))",
        "LambdaLR(optimizer, [lambda step: min(1, (step + 1) / 100)])",
        "MultiplicativeLR(optimizer, lambda epoch: 0.95)",
        "ChainedScheduler([lr_scheduler.StepLR(optimizer, 30)])",
        "SequentialLR(optimizer, [lr_scheduler.ConstantLR(optimizer), lr_scheduler.StepLR(optimizer, 9)], [5])",
    ],
)
def test_the_rate_comes_to_what_it_was_and_no_higher(schedule: str, tmp_path: Path) -> None:
    (rate,) = (each for each in rates_of(program(schedule), tmp_path) if each.way == "given")
    assert (rate.given, rate.highest, rate.most) == (0.001, 0.001, pytest.approx(0.001))
    assert rate.scheduled and not rate.overridden
    assert rules(program(schedule), tmp_path) == []


@pytest.mark.parametrize(
    ("schedule", "factor"),
    [
        ("ConstantLR(optimizer, factor=200)", 200),
        ("LinearLR(optimizer, 1.0, 100.0, total_iters=10)", 100),
        ("LambdaLR(optimizer, lambda epoch: 60 if epoch < 10 else 1)", 60),
        ("LambdaLR(optimizer, lambda epoch: 100 * 0.95**epoch)", 100),
    ],
)
def test_a_factor_takes_the_rate_out_of_its_bounds(schedule: str, factor: float, tmp_path: Path) -> None:
    (rate,) = (each for each in rates_of(program(schedule), tmp_path) if each.way == "schedule")
    assert (rate.given, rate.highest) == (0.001, pytest.approx(0.001 * factor))
    assert rules(program(schedule), tmp_path) == ["learning-rate-too-high"]


@pytest.mark.parametrize(
    "schedule",
    [
        "OneCycleLR(optimizer, {}, total_steps=100)",
        "OneCycleLR(optimizer, max_lr={}, epochs=10, steps_per_epoch=100)",
        "CyclicLR(optimizer, 1e-4, {})",
        "CyclicLR(optimizer, base_lr=1e-4, max_lr={}, mode='triangular2')",
    ],
)
def test_a_peak_counts_whatever_the_optimizer_was_given(schedule: str, tmp_path: Path) -> None:
    for given in ("0.5", "1e-9", "0"):
        optimizer = f"optimizer = torch.optim.Adam(net.parameters(), lr={given})\n"
        assert rules(program(schedule.format("0.2"), optimizer), tmp_path) == ["learning-rate-too-high"]
        assert rules(program(schedule.format("1e-8"), optimizer), tmp_path) == ["learning-rate-too-low"]
        assert rules(program(schedule.format("0.01"), optimizer), tmp_path) == []
    (rate,) = (each for each in rates_of(program(schedule.format("0.2")), tmp_path) if each.way == "peak")
    assert rate.highest == 0.2


@pytest.mark.parametrize(
    "schedule",
    [
        "ExponentialLR(optimizer, gamma=1.01)",
        "StepLR(optimizer, 10, gamma=10)",
        "MultiStepLR(optimizer, [10, 20], gamma=2)",
        "ReduceLROnPlateau(optimizer, factor=1.5)",
        "MultiplicativeLR(optimizer, lambda epoch: 1.05)",
        "LambdaLR(optimizer, lambda epoch: 1.05**epoch)",
        "LambdaLR(optimizer, lambda epoch: 1.5**epoch)",
        "LambdaLR(optimizer, lambda epoch: math.exp(0.1 * epoch))",
        "LambdaLR(optimizer, lambda step: (step + 1) / 500)",
        "LambdaLR(optimizer, lambda step: max(1.0, step / 500))",
        "LambdaLR(optimizer, lambda step: 1 + 0.1 * (step // 10))",
    ],
)
def test_what_grows_for_ever(schedule: str, tmp_path: Path) -> None:
    assert any(each.grows for each in rates_of(program(schedule), tmp_path))
    assert rules(program(schedule), tmp_path) == ["unbounded-learning-rate"]


@pytest.mark.parametrize(
    "function",
    [
        "lambda step: min((step + 1) / 500, 1.0)",
        "lambda step: (step + 1) / 500 if step < 500 else 1.0",
        "lambda step: min((step + 1) ** -0.5, (step + 1) * 500**-1.5)",
        "lambda step: 0.5 * (1 + math.cos(math.pi * step / 1000))",
        "lambda step: 1 / (1 + 0.1 * step)",
        "lambda step: 1 - math.exp(-step / 100)",
        "lambda step: torch.clamp(torch.tensor(step / 500), max=1.0).item()",
        "unheard_of",
    ],
)
def test_what_does_not(function: str, tmp_path: Path) -> None:
    setup = ADAM + "from somewhere import unheard_of\n" + f"scheduler = lr_scheduler.LambdaLR(optimizer, {function})\n"
    assert rules(training(setup, STEP), tmp_path) == []


def test_a_function_of_its_own_a_method_and_a_callable_object(tmp_path: Path) -> None:
    setup = """
        def warm_up(step):
            if step < 100:
                return (step + 1) / 100
            return {rest}

        class WarmUp:
            def __init__(self, steps):
                self.steps = steps

            def __call__(self, step):
                return warm_up(step * 100 / self.steps)

            def at(self, step):
                return self(step)

        optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
        scheduler = lr_scheduler.LambdaLR(optimizer, {function})
    """
    for function in ("warm_up", "WarmUp(50)", "WarmUp(50).at"):
        assert rules(training(setup.format(rest="1.0", function=function), STEP), tmp_path) == []
        grows = training(setup.format(rest="(step + 1) / 100", function=function), STEP)
        assert rules(grows, tmp_path) == ["unbounded-learning-rate"]


def test_a_rate_where_a_factor_is_wanted_gives_the_square(tmp_path: Path) -> None:
    schedule = "LambdaLR(optimizer, lambda epoch: 1e-4 * 0.9**epoch)"
    (rate,) = (each for each in rates_of(program(schedule), tmp_path) if each.way == "schedule")
    assert rate.most == pytest.approx(1e-7)
    assert rules(program(schedule), tmp_path) == ["learning-rate-too-low"]
    base = "optimizer = torch.optim.Adam(net.parameters(), lr=1.0)\n"
    assert rules(program(schedule, base), tmp_path) == []


def test_the_product_of_two_schedules_counts(tmp_path: Path) -> None:
    setup = ADAM + "warmup = lr_scheduler.LinearLR(optimizer, 1.0, 10.0)\n"
    setup += "scheduler = lr_scheduler.ConstantLR(optimizer, factor=10.0)\n"
    assert rules(training(setup, "warmup.step()\n" + STEP), tmp_path) == ["learning-rate-too-high"]
