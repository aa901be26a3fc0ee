"""Ten ways in which people write the same training program."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.carriers.cores import Core

Files = Mapping[str, str]
HEAD = "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n"
STEP = """for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    loss = {loss}
    loss.backward()
    optimizer.step()
"""


def _indent(text: str, by: int = 4) -> str:
    return "".join(" " * by + line if line.strip() else line for line in text.splitlines(keepends=True))


def _last(core: Core) -> str:
    return f", {core.tail}" if core.tail else ""


def _applied(core: Core, x: str) -> str:
    return core.call.format(x=x) if core.call else x


def _module(core: Core) -> str:
    return f"""class Net(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.first = nn.Linear(8, width)
        self.last = nn.Linear(width, 3)

    def forward(self, x):
        x = F.relu(self.first(x))
        return {_applied(core, "self.last(x)")}


"""


def flat(core: Core) -> Files:
    body = f"net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3){_last(core)})\n"
    body += "optimizer = torch.optim.Adam(net.parameters())\n"
    return {"train.py": HEAD + body + f"criterion = {core.loss}\n" + STEP.format(loss="criterion(net(x), y)")}


def function(core: Core) -> Files:
    text = HEAD + "def step(net, criterion, optimizer, x, y):\n    optimizer.zero_grad()\n    prediction = net(x)\n"
    text += (
        "    loss = criterion(prediction, y)\n    loss.backward()\n    optimizer.step()\n    return loss.item()\n\n\n"
    )
    text += "def main():\n    net = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 3)"
    text += f"{_last(core)})\n    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)\n"
    text += '    for x, y in torch.load("batches.pt"):\n'
    text += f"        print(step(net, {core.loss}, optimizer, x, y))\n\n\n"
    return {"train.py": text + 'if __name__ == "__main__":\n    main()\n'}


def trainer(core: Core) -> Files:
    text = HEAD + _module(core)
    text += f"""class Trainer:
    def __init__(self):
        self.net = Net()
        self.criterion = {core.loss}
        self.optimizer = torch.optim.Adam(self.net.parameters())

    def fit(self, loader):
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.net(x), y)
            loss.backward()
            self.optimizer.step()


Trainer().fit(torch.load("batches.pt"))
"""
    return {"train.py": text}


def loop(core: Core) -> Files:
    text = HEAD + "sizes = [8, 64, 32, 3]\nlayers = []\nfor i in range(len(sizes) - 1):\n"
    text += "    layers.append(nn.Linear(sizes[i], sizes[i + 1]))\n"
    text += "    if i < len(sizes) - 2:\n        layers.append(nn.ReLU())\n"
    text += f"layers.append({core.tail})\n" if core.tail else ""
    text += "net = nn.Sequential(*layers)\noptimizer = torch.optim.Adam(net.parameters())\n"
    return {"train.py": text + f"criterion = {core.loss}\n" + STEP.format(loss="criterion(net(x), y)")}


def functional(core: Core) -> Files:
    text = HEAD + _module(core) + "net = Net()\noptimizer = torch.optim.Adam(net.parameters())\n"
    return {"train.py": text + STEP.format(loss=f"{core.function}(net(x), y)")}


def factory(core: Core) -> Files:
    text = HEAD + "def make_loss():\n" + f"    return {core.loss}\n\n\n"
    text += "def make_model(hidden, tail=None):\n    layers = [nn.Linear(8, hidden), nn.ReLU(), nn.Linear(hidden, 3)]\n"
    text += "    if tail is not None:\n        layers.append(tail)\n    return nn.Sequential(*layers)\n\n\n"
    text += f"net = make_model(16, {core.tail})\n" if core.tail else "net = make_model(16)\n"
    text += "criterion = make_loss()\noptimizer = torch.optim.Adam(net.parameters())\n"
    return {"train.py": text + STEP.format(loss="criterion(net(x), y)")}


def two_files(core: Core) -> Files:
    root = "import torch\nfrom torch import nn\n\nfrom models import Net\n\nnet = Net(width=64)\n"
    root += f"optimizer = torch.optim.Adam(net.parameters())\ncriterion = {core.loss}\n"
    return {"models.py": HEAD + _module(core), "train.py": root + STEP.format(loss="criterion(net(x), y)")}


def package(core: Core) -> Files:
    root = "import torch\n\nimport lib\n\nnet = lib.Net()\noptimizer = torch.optim.Adam(net.parameters())\n"
    return {
        "lib/__init__.py": "from .nets import *\nfrom .objective import objective as objective\n",
        "lib/nets.py": HEAD + _module(core),
        "lib/objective.py": HEAD + f"def objective(output, wanted):\n    return {core.function}(output, wanted)\n",
        "train.py": root + STEP.format(loss="lib.objective(net(x), y)"),
    }


def notebook(core: Core) -> Files:
    text = "# %% [markdown]\n# A network\n# %%\n%matplotlib inline\n" + HEAD
    text += f"# %%\nnet = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 3){_last(core)})\n"
    text += f"criterion = {core.loss}\n# %%\noptimizer = torch.optim.Adam(net.parameters())\n"
    return {"train.ipynb": text + STEP.format(loss="criterion(net(x), y)")}


def numbers(core: Core) -> Files:
    text = "import argparse\nfrom dataclasses import dataclass\n\n" + HEAD
    text += "@dataclass\nclass Sizes:\n    hidden: int = 32\n    depth: int = 2\n\n\n"
    text += "parser = argparse.ArgumentParser()\nparser.add_argument('--depth', type=int, default=2)\n"
    text += "args = parser.parse_args()\nsizes = Sizes(depth=args.depth)\nlayers = [nn.Linear(8, sizes.hidden)]\n"
    text += "for _ in range(sizes.depth):\n    layers += [nn.Linear(sizes.hidden, sizes.hidden), nn.ReLU()]\n"
    text += f"net = nn.Sequential(*layers, nn.Linear(sizes.hidden, 3){_last(core)})\n"
    text += f"optimizer = torch.optim.Adam(net.parameters())\ncriterion = {core.loss}\n"
    return {"train.py": text + STEP.format(loss="criterion(net(x), y)")}


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
    "numbers by argparse and dataclass": numbers,
}
