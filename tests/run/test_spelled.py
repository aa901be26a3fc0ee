"""Things done one by one by way of loops, names and objects: optimizers in tuples, parameters by name, closures."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import HEAD, rules

START = (
    HEAD
    + """
import contextlib
batches, others = torch.load("batches.pt"), torch.load("others.pt")
mse, trunk, head = nn.functional.mse_loss, net[0], net[2]
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
"""
)
TRAIN = """
for x, y in batches:
    optimizer.zero_grad()
    mse(net(x), y).backward()
    optimizer.step()
"""
CASES: dict[str, tuple[str, list[str]]] = {}

# A loop over a few things that act is the same as writing them one below the other.
PAIR = """
schedule = lr_scheduler.StepLR(optimizer, 10)
for x, y in batches:
    optimizer.zero_grad()
    mse(net(x), y).backward()
    for each in ORDER:
        each.step()
"""
STAGES = """
def clear():
    optimizer.zero_grad()
def forward():
    global loss
    loss = mse(net(x), y)
def backward():
    loss.backward()
def update():
    optimizer.step()
for x, y in batches:
    for stage in ORDER:
        stage()
"""
CASES |= {
    "a schedule before its optimizer": (
        PAIR.replace("ORDER", "(schedule, optimizer)"),
        ["scheduler-before-optimizer"],
    ),
    "a schedule after its optimizer": (PAIR.replace("ORDER", "(optimizer, schedule)"), []),
    "stages in a wrong order": (
        STAGES.replace("ORDER", "[forward, backward, clear, update]"),
        ["zero-grad-before-step"],
    ),
    "stages in order": (STAGES.replace("ORDER", "[clear, forward, backward, update]"), []),
}

# Steps that come first in each turn.
CASES |= {
    "each step is taken with the gradients of the turn before": (
        """
        for x, y in batches:
            optimizer.step()
            optimizer.zero_grad()
            mse(net(x), y).backward()
        """,
        ["step-before-backward"],
    ),
    "and one more at the end": (
        """
        for x, y in batches:
            optimizer.step()
            optimizer.zero_grad()
            mse(net(x), y).backward()
        optimizer.step()
        """,
        [],
    ),
    "a step every so many turns": (
        """
        for i, (x, y) in enumerate(batches):
            if i % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
            (mse(net(x), y) / 4).backward()
        """,
        [],
    ),
}

# Weights one by one, and by their names.
CASES |= {
    "an optimizer of weights is not cleared": (
        """
        first = torch.optim.SGD([trunk.weight, trunk.bias], lr=0.01)
        second = torch.optim.Adam(head.parameters(), lr=0.001)
        for x, y in batches:
            second.zero_grad()
            mse(net(x), y).backward()
            first.step()
            second.step()
        """,
        ["missing-zero-grad"],
    ),
    "both are": (
        """
        first = torch.optim.SGD([trunk.weight, trunk.bias], lr=0.01)
        second = torch.optim.Adam(head.parameters(), lr=0.001)
        for x, y in batches:
            net.zero_grad()
            mse(net(x), y).backward()
            first.step()
            second.step()
        """,
        [],
    ),
    "named parameters are used up": (
        """
        named = net.named_parameters()
        decayed = [p for name, p in named if name.endswith("weight")]
        others = [p for name, p in named if name.endswith("bias")]
        optimizer = torch.optim.AdamW([{"params": decayed}, {"params": others, "weight_decay": 0.0}], lr=0.001)
        """
        + TRAIN.replace("\n", "\n        "),
        ["detached-optimizer"],
    ),
    "named parameters are kept": (
        """
        named = list(net.named_parameters())
        decayed = [p for name, p in named if name.endswith("weight")]
        others = [p for name, p in named if name.endswith("bias")]
        optimizer = torch.optim.AdamW([{"params": decayed}, {"params": others, "weight_decay": 0.0}], lr=0.001)
        """
        + TRAIN.replace("\n", "\n        "),
        [],
    ),
    "all parameters with these names are frozen": (
        """
        for name, p in net.named_parameters():
            p.requires_grad = not name.startswith(("0.", "2."))
        optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.01)
        """
        + TRAIN.replace("\n", "\n        "),
        ["detached-optimizer"],
    ),
    "only weights are frozen": (
        """
        for name, p in net.named_parameters():
            p.requires_grad = "bias" in name
        optimizer = torch.optim.SGD([p for p in net.parameters() if p.requires_grad], lr=0.01)
        """
        + TRAIN.replace("\n", "\n        "),
        [],
    ),
    "the frozen part is optimized": (
        """
        for p in trunk.parameters():
            p.requires_grad_(False)
        optimizer = torch.optim.SGD([p for name, p in net.named_parameters() if name.startswith("0")], lr=0.01)
        """
        + TRAIN.replace("\n", "\n        "),
        ["detached-optimizer"],
    ),
    "layers are replaced by their numbers": (
        """
        for name, layer in net.named_children():
            if isinstance(layer, nn.Tanh):
                setattr(net, name, nn.PReLU())
        """
        + TRAIN.replace("\n", "\n        "),
        ["detached-optimizer"],
    ),
}

# What takes part in a step beside functions and predictions.
STACK = """
@contextlib.contextmanager
def update(each):
    CLEAR
    yield
    each.step()
first, second = torch.optim.SGD(trunk.parameters(), lr=0.01), torch.optim.SGD(head.parameters(), lr=0.01)
for x, y in batches:
    with contextlib.ExitStack() as stack:
        for each in (first, second):
            stack.enter_context(update(each))
        mse(net(x), y).backward()
"""
CLOSURE = """
class Fit:
    def __call__(self):
        CLEAR
        loss = mse(net(batches), others)
        loss.backward()
        return loss
optimizer = torch.optim.LBFGS(net.parameters())
fit = Fit()
for turn in range(50):
    optimizer.step(fit)
"""
CASES |= {
    "contexts in a stack": (STACK.replace("CLEAR", "pass"), ["missing-zero-grad"]),
    "contexts in a stack that clear": (STACK.replace("CLEAR", "each.zero_grad()"), []),
    "an object is the closure": (CLOSURE.replace("CLEAR", "pass"), ["missing-zero-grad"]),
    "an object is the closure, and clears": (CLOSURE.replace("CLEAR", "optimizer.zero_grad()"), []),
    "a variance is computed too": (
        """
        spread = nn.Linear(8, 1)
        first, second = torch.optim.SGD(net.parameters(), lr=0.01), torch.optim.SGD(spread.parameters(), lr=0.01)
        for x, y in batches:
            for each in (first, second):
                each.zero_grad()
            nn.functional.gaussian_nll_loss(net(x), y, nn.functional.softplus(spread(x)) + 0.001).backward()
            for each in (first, second):
                each.step()
        """,
        [],
    ),
    "a new optimizer while there are turns left": (
        """
        turn = 0
        while turn < 20:
            optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
            for x, y in batches:
                optimizer.zero_grad()
                mse(net(x), y).backward()
                optimizer.step()
            turn += 1
        """,
        ["optimizer-in-loop"],
    ),
}


@pytest.mark.parametrize(("body", "wanted"), CASES.values(), ids=CASES)
def test_spelled_out(body: str, wanted: list[str], tmp_path: Path) -> None:
    assert rules(START + dedent(body), tmp_path) == wanted


BRANCHES = """
scaler = torch.amp.GradScaler("cuda")
for x, y in batches:
    loss = mse(net(x), y)
    if scaler.is_enabled():
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
    else:
        loss.backward()
        optimizer.step()
"""


def test_one_clearing_is_missing_on_all_branches(tmp_path: Path) -> None:
    assert rules(START + BRANCHES, tmp_path) == ["missing-zero-grad"]
