"""The ways in which people write the same training program, and hand its numbers on."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.carriers.cores import Core

Files = Mapping[str, str]
HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\nfrom torchvision import datasets, transforms\n\n"


def _head(core: Core) -> str:
    return HEAD + core.defined


def _indent(text: str, by: int = 4) -> str:
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(keepends=True))


def _last(core: Core) -> str:
    return f", {core.tail}" if core.tail else ""


def _applied(core: Core, x: str) -> str:
    return core.call.format(x=x) if core.call else x


def _hidden(core: Core, rate: str = "") -> str:
    return f", {core.hidden.format(rate=rate or core.rate)}" if core.hidden else ""


def _dropped(core: Core, x: str, rate: str) -> str:
    return core.dropped.format(x=x, rate=rate or core.rate) if core.dropped else x


def _module(core: Core, rate: str = "") -> str:
    return f"""class Net(nn.Module):
    def __init__(self, width={core.width}):
        super().__init__()
        self.first = nn.Linear({core.features}, width)
        self.last = nn.Linear(width, {core.units})
        {core.built or "pass"}

    def forward(self, x):
        x = {_dropped(core, "F.relu(self.first(x))", rate)}
        return {_applied(core, "self.last(x)")}


"""


def _optimizer(core: Core, rate: str = "", net: str = "net") -> str:
    return f"{core.optimizer}({net}.parameters(), lr={0.001 if core.hidden else rate or core.rate})"


def _step(core: Core, loss: str, owner: str = "") -> str:
    return core.order.format(optimizer=f"{owner}optimizer", loss=loss) + _said(core.after, owner)


def _said(text: str, owner: str = "") -> str:
    return text.format(**{name: owner + name for name in ("optimizer", "net", "scheduler")})


def _training(core: Core, loss: str = "criterion(net(x), y)") -> str:
    loop = f"for x, y in {core.batches}:\n" + _indent(_step(core, loss))
    return _said(core.prepared) + _epochs(core, loop)


def _epochs(core: Core, text: str, owner: str = "") -> str:
    text = _said(core.begun, owner) + text + _said(core.ended, owner)
    return f"for epoch in range({core.epochs}):\n" + _indent(text) if core.epochs else text


def _sequential(core: Core, rate: str = "") -> str:
    first, last = f"nn.Linear({core.features}, {core.width}), nn.ReLU()", f"nn.Linear({core.width}, {core.units})"
    return f"nn.Sequential({first}{_hidden(core, rate)}, {last}{_last(core)})"


def flat(core: Core) -> Files:
    body = f"net = {_sequential(core)}\noptimizer = {_optimizer(core)}\ncriterion = {core.loss}\n"
    return {"train.py": _head(core) + body + _training(core)}


def function(core: Core) -> Files:
    text = _head(core) + "def step(net, criterion, optimizer, x, y):\n"
    text += _indent(_step(core, "criterion(net(x), y)")) + "    return loss.item()\n\n\n"
    text += f"def main(rate):\n    net = {_sequential(core, 'rate')}\n    optimizer = {_optimizer(core, 'rate')}\n"
    loop = f"for x, y in {core.batches}:\n    print(step(net, {core.loss}, optimizer, x, y))\n"
    text += _indent(_said(core.prepared) + _epochs(core, loop)) + "\n\n"
    return {"train.py": text + f'if __name__ == "__main__":\n    main({core.rate})\n'}


def trainer(core: Core) -> Files:
    steps = "\n" + _indent(_step(core, "self.criterion(self.net(x), y)", "self."))
    text = _head(core) + _module(core)
    text += f"""class Trainer:
    def __init__(self, rate={core.rate}):
        self.rate = rate
        self.net = Net()
        self.criterion = {core.loss}
        self.optimizer = {_optimizer(core, "self.rate", "self.net")}
{_indent(_said(core.prepared, "self."), 8)}
    def fit(self, loader):
{_indent(_epochs(core, "for x, y in loader:" + steps, "self."), 8)}

Trainer().fit({core.batches})
"""
    return {"train.py": text}


def loop(core: Core) -> Files:
    text = _head(core) + f"sizes = [{core.features}, {2 * core.width}, {core.width}, {core.units}]\n"
    text += "layers = []\nfor i in range(len(sizes) - 1):\n"
    text += "    layers.append(nn.Linear(sizes[i], sizes[i + 1]))\n"
    text += f"    if i < len(sizes) - 2:\n        layers.extend([nn.ReLU(){_hidden(core)}])\n"
    text += f"layers.append({core.tail})\n" if core.tail else ""
    text += f"net = nn.Sequential(*layers)\noptimizer = {_optimizer(core)}\n"
    return {"train.py": text + f"criterion = {core.loss}\n" + _training(core)}


def functional(core: Core) -> Files:
    text = _head(core) + _module(core) + f"net = Net()\noptimizer = {_optimizer(core)}\n"
    return {"train.py": text + _training(core, f"{core.function}(net(x), y)")}


def factory(core: Core) -> Files:
    text = _head(core) + "def make_loss():\n" + f"    return {core.loss}\n\n\n"
    text += f"def make_model(hidden, tail=None):\n    layers = [nn.Linear({core.features}, hidden), nn.ReLU()"
    text += f"{_hidden(core)}, nn.Linear(hidden, {core.units})]\n"
    text += "    if tail is not None:\n        layers.append(tail)\n    return nn.Sequential(*layers)\n\n\n"
    text += f"def make_optimizer(net, rate):\n    return {_optimizer(core, 'rate')}\n\n\n"
    text += f"net = make_model({core.width}{_last(core)})\n"
    text += f"criterion = make_loss()\noptimizer = make_optimizer(net, {core.rate})\n"
    return {"train.py": text + _training(core)}


def two_files(core: Core) -> Files:
    root = HEAD + "from models import RATE, Net\n\nnet = Net(width=" + f"{core.width})\n"
    root += f"optimizer = {_optimizer(core, 'RATE')}\ncriterion = {core.loss}\n"
    return {
        "models.py": _head(core) + f"RATE = {core.rate}\n\n\n" + _module(core, "RATE"),
        "train.py": root + _training(core),
    }


def package(core: Core) -> Files:
    root = HEAD + f"import lib\n\nnet = lib.Net()\noptimizer = {_optimizer(core, 'lib.settings.RATE')}\n"
    return {
        "lib/__init__.py": "from . import settings\nfrom .nets import *\nfrom .objective import objective as objective\n",
        "lib/settings.py": f"RATE = {core.rate}\n",
        "lib/nets.py": _head(core) + _module(core),
        "lib/objective.py": HEAD + f"def objective(output, wanted):\n    return {core.function}(output, wanted)\n",
        "train.py": root + _training(core, "lib.objective(net(x), y)"),
    }


def notebook(core: Core) -> Files:
    text = "# %% [markdown]\n# A network\n# %%\n%matplotlib inline\n" + _head(core)
    text += f"# %%\nrate = {core.rate}\nnet = {_sequential(core, 'rate')}\n"
    text += f"criterion = {core.loss}\n# %%\noptimizer = {_optimizer(core, 'rate')}\n"
    return {"train.ipynb": text + _training(core)}


def _sized(core: Core, sizes: str, rate: str) -> str:
    text = f"layers = [nn.Linear({core.features}, {sizes}.hidden)]\nfor _ in range({sizes}.depth):\n"
    text += f"    layers += [nn.Linear({sizes}.hidden, {sizes}.hidden), nn.ReLU(){_hidden(core, rate)}]\n"
    text += f"net = nn.Sequential(*layers, nn.Linear({sizes}.hidden, {core.units}){_last(core)})\n"
    text += f"optimizer = {_optimizer(core, rate)}\ncriterion = {core.loss}\n"
    return text + _training(core)


def arguments(core: Core) -> Files:
    text = "import argparse\n\n" + _head(core) + "parser = argparse.ArgumentParser()\n"
    text += f"parser.add_argument('--hidden', type=int, default={core.width})\n"
    text += "parser.add_argument('--depth', type=int, default=2)\n"
    text += f"parser.add_argument('--lr', type=float, default={core.rate}, choices=[{core.rate}, 0.002])\n"
    return {"train.py": text + "args = parser.parse_args()\n" + _sized(core, "args", "args.lr")}


def dataclass(core: Core) -> Files:
    text = "from dataclasses import dataclass, field\n\n" + _head(core) + "@dataclass\nclass Sizes:\n"
    text += f"    hidden: int = {core.width}\n    depth: int = 2\n\n\n@dataclass\nclass Settings:\n    lr: float = {core.rate}\n"
    text += "    sizes: Sizes = field(default_factory=Sizes)\n\n\nsettings = Settings()\n"
    return {"train.py": text + _sized(core, "settings.sizes", "settings.lr")}


def yaml(core: Core) -> Files:
    config = f"optimizer:\n  lr: {float(core.rate)!r}\nhidden: {core.width}\ndepth: 2\n"
    text = "from types import SimpleNamespace\n\nimport yaml\n" + _head(core)
    text += 'with open("config.yaml") as file:\n    config = yaml.safe_load(file)\n'
    text += "sizes = SimpleNamespace(hidden=config['hidden'], depth=config['depth'])\n"
    rate = "float(config['optimizer']['lr'])"
    return {"config.yaml": config, "train.py": text + _sized(core, "sizes", rate)}


CARRIERS: Mapping[str, Callable[[Core], Files]] = {
    "flat script": flat,
    "function": function,
    "class": trainer,
    "Sequential built in a loop": loop,
    "functional calls": functional,
    "factory": factory,
    "two files": two_files,
    "package that re-exports": package,
    "notebook": notebook,
    "numbers by argparse": arguments,
    "numbers by a dataclass": dataclass,
    "numbers by YAML": yaml,
}
