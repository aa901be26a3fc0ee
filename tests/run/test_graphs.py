"""Graphs: losses that are kept with theirs, evaluations that build one, and dropouts that go on without."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

import pytest

from tests.run.programs import ADAM, HEAD, rules

START = HEAD + "import collections\nimport contextlib\nimport itertools\nimport sys\nimport torch.nn.functional as F\n"
BATCHES = 'criterion = nn.MSELoss()\nbatches, held = torch.load("batches.pt")\n'
STEP = """optimizer.zero_grad()
loss = criterion(net(x), y)
loss.backward()
optimizer.step()
"""


def found(body: str, folder: Path, start: str = ADAM) -> list[str]:
    lines = [
        indent(STEP, line[: -len("STEP")]) if line.strip() == "STEP" else line + "\n"
        for line in dedent(body).splitlines()
    ]
    return sorted(set(rules(START + start + BATCHES + "".join(lines), folder)))


KEPT = {
    "a sum over an epoch": (
        """
        for epoch in range(3):
            total = 0
            for x, y in batches:
                STEP
                total += loss
            print(total / 10)
        """,
        ["loss-keeps-graph"],
    ),
    "a running average": (
        """
        running = None
        for x, y in batches:
            STEP
            running = loss if running is None else 0.9 * running + 0.1 * loss
        """,
        ["loss-keeps-graph"],
    ),
    "a list": (
        """
        losses = []
        for epoch in range(3):
            for x, y in batches:
                STEP
                losses.append(loss)
        """,
        ["loss-keeps-graph"],
    ),
    "a list in a dictionary": (
        """
        history = {"loss": []}
        for epoch in range(3):
            for x, y in batches:
                STEP
                history["loss"].append(loss)
        """,
        ["loss-keeps-graph"],
    ),
    "a deque": (
        """
        history = collections.deque(maxlen=100)
        for epoch in range(3):
            for x, y in batches:
                STEP
                history.append(loss)
        """,
        ["loss-keeps-graph"],
    ),
    "an entry for each turn": (
        """
        history = {}
        for i, (x, y) in enumerate(batches):
            STEP
            history[i] = loss
        """,
        ["loss-keeps-graph"],
    ),
    "a meter that averages": (
        """
        class Meter:
            def __init__(self):
                self.sum = 0
                self.count = 0
            def update(self, value, n=1):
                self.sum += value * n
                self.count += n
                self.avg = self.sum / self.count
        meter = Meter()
        for x, y in batches:
            STEP
            meter.update(loss, len(x))
        """,
        ["loss-keeps-graph"],
    ),
    "what an object keeps": (
        """
        class Trainer:
            def __init__(self):
                self.history = []
                self.total = 0
            def step(self, x, y):
                STEP
                self.history.append(loss)
                self.total += loss
                return loss
            def run(self):
                for epoch in range(10):
                    for x, y in batches:
                        self.step(x, y)
        Trainer().run()
        """,
        ["loss-keeps-graph"],
    ),
    "the last loss of each epoch": (
        """
        all = []
        def train():
            total = 0
            for x, y in batches:
                STEP
                total += loss.item()
            return loss
        for epoch in range(100):
            all.append(train())
        """,
        ["loss-keeps-graph"],
    ),
    "a list that grows by lists": (
        """
        losses = []
        for epoch in range(3):
            for x, y in batches:
                STEP
                losses += [loss]
        """,
        ["loss-keeps-graph"],
    ),
    "a loss written by hand": (
        """
        losses = 0
        for epoch in range(3):
            for x, y in batches:
                loss = ((net(x) - y) ** 2).mean()
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                losses += loss
        """,
        ["loss-keeps-graph"],
    ),
    "a sum over what a function gives back": (
        """
        def step(x, y):
            STEP
            return loss
        def epoch():
            total = 0
            for x, y in batches:
                total += step(x, y)
            return total
        for i in range(4):
            print(epoch())
        """,
        ["loss-keeps-graph"],
    ),
    "an endless loop": (
        """
        total = 0
        it = iter(batches)
        while True:
            x, y = next(it)
            STEP
            total += loss
        """,
        ["loss-keeps-graph"],
    ),
    "numbers": (
        """
        total = 0
        losses = []
        for x, y in batches:
            STEP
            total += loss.item()
            losses.append(loss.detach())
            losses.append(float(loss))
        """,
        [],
    ),
    "several tasks": (
        """
        for x, y in batches:
            loss = 0
            for i in range(3):
                loss += criterion(net(x[i]), y[i])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        """,
        [],
    ),
    "losses that are stacked": (
        """
        for x, y in batches:
            losses = []
            for a, b in zip(x, y):
                losses.append(criterion(net(a), b))
            optimizer.zero_grad()
            torch.stack(losses).mean().backward()
            optimizer.step()
        """,
        [],
    ),
    "a sum that goes backward now and then": (
        """
        loss = 0
        for i, (x, y) in enumerate(batches):
            loss = loss + criterion(net(x), y)
            if (i + 1) % 4 == 0:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                loss = 0
        """,
        [],
    ),
    "a sum that goes backward in the caller": (
        """
        def compute():
            total = 0
            for x, y in batches:
                total = total + criterion(net(x), y)
            return total
        for i in range(3):
            optimizer.zero_grad()
            compute().backward()
            optimizer.step()
        """,
        [],
    ),
    "a list that is cleared after it went backward": (
        """
        losses = []
        for x, y in batches:
            loss = criterion(net(x), y)
            losses.append(loss)
            if len(losses) == 4:
                optimizer.zero_grad()
                sum(losses).backward()
                optimizer.step()
                losses.clear()
        """,
        [],
    ),
}

EVALUATED = {
    "a trained network that is called with gradients off before another": (
        """
        head = nn.Linear(1, 1)
        both = torch.optim.SGD(itertools.chain(head.parameters(), net.parameters()), lr=0.1)
        for x, y in batches:
            with torch.no_grad():
                seen = net(x)
            both.zero_grad()
            criterion(head(seen), y).backward()
            both.step()
        """,
        ["training-under-no-grad"],
    ),
    "a part that is meant to stay as it is": (
        """
        class Probe(nn.Module):
            def __init__(self):
                super().__init__()
                self.body, self.head = nn.Linear(8, 4), nn.Linear(4, 1)
            def forward(self, x):
                with torch.no_grad():
                    seen = self.body(x)
                return self.head(seen)
        probe = Probe()
        steps = torch.optim.SGD(probe.parameters(), lr=0.1)
        for x, y in batches:
            steps.zero_grad()
            criterion(probe(x), y).backward()
            steps.step()
        """,
        [],
    ),
    "a network that another loss trains": (
        """
        head = nn.Linear(1, 1)
        both = torch.optim.SGD(itertools.chain(head.parameters(), net.parameters()), lr=0.1)
        for x, y in batches:
            with torch.no_grad():
                seen = net(x)
            both.zero_grad()
            (criterion(head(seen), y) + criterion(net(x), y)).backward()
            both.step()
        """,
        [],
    ),
    "a distance of its own": (
        """
        for epoch in range(3):
            for x, y in batches:
                STEP
            away = seen = 0
            for x, y in held:
                away += ((y - net(x)) ** 2).mean().sqrt().item()
            print(away)
        """,
        ["missing-no-grad"],
    ),
    "a distance between two networks": (
        """
        other = nn.Linear(8, 1)
        for epoch in range(3):
            for x, y in batches:
                STEP
            for x, y in held:
                print((other(x) - net(x)).abs().mean().item())
        """,
        [],
    ),
    "a generator that was only made where they are off": (
        """
        for epoch in range(3):
            for x, y in batches:
                STEP
            with torch.no_grad():
                errors = (criterion(net(x), y) for x, y in held)
            print(sum(each.item() for each in errors))
        """,
        ["missing-no-grad"],
    ),
    "an evaluation that only calls eval()": (
        """
        def evaluate(model, loader):
            model.eval()
            right = 0
            for x, y in loader:
                out = model(x)
                right += (out.argmax(1) == y).sum().item()
            return right
        def main():
            for epoch in range(3):
                net.train()
                for x, y in batches:
                    STEP
                print(evaluate(net, held))
        """,
        ["missing-no-grad"],
    ),
    "a turn that goes on from within no_grad": (
        """
        for epoch in range(3):
            for x, y in batches:
                with torch.no_grad():
                    if x.sum() > 3:
                        continue
                STEP
            with torch.no_grad():
                for x, y in held:
                    print(criterion(net(x), y))
        """,
        [],
    ),
    "phases": (
        """
        for epoch in range(3):
            for phase in ["train", "val"]:
                for x, y in batches:
                    optimizer.zero_grad()
                    with torch.set_grad_enabled(phase == "train"):
                        loss = criterion(net(x), y)
                        if phase == "train":
                            loss.backward()
                            optimizer.step()
        """,
        [],
    ),
    "gradients off for the phase that is trained": (
        """
        from torch.utils.data import DataLoader, TensorDataset
        data = TensorDataset(torch.randn(100, 8), torch.randn(100, 1))
        with torch.set_grad_enabled(len("train") == 4):
            for x, y in DataLoader(data, batch_size=10, shuffle=True):
                STEP
        """,
        ["training-under-no-grad"],
    ),
    "rows picked by drawn numbers, with gradients off": (
        """
        from somewhere import drawn
        rows, wanted = torch.randn(100, 8), torch.randn(100, 1)
        @torch.no_grad()
        def train(i):
            x, y = rows[i], wanted[i]
            STEP
        for i in drawn(100):
            train(i)
        """,
        ["training-under-no-grad"],
    ),
    "rows in unknown hands, with gradients off": (
        """
        from somewhere import drawn, scaled
        rows, wanted = torch.randn(100, 8), torch.randn(100, 1)
        @torch.no_grad()
        def train(i):
            x, y = scaled(net, rows[i]), wanted[i]
            STEP
        for i in drawn(100):
            train(i)
        """,
        [],
    ),
    "a generator that is gone through where they are off": (
        """
        for epoch in range(3):
            for x, y in batches:
                STEP
            errors = (criterion(net(x), y) for x, y in held)
            later = (net(x) for x, _ in held)
            def sizes():
                return [each.shape for each in later]
            with torch.no_grad():
                print(sum(errors))
                print(sizes())
        """,
        [],
    ),
    "set_grad_enabled for what follows": (
        """
        for epoch in range(3):
            torch.set_grad_enabled(True)
            for x, y in batches:
                STEP
            torch.set_grad_enabled(False)
            for x, y in held:
                print(criterion(net(x), y))
        """,
        [],
    ),
    "what was not followed around it": (
        """
        from foo import evaluating, deco
        @deco
        def score():
            for x, y in held:
                print(criterion(net(x), y))
        for epoch in range(3):
            for x, y in batches:
                STEP
            with evaluating():
                for x, y in held:
                    print(criterion(net(x), y))
            score()
        """,
        [],
    ),
    "decorators of the project": (
        """
        def evaluating(f):
            def wrapped(*a):
                with torch.no_grad():
                    return f(*a)
            return wrapped
        def smart(on=True):
            def deco(fn):
                return (torch.inference_mode if on else torch.no_grad)()(fn)
            return deco
        @evaluating
        def score():
            for x, y in held:
                print(criterion(net(x), y))
        @smart()
        def score2():
            for x, y in held:
                print(criterion(net(x), y))
        for epoch in range(3):
            for x, y in batches:
                STEP
            score()
            score2()
        """,
        [],
    ),
    "gradients of the input": (
        """
        for epoch in range(3):
            for x, y in batches:
                STEP
        for x, y in held:
            x.requires_grad = True
            loss = criterion(net(x), y)
            loss.backward()
            adv = x + 0.1 * x.grad.sign()
            g = torch.autograd.grad(criterion(net(x), y), x)[0]
        """,
        [],
    ),
    "a context that depends": (
        """
        import contextlib, sys
        train = len(sys.argv) > 1
        for epoch in range(3):
            for x, y in batches:
                STEP
            ctx = contextlib.nullcontext() if train else torch.no_grad()
            with ctx:
                for x, y in held:
                    print(criterion(net(x), y))
        """,
        [],
    ),
    "a function that nobody calls": (
        """
        for x, y in batches:
            STEP
        def evaluate(model):
            return criterion(net(held), 1).item()
        """,
        [],
    ),
}

DROPPED = {
    "training is left out": ("x = F.dropout(x)", ["always-on-dropout"]),
    "a rate of its own": ("x = F.dropout(x, self.p)", ["always-on-dropout"]),
    "told to go on": ("x = F.dropout(x, 0.3, True)", ["always-on-dropout"]),
    "attention that drops": ("x = F.scaled_dot_product_attention(x, x, x, dropout_p=0.1)", ["always-on-dropout"]),
    "alpha dropout, which is off by default": ("x = F.alpha_dropout(x, 0.3)", []),
    "told the mode": ("x = F.dropout(x, training=self.training)", []),
    "only in training mode": ("if self.training:\n            x = F.dropout(x)", []),
    "after an early return": ("if not self.training:\n            return self.b(x)\n        x = F.dropout(x)", []),
    "a rate that depends on the mode": ("x = F.dropout(x, self.p if self.training else 0.0)", []),
    "a rate of nothing": ("x = F.dropout(x, 0.0)", []),
}
NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(8, 32)
        self.b = nn.Linear(32, 3)
        self.p = 0.5

    def forward(self, x):
        x = F.relu(self.a(x))
        DROP
        return self.b(x)

net = Net()
"""
TRAIN = """
for epoch in range(3):
    net.train()
    for x, y in batches:
        STEP
    net.eval()
    with torch.no_grad():
        for x, y in held:
            print(criterion(net(x), y))
"""
MODAL = {
    "evaluated in training mode": ("    net.eval()\n", ["missing-eval-mode"]),
    "trained in evaluation mode": ("    net.train()\n", ["eval-mode-not-restored"]),
}


@pytest.mark.parametrize(("body", "wanted"), KEPT.values(), ids=KEPT)
def test_losses_that_are_kept(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(body, tmp_path) == wanted


@pytest.mark.parametrize(("body", "wanted"), EVALUATED.values(), ids=EVALUATED)
def test_graphs_of_evaluations(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(body, tmp_path) == wanted


TOWERS = """
other = copy.deepcopy(net)
GIVEN
both = torch.optim.AdamW(held.parameters(), lr=0.001)
for x, y in batches:
    both.zero_grad()
    left = net(x)
    with torch.no_grad():
        right = other(y)
    criterion(left, right).backward()
    both.step()
"""


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("held = nn.ModuleList([net, other])", True),
        ("held = nn.ModuleList(); held.append(net); held.append(other)", True),
        ("held = nn.ModuleDict({'left': net, 'right': other})", True),
        ("held = nn.ModuleList([nn.ModuleList([net]), nn.ModuleDict({'right': other})])", True),
        (
            """
class Trainer:
    def __init__(self):
        self.towers = nn.ModuleList([net, other])
held = Trainer().towers
""",
            True,
        ),
        ("held = nn.ModuleList([net])", False),
        ("held = nn.Sequential(net, other)", False),
        ("held = nn.ModuleList([net, other]); other.requires_grad_(False)", False),
        ("held = nn.ModuleList([net, other]); other.load_state_dict(net.state_dict())", False),
        ("import somewhere; held = nn.ModuleList([net, other]); somewhere.follow(other, net)", False),
        (
            """
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.left, self.right = net, other
held = Pair()
""",
            False,
        ),
        (
            """
class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.towers = nn.ModuleList([net, other])
held = Pair().towers
""",
            False,
        ),
        (
            """
class Pair(nn.ModuleList):
    def forward(self, x):
        return self[1](self[0](x))
held = Pair([net, other])
""",
            False,
        ),
    ],
)
def test_a_tower_that_is_trained_without_gradients(given: str, wanted: bool, tmp_path: Path) -> None:
    body = TOWERS.replace("GIVEN", given)
    assert found("import copy\n" + body, tmp_path) == (["training-under-no-grad"] if wanted else [])


@pytest.mark.parametrize(
    ("update", "wanted"),
    [
        ("slow.lerp_(fast, 0.01)", []),
        ("slow.data.mul_(0.99).add_(fast.data, alpha=0.01)", []),
        ("slow.copy_(fast)", []),
        ("slow.data = 0.99 * slow.data + 0.01 * fast.data", []),
        ("print(slow.mean(), fast.mean())", ["training-under-no-grad"]),
    ],
)
@pytest.mark.parametrize(
    "given",
    ["nn.ModuleList([net, other])", "nn.Sequential(net, other)"],
)
def test_a_tower_that_follows_another(update: str, wanted: list[str], given: str, tmp_path: Path) -> None:
    follow = f"""
    with torch.no_grad():
        for slow, fast in zip(other.parameters(), net.parameters()):
            {update}
"""
    body = TOWERS.replace("GIVEN", f"held = {given}") + follow.removeprefix("\n")
    assert found("import copy\n" + body, tmp_path) == (wanted if "List" in given else [])


@pytest.mark.parametrize(("drop", "wanted"), DROPPED.values(), ids=DROPPED)
def test_dropouts_that_go_on(drop: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(TRAIN, tmp_path, NET.replace("DROP", drop) + ADAM) == wanted


@pytest.mark.parametrize(
    "drop", ["x = F.dropout(x, training=self.training)", "x = F.dropout(x, self.p * self.training)"]
)
@pytest.mark.parametrize(("left_out", "wanted"), MODAL.values(), ids=MODAL)
def test_functions_that_ask_for_the_mode_depend_on_it(
    drop: str, left_out: str, wanted: list[str], tmp_path: Path
) -> None:
    assert found(TRAIN.replace(left_out, ""), tmp_path, NET.replace("DROP", drop) + ADAM) == wanted


def test_samples_are_drawn_on_purpose(tmp_path: Path) -> None:
    sampled = NET.replace("DROP", "x = F.dropout(x)").replace("\nnet = ", PREDICT + "\nnet = ")
    assert found(TRAIN.replace("criterion(net(x), y)", "net.predict(x)"), tmp_path, sampled + ADAM) == []


LOADERS = """
from torch.utils.data import DataLoader, TensorDataset
held = DataLoader(TensorDataset(torch.randn(100, 8), torch.randn(100, 3)), batch_size=10)
"""
ONCE = """
with torch.no_grad():
    for i, (x, y) in enumerate(held):
        print(criterion(net(x), y))
"""
SAMPLES = {
    "in one function, for other batches": (
        """
        def errors(loader):
            return [criterion(net(x), y).item() for x, y in loader]
        others = DataLoader(TensorDataset(torch.randn(50, 8), torch.randn(50, 3)), batch_size=10)
        for epoch in range(3):
            with torch.no_grad():
                print(errors(others))
            for x, y in batches:
                STEP
            with torch.no_grad():
                print(errors(held))
        """,
        ["always-on-dropout"],
    ),
    "in one function, several times": (
        """
        def errors(loader):
            return [criterion(net(x), y).item() for x, y in loader]
        with torch.no_grad():
            print([errors(held) for _ in range(20)])
        """,
        [],
    ),
    "once for each batch": (ONCE, ["always-on-dropout"]),
    "a batch is one value": (
        ONCE.replace("(x, y)", "batch").replace("net(x), y", "net(batch[0]), batch[1]"),
        ["always-on-dropout"],
    ),
    "several times for each batch": (
        """
        with torch.no_grad():
            for x, y in held:
                x = x.to("cuda")
                print(criterion(torch.stack([net(x) for _ in range(20)]).mean(0), y))
        """,
        [],
    ),
    "several times for all batches": (
        """
        drawn = []
        with torch.no_grad():
            for _ in range(20):
                for x, y in held:
                    drawn.append(criterion(net(x.to("cuda")), y))
        """,
        [],
    ),
}


@pytest.mark.parametrize(("scored", "wanted"), SAMPLES.values(), ids=SAMPLES)
def test_samples_of_the_same_batch(scored: str, wanted: list[str], tmp_path: Path) -> None:
    start = NET.replace("DROP", "x = F.dropout(x, 0.2)") + ADAM
    assert found("for x, y in batches:\n    STEP\nnet.eval()\n" + LOADERS + dedent(scored), tmp_path, start) == wanted


PREDICT = """
    def predict(self, x):
        drawn = []
        for _ in range(20):
            drawn.append(self.forward(x))
        return torch.stack(drawn).mean(0)
"""


ARCHITECTURE = """
import torchvision.models as models

parser = argparse.ArgumentParser()
parser.add_argument("--arch", default="resnet18")
parser.add_argument("--other")
args = parser.parse_args()
net = {}()
"""


@pytest.mark.parametrize(
    ("network", "wanted"),
    [
        ("models.__dict__[args.arch]", ["missing-eval-mode"]),
        ("getattr(models, args.arch)", ["missing-eval-mode"]),
        ("models.__dict__[args.other]", []),
    ],
)
def test_networks_of_a_library_by_their_names(network: str, wanted: list[str], tmp_path: Path) -> None:
    body = TRAIN.replace("    net.eval()\n", "")
    assert found(body, tmp_path, ARCHITECTURE.format(network) + ADAM) == wanted


BY_NAME = """
class Trace:
    def __init__(self):
        self.seen = []
    def note(self, value):
        self.seen.append(value)
traces = MADE
def show(**values):
    for name, value in values.items():
        traces[name].note(value)
def close():
    return {name: sum(map(float, trace.seen)) for name, trace in traces.items()}
for x, y in batches:
    STEP
    show(error=HANDED)
print(close())
"""


@pytest.mark.parametrize("made", ["collections.defaultdict(Trace)", "collections.defaultdict(lambda: Trace())"])
@pytest.mark.parametrize(("handed", "wanted"), [("loss", ["loss-keeps-graph"]), ("loss.item()", [])])
def test_a_default_dictionary_keeps_what_it_makes(made: str, handed: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(BY_NAME.replace("MADE", made).replace("HANDED", handed), tmp_path) == wanted


def test_a_default_dictionary_of_lists_that_is_emptied_keeps_nothing(tmp_path: Path) -> None:
    body = """
    parts = collections.defaultdict(list)
    for x, y in batches:
        STEP
        parts["loss"].append(loss)
        parts.clear()
    """
    assert found(body, tmp_path) == []
