"""Idioms in which the mistakes of modes and gradients hide, each beside a program that is right."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules
from tests.support.projects import Project, check

START = HEAD + "import contextlib\nimport functools\nimport torch.nn.functional as F\n"
START += """
net = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Dropout(0.2), nn.Linear(64, 2))
"""
START += ADAM + 'batches, held_out = torch.load("batches.pt")\n'
TRAIN = """
for x, y in batches:
    optimizer.zero_grad()
    F.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
EPOCH = "def epoch():\n    net.train()\n" + "\n".join(f"    {line}" for line in TRAIN.strip().splitlines()) + "\n"


def found(program: str, folder: Path) -> list[str]:
    return sorted(set(rules(START + EPOCH + dedent(program).replace("TRAIN", TRAIN.strip()), folder)))


# A program in which {} is what makes it right, and what is found without it.
ASKED = {
    "a table of counts": """
        for n in range(3):
            epoch()
            table = torch.zeros(2, 2)
            {}
            with torch.no_grad():
                for x, y in held_out:
                    for t, g in zip(y.tolist(), net(x).argmax(1).tolist()):
                        table[t, g] += 1
            print(table)
        """,
    "a metric of a library, of lists": """
        from sklearn.metrics import roc_auc_score
        import numpy as np
        for n in range(3):
            epoch()
            scores, truth = [], []
            {}
            with torch.no_grad():
                for x, y in held_out:
                    scores.append(net(x).softmax(1)[:, 1].cpu().numpy())
                    truth.append(y.numpy())
            print(roc_auc_score(np.concatenate(truth), np.concatenate(scores)))
        """,
    "a metric that is an object": """
        import torchmetrics
        metric = torchmetrics.Accuracy(task="multiclass", num_classes=2)
        for n in range(3):
            epoch()
            {}
            with torch.inference_mode():
                for x, y in held_out:
                    metric.update(net(x), y)
            print(metric.compute())
        """,
    "decisions in a file": """
        import numpy as np
        for n in range(3):
            epoch()
        {}
        with torch.no_grad():
            out = torch.cat([net(x).argmax(1) for x, _ in held_out])
        np.savetxt("out.csv", out.numpy())
        """,
    "a decorator that is an object": """
        class Asking:
            def __init__(self, function):
                self.function = function
            def __call__(self, network, *args):
                {}
                with torch.no_grad():
                    return self.function(network, *args)
        @Asking
        def accuracy(network):
            return sum((network(x).argmax(1) == y).sum().item() for x, y in held_out)
        for n in range(3):
            epoch()
            accuracy(net)
        """,
    "a context as a decorator": """
        @contextlib.contextmanager
        def asking():
            {}
            with torch.no_grad():
                yield
        @asking()
        def accuracy():
            return sum((net(x).argmax(1) == y).sum().item() for x, y in held_out)
        for n in range(3):
            epoch()
            accuracy()
        """,
    "a class of both": """
        class asking(contextlib.ContextDecorator):
            def __enter__(self):
                {}
                torch.set_grad_enabled(False)
            def __exit__(self, *details):
                torch.set_grad_enabled(True)
        @asking()
        def accuracy():
            return sum((net(x).argmax(1) == y).sum().item() for x, y in held_out)
        for n in range(3):
            epoch()
            accuracy()
        """,
    "a stack of contexts": """
        for n in range(3):
            epoch()
            with contextlib.ExitStack() as stack:
                stack.enter_context(torch.no_grad())
                {}
                stack.callback(net.train)
                print(sum((net(x).argmax(1) == y).sum().item() for x, y in held_out))
        """,
    "weights from a file": """
        net.load_state_dict(torch.load("net.pt"))
        {}
        with torch.no_grad():
            print(sum((net(x).argmax(1) == y).sum().item() for x, y in held_out))
        """,
    "parts in a dictionary that a network gives": """
        class Both(nn.Module):
            def __init__(self):
                super().__init__()
                self.body, self.heads = net, nn.ModuleDict(dict(a=nn.Linear(2, 2), b=nn.Linear(2, 2)))
            def forward(self, x):
                h = self.body(x)
                return dict((name, head(h)) for name, head in self.heads.items())
        both = Both()
        for n in range(3):
            epoch()
            {}
            with torch.no_grad():
                print(sum((both(x)["a"].argmax(1) == y).sum().item() for x, y in held_out))
        """,
}
LEFT = {
    "hooks that are picked by their names": """
        class Check:
            def on_step(self, engine):
                if engine.count % 50 == 0:
                    net.eval()
                    with torch.no_grad():
                        print(sum((net(x).argmax(1) == y).sum().item() for x, y in held_out))
                    {}
        class Engine:
            def __init__(self, hooks):
                self.hooks, self.count = hooks, 0
            def emit(self, event):
                for each in self.hooks:
                    getattr(each, event)(self)
            def fit(self):
                for n in range(5):
                    net.train()
                    for x, y in batches:
                        self.count += 1
                        optimizer.zero_grad()
                        F.cross_entropy(net(x), y).backward()
                        optimizer.step()
                        self.emit("on_step")
        Engine([Check()]).fit()
        """,
    "an object that counts": """
        class Probe:
            count = 0
            def __call__(self):
                self.count += 1
                if self.count % 30:
                    return None
                net.eval()
                with torch.no_grad():
                    score = sum((net(x).argmax(1) == y).sum().item() for x, y in held_out)
                {}
                return score
        probe = Probe()
        for n in range(5):
            net.train()
            for x, y in batches:
                optimizer.zero_grad()
                F.cross_entropy(net(x), y).backward()
                optimizer.step()
                if (score := probe()) is not None:
                    print(score)
        """,
    "objects in a stack": """
        class Asking:
            def __enter__(self):
                net.eval()
            def __exit__(self, *details):
                {}
        net.train()
        for n in range(3):
            TRAIN_INSIDE
            with contextlib.ExitStack() as stack:
                stack.enter_context(Asking())
                stack.enter_context(torch.no_grad())
                print(sum((net(x).argmax(1) == y).sum().item() for x, y in held_out))
        """,
}
NEVER = {
    "a step that only another function takes": """
        def update(loss):
            loss.backward()
            optimizer.step()
        for x, y in batches:
            optimizer.zero_grad()
            {}
        """,
    "a class of phases": """
        @functools.singledispatch
        def run(phase):
            raise TypeError(phase)
        @run.register
        def fit(phase: str):
            for x, y in batches:
                optimizer.zero_grad()
                F.cross_entropy(net(x), y).backward()
                {}
        run("all")
        """,
    "a partial method": """
        class Runner:
            def run(self, training):
                for x, y in batches:
                    optimizer.zero_grad()
                    F.cross_entropy(net(x), y).backward()
                    if training:
                        {}
            fit = functools.partialmethod(run, training=True)
        Runner().fit()
        """,
}
KEEPS_NOTHING = {
    "samples on purpose": """
        epoch()
        net.train()
        with torch.no_grad():
            for x, y in held_out:
                draws = torch.stack([net(x).softmax(1) for _ in range(30)])
                print((draws.mean(0).argmax(1) == y).float().mean().item(), draws.std(0).mean().item())
        """,
    "statistics are gathered anew": """
        epoch()
        with torch.no_grad():
            for x, _ in batches:
                net(x)
        """,
    "labels for itself": """
        for x, y in batches:
            with torch.no_grad():
                sure, guess = net(x).softmax(1).max(1)
                keep = sure.ge(0.95)
            optimizer.zero_grad()
            (F.cross_entropy(net(x + 0.1), guess, reduction="none") * keep).mean().backward()
            optimizer.step()
        print(keep.float().mean().item())
        """,
    "what only a later turn sends backward": """
        pending = []
        for n in range(3):
            net.train()
            for x, y in batches:
                pending.append(F.cross_entropy(net(x), y))
                if len(pending) == 5:
                    optimizer.zero_grad()
                    torch.stack(pending).mean().backward()
                    optimizer.step()
                    pending.clear()
        """,
}
OFF = {
    "p.norm() ** 2": "sum(p.norm() ** 2 for p in net.parameters())",
    "p.pow(2)": "sum(p.pow(2).sum() for p in net.parameters() if p.ndim > 1)",
    "p ** 2": "sum((p ** 2).sum() for name, p in net.named_parameters() if 'weight' in name)",
}
PILED = {
    "under a condition": ("kept = []", "if x.mean() > 0:\n        kept.append({})", "LOSS"),
    "in records": ("kept = []", "kept.append(dict(step=1, loss={}))", "LOSS"),
    "in new lists": ("kept = []", "kept = kept + [{}]", "LOSS"),
    "by += of a list": ("kept = []", "kept += [{}]", "LOSS"),
    "under numbers": ("kept = {}\ncount = 0", "count += 1\n    kept[count] = {}", "LOSS"),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_is_asked_in_training_mode(name: str, tmp_path: Path) -> None:
    program = ASKED[name]
    right = "both.eval()" if "both" in program else "net.eval()"
    assert found(program.replace("{}", "pass"), tmp_path) == ["missing-eval-mode"]
    assert found(program.replace("{}", right), tmp_path) == []


@pytest.mark.parametrize("name", LEFT)
def test_a_mode_that_is_left(name: str, tmp_path: Path) -> None:
    inside = TRAIN.strip().replace("\n", "\n" + " " * 12)
    program = LEFT[name].replace("TRAIN_INSIDE", inside)
    assert found(program.replace("{}", "pass"), tmp_path) == ["eval-mode-not-restored"]
    assert found(program.replace("{}", "net.train()"), tmp_path) == []


@pytest.mark.parametrize("name", NEVER)
def test_steps_that_are_never_taken(name: str, tmp_path: Path) -> None:
    program = START + dedent(NEVER[name])
    whole = "update" in program
    loss = "F.cross_entropy(net(x), y)"
    assert rules(program.replace("{}", f"{loss}.backward()" if whole else "pass"), tmp_path) == ["missing-step"]
    assert rules(program.replace("{}", f"update({loss})" if whole else "optimizer.step()"), tmp_path) == []


@pytest.mark.parametrize("name", KEEPS_NOTHING)
def test_nothing_is_wrong(name: str, tmp_path: Path) -> None:
    assert found(KEEPS_NOTHING[name], tmp_path) == []


@pytest.mark.parametrize("penalty", OFF.values(), ids=OFF)
@pytest.mark.parametrize(("mode", "wanted"), [("no_grad", ["training-under-no-grad"]), ("enable_grad", [])])
def test_a_penalty_hides_that_gradients_are_off(penalty: str, mode: str, wanted: list[str], tmp_path: Path) -> None:
    program = f"""
    for x, y in batches:
        optimizer.zero_grad()
        with torch.{mode}():
            out = net(x)
        (F.cross_entropy(out, y) + 1e-4 * {penalty}).backward()
        optimizer.step()
    """
    assert rules(START + dedent(program), tmp_path) == wanted


@pytest.mark.parametrize("name", PILED)
@pytest.mark.parametrize(("loss", "wanted"), [("loss", ["loss-keeps-graph"]), ("loss.item()", [])])
def test_losses_that_pile_up(name: str, loss: str, wanted: list[str], tmp_path: Path) -> None:
    before, keep, _ = PILED[name]
    turn = TRAIN.strip().replace(
        "F.cross_entropy(net(x), y).backward()", "loss = F.cross_entropy(net(x), y)\n    loss.backward()"
    )
    program = f"{before}\n{turn}\n    {keep.replace('{}', loss)}\n"
    assert sorted(set(rules(START + program, tmp_path))) == wanted


POLICY = """
import gymnasium
from torch.distributions import Categorical
policy = nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 2))
optimizer = torch.optim.Adam(policy.parameters(), lr=0.01)
env = gymnasium.make("CartPole-v1")
for episode in range(500):
    state, done, chances, rewards = env.reset(), False, [], []
    while not done:
        choice = Categorical(logits=policy(state))
        action = choice.sample()
        chances.append(choice.log_prob(action))
        state, reward, done = env.step(action.item())
        rewards.append(reward)
    loss = -(torch.stack(chances) * sum(rewards)).sum()
    optimizer.zero_grad()
    loss.backward()
    {}
"""


@pytest.mark.parametrize(("step", "wanted"), [("optimizer.step()", []), ("print(loss.item())", ["missing-step"])])
def test_densities_hand_on_gradients(step: str, wanted: list[str], tmp_path: Path) -> None:
    assert rules(HEAD + POLICY.replace("{}", step), tmp_path) == wanted


TERMS = """
TERMS = {}
def term(function):
    TERMS[function.__name__] = function
    return function
@term
def square(p, y):
    return (p - y).pow(2).mean()
def total(weights):
    def loss(p, y):
        return sum(weight * TERMS[name](p, y) for name, weight in weights.items())
    return loss
"""
USES = """
import torch
from torch import nn
from terms import total
net = nn.Linear(8, 2)
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
criterion = total({"square": 1.0})
for x, y in torch.load("batches.pt"):
    criterion(net(x), y).backward()
    optimizer.step()
"""


def test_a_table_that_is_filled_while_a_call_beside_the_point_runs(tmp_path: Path) -> None:
    project = Project({"train.py": USES, "terms.py": TERMS})
    assert [finding.rule for finding in check(project, tmp_path)] == ["missing-zero-grad"]
