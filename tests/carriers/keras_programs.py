"""The ways in which people write the same Keras program: chains, graphs, classes, fitted or trained by a loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.carriers.cores import Core
from tests.carriers.programs import Files

HEAD = "import keras\nimport numpy as np\nimport tensorflow as tf\nfrom keras import layers\n\n"


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


def _rate(core: Core, rate: str) -> str:
    return "0.001" if core.hidden else core.schedule.format(rate=rate or core.rate)


def _optimizer(core: Core, rate: str = "") -> str:
    return f"{core.optimizer}(learning_rate={_rate(core, rate)})"


def _sequential(core: Core, rate: str = "") -> str:
    inner = (
        f"layers.Dense({core.width}, activation='relu'){_hidden(core, rate)}, layers.Dense({core.units}){_last(core)}"
    )
    return f"keras.Sequential([layers.Input(({core.features},)), {inner}])"


def _fitted(core: Core, rate: str = "", model: str = "model", loss: str = "") -> str:
    text = f"{model}.compile(optimizer={_optimizer(core, rate)}, loss={loss or core.loss}, metrics=['mae'])\n"
    return text + f"{model}.fit({core.batches}, epochs={core.epochs or 3}, batch_size=32)\n"


def _module(core: Core, rate: str = "") -> str:
    dropout = f"        self.drop = {core.hidden.format(rate=rate or core.rate)}\n" if core.hidden else ""
    inner = "self.drop(self.first(x), training=training)" if core.hidden else "self.first(x)"
    return f"""class Net(keras.Model):
    def __init__(self, width={core.width}):
        super().__init__()
        self.first = layers.Dense(width, activation="relu")
        self.last = layers.Dense({core.units})
{dropout}
    def call(self, x, training=False):
        x = {inner}
        return {_applied(core, "self.last(x)")}


"""


def _loop(core: Core, loss: str, net: str = "net", optimizer: str = "optimizer") -> str:
    text = f"""for x, y in tf.data.Dataset.from_tensor_slices(({core.batches})).shuffle(1000).batch(32):
    with tf.GradientTape() as tape:
        loss = {loss}
    gradients = tape.gradient(loss, {net}.trainable_variables)
    {optimizer}.apply_gradients(zip(gradients, {net}.trainable_variables))
"""
    return f"for epoch in range({core.epochs}):\n{_indent(text)}" if core.epochs else text


def flat(core: Core) -> Files:
    text = _head(core) + f"model = keras.Sequential()\nmodel.add(layers.Dense({core.width}, activation='relu'"
    text += f", input_shape=({core.features},)))\n"
    text += f"model.add({core.hidden.format(rate=core.rate)})\n" if core.hidden else ""
    text += f"model.add(layers.Dense({core.units}))\n" + (f"model.add({core.tail})\n" if core.tail else "")
    return {"train.py": text + _fitted(core)}


def function(core: Core) -> Files:
    text = _head(core) + "def train(model, loss, rate):\n" + _indent(_fitted(core, "rate", loss="loss"))
    text += f"    return model\n\n\ndef main(rate):\n    train({_sequential(core, 'rate')}, {core.loss}, rate)\n\n\n"
    return {"train.py": text + f'if __name__ == "__main__":\n    main({core.rate})\n'}


def trainer(core: Core) -> Files:
    text = (
        _head(core)
        + f"""class Trainer:
    def __init__(self, rate={core.rate}):
        self.rate = rate
        self.model = {_sequential(core, "rate")}
        self.loss = {core.loss}

    def run(self):
{_indent(_fitted(core, "self.rate", "self.model", "self.loss"), 8)}

Trainer().run()
"""
    )
    return {"train.py": text}


def loop(core: Core) -> Files:
    text = (
        _head(core)
        + f"model = keras.Sequential([layers.Input(({core.features},))])\nsizes = [{2 * core.width}, {core.width}]\n"
    )
    text += "for size in sizes:\n"
    text += "    model.add(layers.Dense(size))\n    model.add(layers.Activation('relu'))\n"
    text += f"    model.add({core.hidden.format(rate=core.rate)})\n" if core.hidden else ""
    text += f"model.add(layers.Dense({core.units}))\n" + (f"model.add({core.tail})\n" if core.tail else "")
    return {"train.py": text + _fitted(core)}


def graph(core: Core) -> Files:
    text = _head(core) + f"inputs = keras.Input(shape=({core.features},))\n"
    text += f"x = layers.Dense({core.width}, activation='relu')(inputs)\n"
    text += f"x = {core.hidden.format(rate=core.rate)}(x)\n" if core.hidden else ""
    text += f"x = layers.Dense({core.units})(x)\n" + (f"x = {core.tail}(x)\n" if core.tail else "")
    return {"train.py": text + "model = keras.Model(inputs=inputs, outputs=x)\n" + _fitted(core)}


def tape(core: Core) -> Files:
    text = _head(core) + _module(core) + f"net = Net()\noptimizer = {_optimizer(core)}\n"
    return {"train.py": text + _loop(core, f"{core.function.format(y='y', x='net(x, training=True)')}")}


def step(core: Core) -> Files:
    text = _head(core) + _module(core).rstrip("\n") + """

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(y=y, y_pred=y_pred)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        return {"loss": loss}


model = Net()
"""  # fmt: skip
    return {"train.py": text + _fitted(core)}


def factory(core: Core) -> Files:
    text = _head(core) + "def make_loss():\n" + f"    return {core.loss}\n\n\n"
    text += f"def build(width, rate):\n    model = {_sequential(core, 'rate')}\n"
    text += f"    model.compile(optimizer={_optimizer(core, 'rate')}, loss=make_loss())\n    return model\n\n\n"
    return {"train.py": text + f"build(16, {core.rate}).fit({core.batches}, epochs={core.epochs or 3})\n"}


def two_files(core: Core) -> Files:
    root = HEAD + f"from models import RATE, Net\n\nmodel = Net(width={core.width})\n" + _fitted(core, "RATE")
    return {"models.py": _head(core) + f"RATE = {core.rate}\n\n\n" + _module(core, "RATE"), "train.py": root}


def package(core: Core) -> Files:
    root = HEAD + f"import lib\n\nmodel = lib.Net()\n{_fitted(core, 'lib.settings.RATE', loss='lib.objective()')}"
    return {
        "lib/__init__.py": "from . import settings\nfrom .nets import *\nfrom .objective import objective as objective\n",
        "lib/settings.py": f"RATE = {core.rate}\n",
        "lib/nets.py": _head(core) + _module(core),
        "lib/objective.py": HEAD + f"def objective():\n    return {core.loss}\n",
        "train.py": root,
    }


def notebook(core: Core) -> Files:
    text = "# %% [markdown]\n# A network\n# %%\n%matplotlib inline\n" + _head(core)
    text += f"# %%\nrate = {core.rate}\nmodel = {_sequential(core, 'rate')}\nmodel.summary()\n# %%\n"
    return {"train.ipynb": text + _fitted(core, "rate")}


def _sized(core: Core, sizes: str, rate: str) -> str:
    text = f"x = inputs = keras.Input(({core.features},))\nfor _ in range({sizes}.depth):\n"
    text += f"    x = layers.Dense({sizes}.hidden, activation='relu')(x)\n"
    text += f"    x = {core.hidden.format(rate=rate)}(x)\n" if core.hidden else ""
    text += f"x = layers.Dense({core.units})(x)\n" + (f"x = {core.tail}(x)\n" if core.tail else "")
    return text + "model = keras.Model(inputs, x)\n" + _fitted(core, rate)


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
    "graph of calls": graph,
    "loop with a tape": tape,
    "train_step of its own": step,
    "factory": factory,
    "two files": two_files,
    "package that re-exports": package,
    "notebook": notebook,
    "numbers by argparse": arguments,
    "numbers by a dataclass": dataclass,
    "numbers by YAML": yaml,
}
