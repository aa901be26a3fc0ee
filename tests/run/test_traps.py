"""Rates of well-kept code that look wrong and are not, each as it is usually written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import BATCHES, HEAD, found, rules, training
from trainlint.model import Severity

PARSER = "parser = argparse.ArgumentParser()\n"
BOUNDED = "args = parser.parse_args()\nassert 0 < args.lr < 100\n"


@pytest.mark.parametrize(
    "chosen",
    [
        "if args.optimizer == 'adamw':\n    optimizer = torch.optim.AdamW(net.parameters(), lr=args.lr)\n"
        "else:\n    optimizer = torch.optim.SGD(net.parameters(), lr=args.lr)\n",
        "kind = torch.optim.AdamW if args.optimizer == 'adamw' else torch.optim.SGD\n"
        "optimizer = kind(net.parameters(), lr=args.lr)\n",
        "kinds = {'sgd': torch.optim.SGD, 'adamw': torch.optim.AdamW}\n"
        "optimizer = kinds[args.optimizer](net.parameters(), lr=args.lr)\n",
        "def make(name, lr):\n    if name == 'adamw':\n        return torch.optim.AdamW(net.parameters(), lr=lr)\n"
        "    return torch.optim.SGD(net.parameters(), lr=lr)\noptimizer = make(args.optimizer, args.lr)\n",
    ],
)
def test_one_default_for_several_optimizers(chosen: str, tmp_path: Path) -> None:
    options = (
        "parser.add_argument('--optimizer', default='sgd')\nparser.add_argument('--lr', type=float, default=0.5)\n"
    )
    (one,) = found(training(PARSER + options + BOUNDED + chosen), tmp_path)
    assert (one.rule, one.severity) == ("learning-rate-too-high", Severity.INFO)
    assert "AdamW" in one.message and "only when --optimizer is given" in one.message
    assert "the default of --lr" in [note.message for note in one.related]


ZERO = "optimizer = torch.optim.AdamW(net.parameters(), lr=0)\n"


@pytest.mark.parametrize(
    ("setup", "after"),
    [
        (
            "import numpy as np\nrates = np.concatenate((np.linspace(0, 5e-4, 10), np.linspace(5e-4, 1e-6, 990)))\n",
            "for group in optimizer.param_groups:\n    group['lr'] = rates[epoch]\n",
        ),
        (
            "from elsewhere import cosine_scheduler\nrates = cosine_scheduler(5e-4, 1e-6, 1000)\n",
            "for index, group in enumerate(optimizer.param_groups):\n    group['lr'] = rates[epoch]\n",
        ),
        (
            "from elsewhere import Noam\nschedule = Noam(optimizer, 512, 4000)\n",
            "schedule.step()\n",
        ),
        (
            "def rate(step):\n    return 512**-0.5 * min((step + 1) ** -0.5, (step + 1) * 4000**-1.5)\n",
            "optimizer.param_groups[0]['lr'] = rate(epoch)\n",
        ),
    ],
)
def test_zero_set_by_a_schedule_later(setup: str, after: str, tmp_path: Path) -> None:
    assert rules(training(ZERO + setup, after), tmp_path) == []
    assert rules(training(ZERO), tmp_path) == ["invalid-learning-rate"]


def test_a_search_for_the_rate(tmp_path: Path) -> None:
    setup = "optimizer = torch.optim.SGD(net.parameters(), lr=1e-7, momentum=0.9)\nfactor = (10 / 1e-7) ** (1 / 100)\n"
    step = BATCHES.replace("nn.functional.mse_loss(net(x), y).backward()", "loss = nn.functional.mse_loss(net(x), y)")
    step = step.replace("    optimizer.step()", "    loss.backward()\n    optimizer.step()")
    climb = "    for group in optimizer.param_groups:\n        group['lr'] *= factor\n"
    watched = (
        "    if loss.item() > 4 * best or math.isnan(loss.item()):\n        break\n    best = min(best, loss.item())\n"
    )
    assert rules(HEAD + setup + "best = math.inf\n" + step + watched + climb, tmp_path) == []
    capped = "    if optimizer.param_groups[0]['lr'] > 10:\n        break\n"
    assert rules(HEAD + setup + step + capped + climb, tmp_path) == []


@pytest.mark.parametrize(
    "optimised",
    [
        "image = torch.rand(1, 8, requires_grad=True)\noptimizer = torch.optim.Adam([image], lr=0.3)\n",
        "latent = nn.Parameter(torch.zeros(1, 8))\noptimizer = torch.optim.Adam([latent], lr=0.3)\n",
    ],
)
def test_pixels_and_latents(optimised: str, tmp_path: Path) -> None:
    name = optimised.split()[0]
    loop = f"for _ in range(500):\n    optimizer.zero_grad()\n    net({name}).sum().backward()\n    optimizer.step()\n"
    assert rules(HEAD + optimised + loop, tmp_path) == []


@pytest.mark.parametrize(
    "net",
    [
        "nn.Linear(8, 1)",
        "nn.Sequential(nn.Flatten(), nn.Linear(8, 1))",
        "nn.Sequential(nn.Linear(8, 4, bias=False), nn.Linear(4, 1))",
    ],
)
def test_linear_networks(net: str, tmp_path: Path) -> None:
    setup = "net = {}\noptimizer = torch.optim.Adam(net.parameters(), lr=0.2)\n"
    assert "learning-rate-too-high" not in rules(training(setup.format(net)), tmp_path)
    assert rules(training(setup.format("nn.Sequential(nn.Linear(8, 4), nn.Tanh(), nn.Linear(4, 1))")), tmp_path) == [
        "learning-rate-too-high"
    ]


def test_the_rate_of_another_method(tmp_path: Path) -> None:
    options = "parser.add_argument('--learning-rate', type=float, default=200)\n"
    options += "parser.add_argument('--lr', type=float, default=0.001)\n"
    setup = PARSER + options + BOUNDED + "optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)\n"
    after = "from sklearn.manifold import TSNE\nTSNE(learning_rate=args.learning_rate).fit_transform(y)\n"
    assert rules(training(setup, after), tmp_path) == []


@pytest.mark.parametrize("rate", ["0.08 * 8", "0.1 * 1638.4 / 256", "0.64"])
def test_linear_scaling_over_eight_devices(rate: str, tmp_path: Path) -> None:
    setup = f"optimizer = torch.optim.SGD(net.parameters(), lr={rate}, momentum=0.9, nesterov=True)\n"
    assert rules(training(setup), tmp_path) == []


def test_a_name_that_is_bound_again(tmp_path: Path) -> None:
    setup = "lr = 20\nprint(lr)\nlr = 1e-3\noptimizer = torch.optim.Adam(net.parameters(), lr=lr)\nlr = 7.0\n"
    assert rules(training(setup), tmp_path) == []
    assert rules(training(setup.replace("lr = 1e-3", "lr = 0.3")), tmp_path) == ["learning-rate-too-high"]
