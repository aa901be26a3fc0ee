"""For each rule the smallest difference between a bad and a sound program: a last step and a loss, or a number."""

from __future__ import annotations

from attrs import evolve, frozen


@frozen
class Core:
    """What a carrier writes into its program.

    ``tail`` and ``call`` are the last step as a module and as an expression of ``{x}``; None for no step. ``hidden`` is
    a layer before the last weights that takes ``{rate}``, ``dropped`` the same as an expression of ``{x}``. ``rate`` is
    the learning rate of ``optimizer`` where no such layer takes it; ``after`` is what follows each step of the optimizer,
    ``{optimizer}`` being its name and ``{net}`` that of the network. ``order`` is the step itself. ``prepared`` follows the
    optimizer, ``begun`` and ``ended`` stand before and after the loop over the batches; they may speak of ``{scheduler}``
    too. ``built`` is a further layer ``self.…`` of a class. ``defined`` are functions and classes that these use. ``features``, ``width`` and
    ``units`` are the sizes of the network, and ``epochs`` says how often the batches come again; None for once. In Keras
    ``schedule`` is what the optimizer is given for ``{rate}``, and ``batches`` what ``fit`` is given.
    """

    tail: str | None = None
    call: str | None = None
    loss: str = "nn.MSELoss()"
    function: str = "F.mse_loss"
    hidden: str | None = None
    dropped: str | None = None
    optimizer: str = "torch.optim.Adam"
    rate: str = "0.001"
    order: str = "{optimizer}.zero_grad()\nloss = {loss}\nloss.backward()\n{optimizer}.step()\n"
    after: str = ""
    prepared: str = ""
    begun: str = ""
    ended: str = ""
    built: str = ""
    batches: str = 'torch.load("batches.pt")'
    features: int = 8
    width: int = 32
    epochs: int | None = None
    schedule: str = "{rate}"
    units: int = 3
    defined: str = ""


@frozen
class Pair:
    bad: Core
    sound: Core


def _output(bad: tuple[str, str] | None, sound: tuple[str, str] | None, loss: str, function: str) -> Pair:
    first, second = (step or (None, None) for step in (bad, sound))
    return Pair(Core(*first, loss, function), Core(*second, loss, function))


def _rate(optimizer: str, bad: str, sound: str) -> Pair:
    return Pair(Core(optimizer=optimizer, rate=bad), Core(optimizer=optimizer, rate=sound))


def _dropout(bad: str, sound: str) -> Pair:
    names = {"hidden": "nn.Dropout({rate})", "dropped": "F.dropout({x}, p={rate}, training=self.training)"}
    return Pair(Core(**names, rate=bad), Core(**names, rate=sound))


def _large(sound: str) -> Pair:
    size = {"features": 784, "width": 512, "epochs": 20}
    return Pair(Core(**size), evolve(_dropout(sound, sound).sound, **size))


def _gate(weights: str) -> Core:
    text = "def gate(x):\n    weights = torch.exp({})\n    return x * weights / weights.sum(dim=1, keepdim=True)\n\n\n"
    text += "class Gate(nn.Module):\n    def forward(self, x):\n        return gate(x)\n\n\n"
    return Core(hidden="Gate()", dropped="gate({x})", defined=text.format(weights))


def _function(call: str) -> Core:
    text = f"class Drop(nn.Module):\n    def forward(self, x):\n        return {call.format('x')}\n\n\n"
    return Core(hidden="Drop()", built="self.drop = Drop()", dropped="self.drop({x})", defined=text)


def _after(bad: str, sound: str) -> Pair:
    return Pair(Core(after=_GROUPS + bad), Core(after=_GROUPS + sound))


def _data(bad: str, sound: str) -> Pair:
    text = 'torch.utils.data.DataLoader(datasets.MNIST("data", transform=transforms.Compose([{}])), batch_size=32)'
    return Pair(Core(batches=text.format(bad)), Core(batches=text.format(sound)))


def _units(
    bad: tuple[str, str] | None, sound: tuple[str, str] | None, many: int, sound_many: int, loss: str, function: str
) -> Pair:
    pair = _output(bad, sound, loss, function)
    return Pair(evolve(pair.bad, units=many), evolve(pair.sound, units=sound_many))


def _order(bad: str, sound: str = "ZLBS") -> Pair:
    """The calls of a step by their letters: ``zero_grad``, the loss, ``backward``, ``step``."""
    calls = {
        "Z": "{optimizer}.zero_grad()\n",
        "L": "loss = {loss}\n",
        "B": "loss.backward()\n",
        "S": "{optimizer}.step()\n",
    }
    return Pair(*(Core(order="".join(calls[each] for each in letters)) for letters in (bad, sound)))


def _scored(bad: str, sound: str) -> Pair:
    layer = {"hidden": "nn.BatchNorm1d(32)", "built": "self.norm = nn.BatchNorm1d(width)", "dropped": "self.norm({x})"}
    score = "with torch.no_grad():\n    print(({net}(x).argmax(1) == y).sum())\n"
    return Pair(*(Core(**layer, after=text.replace("score", score)) for text in (bad, sound)))


def _scheduled(bad: tuple[str, str], sound: tuple[str, str]) -> Pair:
    made = "{scheduler} = torch.optim.lr_scheduler.StepLR({optimizer}, 10)\n"
    return Pair(*(Core(prepared=made, begun=begun, ended=ended, epochs=20) for begun, ended in (bad, sound)))


def _labelled() -> Pair:
    pair = _output(_SOFTMAX, None, "nn.MSELoss()", "F.mse_loss")
    batches = '[(x, F.one_hot(y, 3).float()) for x, y in torch.load("batches.pt")]'
    sound = evolve(pair.sound, loss="nn.CrossEntropyLoss()", function="F.cross_entropy")
    return Pair(*(evolve(each, batches=batches) for each in (pair.bad, sound)))


def _frozen(bad: str, sound: str) -> Pair:
    text = "for parameter in {{net}}.parameters():\n    parameter.requires_grad = {}\n"
    return Pair(*(Core(prepared=text.format(each)) for each in (bad, sound)))


_PASS = "{{optimizer}}.zero_grad()\n{}loss.backward()\n{{optimizer}}.step()\n"
_MICRO = """{{optimizer}}.zero_grad()
for x, y in zip(x.chunk(4), y.chunk(4)):
    loss = {{loss}}{}
    loss.backward()
{{optimizer}}.step()
"""
_MOVE = "{scheduler}.step()\n"
_ANEW = Core(begun="{optimizer} = torch.optim.Adam({net}.parameters(), lr=0.001)\n", epochs=20)
_SCORE = "print(({net}(x).argmax(1) == y).sum())\n"
_LIST = "{net}.history = []\n"
_GROUPS = "for group in {optimizer}.param_groups:\n    "
_RELU = ("nn.ReLU()", "F.relu({x})")
_SOFTMAX = ("nn.Softmax(dim=1)", "F.softmax({x}, dim=1)")
_SIGMOID = ("nn.Sigmoid()", "torch.sigmoid({x})")
_LOG_SOFTMAX = ("nn.LogSoftmax(dim=1)", "F.log_softmax({x}, dim=1)")

CORES = {
    "relu-before-regression": _output(_RELU, None, "nn.MSELoss()", "F.mse_loss"),
    "softmax-before-cross-entropy": _output(_SOFTMAX, None, "nn.CrossEntropyLoss()", "F.cross_entropy"),
    "logits-into-probability-loss": _output(None, _SIGMOID, "nn.BCELoss()", "F.binary_cross_entropy"),
    "sigmoid-before-logits-loss": _output(
        _SIGMOID, None, "nn.BCEWithLogitsLoss()", "F.binary_cross_entropy_with_logits"
    ),
    "nll-without-log-softmax": _output(None, _LOG_SOFTMAX, "nn.NLLLoss()", "F.nll_loss"),
    "softmax-over-one-unit": _units(_SOFTMAX, _SIGMOID, 1, 1, "nn.BCELoss()", "F.binary_cross_entropy"),
    "sigmoid-with-categorical-loss": _output(_SIGMOID, None, "nn.CrossEntropyLoss()", "F.cross_entropy"),
    "softmax-with-binary-loss": _output(_SOFTMAX, _SIGMOID, "nn.BCELoss()", "F.binary_cross_entropy"),
    "regression-loss-for-classification": _labelled(),
    "single-output-cross-entropy": _units(None, None, 1, 3, "nn.CrossEntropyLoss()", "F.cross_entropy"),
    "learning-rate-too-high": _rate("torch.optim.Adam", "0.3", "0.003"),
    "learning-rate-too-low": _rate("torch.optim.AdamW", "1e-8", "1e-4"),
    "invalid-learning-rate": _rate("torch.optim.RMSprop", "1e3", "1e-3"),
    "missing-normalization": _data(
        "transforms.PILToTensor(), transforms.ConvertImageDtype(torch.uint8)",
        "transforms.PILToTensor(), transforms.ConvertImageDtype(torch.float32)",
    ),
    "double-normalization": _data(
        "transforms.ToTensor(), transforms.Lambda(lambda image: image / 255)",
        "transforms.PILToTensor(), transforms.Lambda(lambda image: image / 255)",
    ),
    "missing-zero-grad": _order("LBS"),
    "zero-grad-before-step": _order("LBZS", "LBSZ"),
    "step-before-backward": _order("ZLSB", "LZBS"),
    "missing-step": _order("ZLB"),
    "unscaled-accumulation": Pair(*(Core(order=_MICRO.format(scale)) for scale in ("", " / 4"))),
    "missing-backward": _order("ZLS"),
    "loss-keeps-graph": Pair(
        Core(prepared=_LIST, after="{net}.history.append(loss)\n"),
        Core(prepared=_LIST, after="{net}.history.append(loss.item())\n"),
    ),
    "missing-eval-mode": _scored("score", "{net}.eval()\nscore{net}.train()\n"),
    "eval-mode-not-restored": _scored("{net}.eval()\nscore", "{net}.eval()\nscore{net}.train()\n"),
    "missing-no-grad": Pair(Core(after=_SCORE), Core(after="with torch.no_grad():\n    " + _SCORE)),
    "always-on-dropout": Pair(_function("F.dropout({})"), _function("F.dropout({}, training=self.training)")),
    "training-under-no-grad": Pair(
        Core(order=_PASS.format("with torch.no_grad():\n    loss = {loss}\n")),
        Core(order=_PASS.format("loss = {loss}\n")),
    ),
    "detached-loss": Pair(
        Core(order=_PASS.format("loss = {loss}\nloss = torch.tensor(loss.item(), requires_grad=True)\n")),
        Core(order=_PASS.format("loss = {loss}\nprint(torch.tensor(loss.item()))\n")),
    ),
    "detached-optimizer": _frozen("False", "True"),
    "unused-scheduler": _scheduled(("", ""), ("", _MOVE)),
    "scheduler-before-optimizer": _scheduled((_MOVE, ""), ("", _MOVE)),
    "optimizer-in-loop": Pair(_ANEW, Core(prepared=_ANEW.begun, epochs=20)),
    "missing-dropout": _large("0.2"),
    "excessive-dropout": _dropout("0.95", "0.05"),
    "unbounded-learning-rate": _after('group["lr"] *= 1.5\n', 'group["lr"] = min(1.5 * group["lr"], 0.01)\n'),
    "hand-rolled-softmax": Pair(_gate("x"), _gate("x - x.amax(dim=1, keepdim=True)")),
}


def _keras(bad: tuple[str, str] | None, sound: tuple[str, str] | None, loss: str, function: str) -> Pair:
    first, second = (step or (None, None) for step in (bad, sound))
    rest = {"loss": loss, "function": function, "optimizer": "keras.optimizers.Adam", "batches": _ARRAYS}
    return Pair(Core(*first, **rest), Core(*second, **rest))


def _keras_units(
    bad: tuple[str, str], sound: tuple[str, str], units: tuple[int, int], loss: str, function: str
) -> Pair:
    pair = _keras(bad, sound, loss, function)
    return Pair(evolve(pair.bad, units=units[0]), evolve(pair.sound, units=units[1]))


def _keras_rate(optimizer: str, bad: str, sound: str) -> Pair:
    rest = {"loss": "'mse'", "function": "keras.losses.mean_squared_error({y}, {x})", "batches": _ARRAYS}
    optimizer = f"keras.optimizers.{optimizer}"
    return Pair(Core(rate=bad, optimizer=optimizer, **rest), Core(rate=sound, optimizer=optimizer, **rest))


def _keras_schedule(bad: str, sound: str) -> Pair:
    pair = _keras_rate("Adam", "0.001", "0.001")
    return Pair(evolve(pair.bad, schedule=bad), evolve(pair.sound, schedule=sound))


def _keras_data(bad: str, sound: str) -> Pair:
    pair = _keras_rate("Adam", "0.001", "0.001")
    images, labels = (f"keras.datasets.mnist.load_data()[0][{part}].reshape(60000, -1)" for part in (0, 1))
    return Pair(*(evolve(pair.bad, batches=f"{images}{scaling}, {labels}") for scaling in (bad, sound)))


def _keras_function(head: str, result: str) -> Core:
    text = f"class Drop(layers.Layer):\n    def {head}:\n        return {result}\n\n\n"
    return evolve(_keras_rate("Adam", "0.001", "0.001").sound, hidden="Drop()", defined=text)


def _keras_dropout(bad: str, sound: str) -> Pair:
    pair = _keras_rate("Adam", bad, sound)
    return Pair(*(evolve(each, hidden="layers.Dropout({rate})") for each in (pair.bad, pair.sound)))


def _keras_large(sound: str) -> Pair:
    images, labels = (f"keras.datasets.mnist.load_data()[0][{part}]" for part in (0, 1))
    batches = f"{images}.reshape(-1, 784) / 255, {labels}"
    size = {"features": 784, "width": 512, "epochs": 20, "batches": batches}
    pair = _keras_dropout(sound, sound)
    return Pair(evolve(pair.bad, hidden=None, rate="0.001", **size), evolve(pair.sound, **size))


def _keras_labelled() -> Pair:
    mean = "keras.losses.mean_squared_error({y}, {x})"
    pair = _keras(_KERAS_SOFTMAX, _KERAS_SOFTMAX, "'mse'", mean)
    cross = evolve(
        pair.sound, loss="'categorical_crossentropy'", function="keras.losses.categorical_crossentropy({y}, {x})"
    )
    batches = 'np.load("x.npy"), keras.utils.to_categorical(np.load("y.npy"), 3)'
    return Pair(*(evolve(each, batches=batches) for each in (pair.bad, cross)))


_KERAS_SOFTMAX = ("layers.Activation('softmax')", "keras.activations.softmax({x})")
_KERAS_SIGMOID = ("layers.Activation('sigmoid')", "keras.activations.sigmoid({x})")
_ARRAYS = 'np.load("x.npy"), np.load("y.npy")'
_FLAG = "keras.losses.{}(from_logits=True)"

KERAS_CORES = {
    "always-on-dropout": Pair(
        _keras_function("call(self, x)", "tf.nn.dropout(x, rate=0.2)"),
        _keras_function("call(self, x, training=None)", "tf.nn.dropout(x, rate=0.2) if training else x"),
    ),
    "relu-before-regression": _keras(
        ("layers.Activation('relu')", "keras.activations.relu({x})"),
        None,
        "'mse'",
        "keras.losses.mean_squared_error({y}, {x})",
    ),
    "softmax-before-cross-entropy": _keras(
        ("layers.Softmax()", "keras.activations.softmax({x})"),
        None,
        _FLAG.format("SparseCategoricalCrossentropy"),
        "keras.losses.sparse_categorical_crossentropy({y}, {x}, from_logits=True)",
    ),
    "logits-into-probability-loss": _keras(
        None,
        ("layers.Activation('softmax')", "tf.nn.softmax({x})"),
        "'categorical_crossentropy'",
        "keras.losses.categorical_crossentropy({y}, {x})",
    ),
    "sigmoid-before-logits-loss": _keras(
        ("layers.Activation('sigmoid')", "tf.sigmoid({x})"),
        None,
        _FLAG.format("BinaryCrossentropy"),
        "keras.losses.BinaryCrossentropy(from_logits=True)({y}, {x})",
    ),
    "detached-loss": _keras(
        ("layers.Lambda(keras.ops.stop_gradient)", "tf.stop_gradient({x})"),
        None,
        "'mse'",
        "keras.losses.mean_squared_error({y}, {x})",
    ),
    "softmax-over-one-unit": _keras_units(
        ("layers.Softmax()", "keras.activations.softmax({x})"),
        ("layers.Activation('sigmoid')", "keras.activations.sigmoid({x})"),
        (1, 1),
        "'binary_crossentropy'",
        "keras.losses.binary_crossentropy({y}, {x})",
    ),
    "single-output-cross-entropy": _keras_units(
        ("layers.Activation(keras.activations.sigmoid)", "keras.activations.sigmoid({x})"),
        ("layers.Activation('softmax')", "keras.activations.softmax({x})"),
        (1, 3),
        "keras.losses.CategoricalCrossentropy()",
        "keras.losses.categorical_crossentropy({y}, {x})",
    ),
    "sigmoid-with-categorical-loss": _keras(
        _KERAS_SIGMOID,
        _KERAS_SOFTMAX,
        "'categorical_crossentropy'",
        "keras.losses.categorical_crossentropy({y}, {x})",
    ),
    "softmax-with-binary-loss": _keras(
        _KERAS_SOFTMAX,
        _KERAS_SIGMOID,
        "keras.losses.BinaryCrossentropy()",
        "keras.losses.binary_crossentropy({y}, {x})",
    ),
    "regression-loss-for-classification": _keras_labelled(),
    "learning-rate-too-high": _keras_rate("Adam", "0.3", "0.003"),
    "learning-rate-too-low": _keras_rate("AdamW", "1e-8", "1e-4"),
    "invalid-learning-rate": _keras_rate("RMSprop", "1e3", "1e-3"),
    "missing-dropout": _keras_large("0.2"),
    "excessive-dropout": _keras_dropout("0.95", "0.05"),
    "missing-normalization": _keras_data("", " / 255"),
    "double-normalization": _keras_data(" / 255 / 255.0", " / 255.0"),
    "unbounded-learning-rate": _keras_schedule(
        "keras.optimizers.schedules.ExponentialDecay({rate}, 1000, 1.5)",
        "keras.optimizers.schedules.ExponentialDecay({rate}, 1000, 0.5)",
    ),
}
