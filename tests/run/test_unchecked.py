"""Rates from files that are not in the project: read however one likes, they count as unchecked until they are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import found, rules, training

READ = """
import json, os, sys, yaml
from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace

raw = {read}
"""
CONFIG = """
@dataclass
class Config:
    lr: float
    epochs: int = 3

    def __post_init__(self):
        if {wrong}:
            raise ValueError(self.lr)

"""
UNCHECKED = ["unbounded-learning-rate"]
ADAM = "optimizer = torch.optim.Adam(net.parameters(), lr={})\n"


def program(steps: str, rate: str, read: str = "json.load(open(sys.argv[1]))") -> str:
    return training(READ.format(read=read) + steps + ADAM.format(rate))


@pytest.mark.parametrize(
    "read",
    [
        "json.load(open(sys.argv[1]))",
        "json.loads(Path(sys.argv[1]).read_text())",
        "json.loads((Path.home() / '.train.json').read_text())",
        "yaml.safe_load(open(os.path.expanduser('~/.train.yaml')))",
    ],
)
def test_where_the_file_is(read: str, tmp_path: Path) -> None:
    (one,) = found(program("", 'raw["lr"]', read), tmp_path)
    assert one.message == "the learning rate comes from `lr` and nothing bounds it from above"


@pytest.mark.parametrize(
    ("steps", "rate"),
    [
        ("", 'raw["optimizer"]["lr"]'),
        ("", 'raw.get("lr", 0.001)'),
        ("", 'raw["lr"] / 10'),
        ("", '[stage["lr"] for stage in raw["stages"]][0]'),
        ("config = {key: value for key, value in raw.items() if key in ('lr', 'epochs')}\n", 'config["lr"]'),
        ("config = dict((key, value) for key, value in raw.items())\n", 'config["lr"]'),
        ("config = {'lr': 0.001, **raw}\n", 'config["lr"]'),
        ("config = {'lr': 0.001} | raw\n", 'config["lr"]'),
        ("config = {'lr': 0.001}\nconfig.update(raw)\n", 'config["lr"]'),
        ("config = {'lr': 0.001}\nfor key, value in raw.items():\n    config[key] = value\n", 'config["lr"]'),
        ("config = SimpleNamespace(**raw)\n", "config.lr"),
        ("config = SimpleNamespace(lr=0.001)\nvars(config).update(raw)\n", "config.lr"),
        ("config = SimpleNamespace(epochs=3)\nfor key in raw:\n    setattr(config, key, raw[key])\n", "config.lr"),
        (CONFIG.format(wrong="self.lr <= 0") + "config = Config(**raw)\n", "config.lr"),
        (
            CONFIG.format(wrong="self.lr <= 0")
            + "known = {each.name for each in fields(Config)}\n"
            + "config = Config(**{key: value for key, value in raw.items() if key in known})\n",
            "config.lr",
        ),
    ],
)
def test_the_ways_to_the_optimizer(steps: str, rate: str, tmp_path: Path) -> None:
    assert rules(program(steps, rate), tmp_path) == UNCHECKED


@pytest.mark.parametrize(
    ("steps", "rate"),
    [
        ("assert 0 < raw['lr'] < 0.1\n", 'raw["lr"]'),
        ("if raw['lr'] > 0.1:\n    raise SystemExit('lr')\n", 'raw["lr"]'),
        ("if not 0 < float(raw.get('lr', 0.01)) < 0.1:\n    sys.exit(1)\n", 'float(raw.get("lr", 0.01))'),
        ("assert raw['lr'] < 0.1\nconfig = {key: value for key, value in raw.items()}\n", 'config["lr"]'),
        ("config = {key: value for key, value in raw.items()}\nassert config['lr'] < 0.1\n", 'config["lr"]'),
        ("config = {'lr': 0.001, **raw}\nassert config['lr'] < 0.1\n", 'config["lr"]'),
        ("assert raw['lr'] < 0.1\nconfig = SimpleNamespace(**raw)\n", "config.lr"),
        ("raw['lr'] = min(raw['lr'], 0.1)\n", 'raw["lr"]'),
        ("raw.update(lr=0.001)\n", 'raw["lr"]'),
        ("", 'min(raw["lr"], 0.1)'),
        ("", 'raw["lr"] if raw["lr"] < 0.1 else 0.1'),
        (CONFIG.format(wrong="not 0 < self.lr < 0.1") + "config = Config(**raw)\n", "config.lr"),
        ("from elsewhere import sane\n", 'sane(raw["lr"])'),
        ("from elsewhere import sane\nraw = sane(raw)\n", 'raw["lr"]'),
    ],
)
def test_what_was_checked_or_is_not_followed(steps: str, rate: str, tmp_path: Path) -> None:
    assert rules(program(steps, rate), tmp_path) == []
