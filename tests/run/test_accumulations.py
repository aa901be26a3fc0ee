"""Gradients of several batches in one step: losses that are means, and whether anything divides them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules
from tests.support.projects import Project, check

RULE = "unscaled-accumulation"
LOSS = "nn.functional.mse_loss(net(x), y)"
START = HEAD + ADAM + 'batches = torch.load("batches.pt")\n'


def found(body: str, folder: Path) -> list[str]:
    return rules(START + dedent(body).replace("LOSS", LOSS), folder)


BAD = {
    "every so many turns": """
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "or the last batch": """
        for epoch in range(10):
            for i, (x, y) in enumerate(batches):
                loss = LOSS
                loss.backward()
                if (i + 1) % 4 == 0 or i + 1 == len(batches):
                    optimizer.step()
                    optimizer.zero_grad()
        """,
    "not a remainder": """
        for i, (x, y) in enumerate(batches, start=1):
            LOSS.backward()
            if not i % 4:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a number of the command line": """
        parser = argparse.ArgumentParser()
        parser.add_argument("--accumulate", type=int, default=8)
        args = parser.parse_args()
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % args.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a counter": """
        held = 0
        for x, y in batches:
            LOSS.backward()
            held += 1
            if held == 4:
                optimizer.step()
                optimizer.zero_grad()
                held = 0
        """,
    "a function that takes the step": """
        def update(each):
            each.step()
            each.zero_grad()
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % 4 == 0:
                update(optimizer)
        """,
    "go on with the next": """
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % 4 != 0:
                continue
            optimizer.step()
            optimizer.zero_grad()
        """,
    "micro-batches of a loader": """
        loader = iter(torch.utils.data.DataLoader(torch.load("data.pt"), batch_size=8, shuffle=True))
        for step in range(1000):
            optimizer.zero_grad()
            for micro in range(4):
                x, y = next(loader)
                LOSS.backward()
            optimizer.step()
        """,
    "micro-batches of a function": """
        data = torch.load("data.pt")
        def draw():
            rows = torch.randint(len(data) - 8, (16,))
            return torch.stack([data[i:i + 8] for i in rows]), torch.stack([data[i + 1:i + 9] for i in rows])
        for step in range(1000):
            for micro in range(4):
                x, y = draw()
                loss = LOSS
                loss.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        """,
    "chunks of a batch": """
        for xs, ys in batches:
            optimizer.zero_grad()
            for x, y in zip(xs.chunk(4), ys.chunk(4)):
                LOSS.backward()
            optimizer.step()
        """,
    "all batches of an epoch": """
        for epoch in range(20):
            optimizer.zero_grad()
            for x, y in batches:
                loss = ((net(x) - y) ** 2).mean()
                loss.backward()
            optimizer.step()
        """,
    "a penalty beside": """
        for i, (x, y) in enumerate(batches):
            loss = LOSS + 0.01 * sum(p.abs().sum() for p in net.parameters())
            loss.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a scaler": """
        scaler = torch.amp.GradScaler("cuda")
        for i, (x, y) in enumerate(batches):
            with torch.autocast("cuda", dtype=torch.float16):
                loss = LOSS
            scaler.scale(loss).backward()
            if (i + 1) % 4 == 0:
                scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
        """,
    "no_sync": """
        net = nn.parallel.DistributedDataParallel(net)
        from contextlib import nullcontext
        for i, (x, y) in enumerate(batches):
            last = (i + 1) % 4 == 0
            with nullcontext() if last else net.no_sync():
                LOSS.backward()
            if last:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a loss that is reduced afterwards": """
        criterion = nn.MSELoss(reduction="none")
        for i, (x, y) in enumerate(batches):
            criterion(net(x), y).mean().backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "the function of autograd": """
        for i, (x, y) in enumerate(batches):
            torch.autograd.backward(LOSS)
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "an encoder and a decoder": """
        other = nn.Linear(1, 1)
        others = torch.optim.Adam(other.parameters(), lr=0.001)
        for i, (x, y) in enumerate(batches):
            nn.functional.mse_loss(other(net(x)), y).backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                others.step()
                optimizer.zero_grad()
                others.zero_grad()
        """,
    "Fabric": """
        from lightning.fabric import Fabric
        fabric = Fabric()
        net, optimizer = fabric.setup(net, optimizer)
        for i, (x, y) in enumerate(batches):
            going = (i + 1) % 4 != 0
            with fabric.no_backward_sync(net, enabled=going):
                fabric.backward(LOSS)
            if not going:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "Accelerate that was told of nothing": """
        from accelerate import Accelerator
        accelerator = Accelerator()
        net, optimizer, batches = accelerator.prepare(net, optimizer, batches)
        for i, (x, y) in enumerate(batches):
            accelerator.backward(LOSS)
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_losses_that_nothing_divides_are_found(body: str, tmp_path: Path) -> None:
    assert set(found(body, tmp_path)) == {RULE}


PERIODIC = """
    criterion = nn.MSELoss()
    for i, (x, y) in enumerate(batches):
        {loss}
        loss.backward()
        {between}
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
"""
DIVIDED = {
    "divided": "loss = LOSS / 4",
    "multiplied": "loss = LOSS * 0.25",
    "in place": "loss = LOSS; loss /= 4",
    "divided if there are many": "loss = LOSS; loss = loss / 4 if len(batches) > 4 else loss",
    "a method": "loss = LOSS.div(4)",
    "before another loss is added": "loss = LOSS / 4 + net(x).abs().mean() / 4",
    "a sum": 'loss = nn.functional.mse_loss(net(x), y, reduction="sum")',
    "a sum over a count": 'loss = nn.functional.mse_loss(net(x), y, reduction="sum") / (y > 0).sum()',
    "a sum by hand": "loss = ((net(x) - y) ** 2).sum()",
    "a reduction that nobody knows": "import sys; loss = nn.functional.mse_loss(net(x), y, reduction=sys.argv[1])",
    "a loss that nobody knows": "import somewhere; loss = somewhere.loss(net(x), y)",
    "a mean over what is not left out": "loss = nn.functional.cross_entropy(net(x).expand(8, 3), y, ignore_index=0)",
    "with a weight of its own": "loss = (nn.functional.mse_loss(net(x), y, reduction='none') * y).mean()",
}


@pytest.mark.parametrize("loss", DIVIDED.values(), ids=DIVIDED)
def test_losses_that_are_divided_are_not(loss: str, tmp_path: Path) -> None:
    assert found(PERIODIC.format(loss=loss, between=""), tmp_path) == []


GOOD = {
    "gradients divided before the step": PERIODIC.format(
        loss="loss = LOSS",
        between="""if (i + 1) % 4 == 0:
            for p in net.parameters():
                p.grad /= 4""",
    ),
    "a gradient of its own": """
        for i, (x, y) in enumerate(batches):
            LOSS.backward(torch.tensor(0.25))
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a closure over all batches": """
        optimizer = torch.optim.LBFGS(net.parameters())
        def closure():
            optimizer.zero_grad()
            total = 0
            for x, y in batches:
                loss = LOSS
                loss.backward()
                total += loss.item()
            return total
        for step in range(20):
            optimizer.step(closure)
        """,
    "tasks with data of their own": """
        loaders = {"a": batches, "b": torch.load("others.pt")}
        for step in range(100):
            optimizer.zero_grad()
            for name, loader in loaders.items():
                x, y = next(iter(loader))
                LOSS.backward()
            optimizer.step()
        """,
    "turns that alternate": """
        other = nn.Linear(1, 1)
        others = torch.optim.Adam(other.parameters(), lr=0.001)
        for i, (x, y) in enumerate(batches):
            nn.functional.mse_loss(other(net(x)), y).backward()
            if i % 2 == 0:
                optimizer.step()
                optimizer.zero_grad()
            else:
                others.step()
                others.zero_grad()
        """,
    "a step in each turn": """
        for i, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            LOSS.backward()
            optimizer.step()
            if i % 4 == 0:
                optimizer.zero_grad()
        """,
    "steps that are left out": """
        for i, (x, y) in enumerate(batches):
            optimizer.zero_grad()
            loss = LOSS
            loss.backward()
            if loss < 100:
                optimizer.step()
        """,
    "steps that are left out, and not cleared": """
        for i, (x, y) in enumerate(batches):
            loss = LOSS
            loss.backward()
            if loss < 100:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "two losses": """
        for x, y in batches:
            optimizer.zero_grad()
            LOSS.backward()
            nn.functional.l1_loss(net(-x), -y).backward()
            optimizer.step()
        """,
    "two losses by one function": """
        def send(x, y):
            LOSS.backward()
        for x, y in batches:
            optimizer.zero_grad()
            send(x, torch.ones(8, 1))
            send(-x, torch.zeros(8, 1))
            optimizer.step()
        """,
    "a list of losses": """
        for x, y in batches:
            optimizer.zero_grad()
            for criterion in [nn.MSELoss(), nn.L1Loss()]:
                criterion(net(x), y).backward()
            optimizer.step()
        """,
    "scales of one batch": """
        for x, y in batches:
            optimizer.zero_grad()
            for scale in torch.load("scales.pt"):
                nn.functional.mse_loss(net(x * scale), y).backward()
            optimizer.step()
        """,
    "moments of one batch": """
        for xs, ys in batches:
            optimizer.zero_grad()
            for t in range(10):
                nn.functional.mse_loss(net(xs[:, t]), ys[:, t]).backward()
            optimizer.step()
        """,
    "a state that goes on": """
        cell = nn.GRUCell(8, 8)
        optimizer = torch.optim.Adam(cell.parameters(), lr=0.001)
        for sequence in batches:
            optimizer.zero_grad()
            h = torch.zeros(1, 8)
            for x, y in sequence:
                h = cell(x, h)
                nn.functional.mse_loss(h, y).backward(retain_graph=True)
            optimizer.step()
        """,
    "losses that are added first": """
        for epoch in range(20):
            optimizer.zero_grad()
            total = 0
            for x, y in batches:
                total = total + LOSS
            (total / len(batches)).backward()
            optimizer.step()
        """,
    "one batch by default": """
        parser = argparse.ArgumentParser()
        parser.add_argument("--accumulate", type=int, default=1)
        args = parser.parse_args()
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % args.accumulate == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "nobody knows how many": """
        from settings import many
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % many == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "a rate that is divided": """
        optimizer = torch.optim.SGD(net.parameters(), lr=0.1 / 4)
        for i, (x, y) in enumerate(batches):
            LOSS.backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "an adversary that follows now and then": """
        judge = nn.Linear(1, 1)
        judges = torch.optim.Adam(judge.parameters(), lr=0.001)
        criterion = nn.BCEWithLogitsLoss()
        for i, (x, y) in enumerate(batches):
            judges.zero_grad()
            criterion(judge(y), torch.ones(8, 1)).backward()
            criterion(judge(net(x)), torch.zeros(8, 1)).backward()
            judges.step()
            if i % 4 == 0:
                criterion(judge(net(x)), torch.ones(8, 1)).backward()
                optimizer.step()
                optimizer.zero_grad()
        """,
    "Accelerate that divides": """
        from accelerate import Accelerator
        accelerator = Accelerator(gradient_accumulation_steps=4)
        net, optimizer, batches = accelerator.prepare(net, optimizer, batches)
        for x, y in batches:
            with accelerator.accumulate(net):
                accelerator.backward(LOSS)
                if accelerator.sync_gradients:
                    accelerator.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()
        """,
    "Accelerate that divides, and steps that are counted": """
        from accelerate import Accelerator
        accelerator = Accelerator(gradient_accumulation_steps=4)
        net, optimizer, batches = accelerator.prepare(net, optimizer, batches)
        for i, (x, y) in enumerate(batches):
            accelerator.backward(LOSS)
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        """,
    "Lightning that divides": """
        import lightning
        class Model(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = nn.Linear(8, 1)
            def training_step(self, batch, index):
                x, y = batch
                return nn.functional.mse_loss(self.net(x), y)
            def configure_optimizers(self):
                return torch.optim.Adam(self.parameters(), lr=0.001)
        lightning.Trainer(accumulate_grad_batches=4).fit(Model(), batches)
        """,
    "DeepSpeed": """
        import deepspeed
        engine, optimizer, _, _ = deepspeed.initialize(model=net, optimizer=optimizer, config="ds.json")
        for i, (x, y) in enumerate(batches):
            engine.backward(nn.functional.mse_loss(engine(x), y))
            engine.step()
        """,
}


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_what_is_no_accumulation_of_means_is_not(body: str, tmp_path: Path) -> None:
    assert found(body, tmp_path) == []


HELPER = """
import torch

def train(model, optimizer, loader, criterion, many):
    for i, (x, y) in enumerate(loader):
        loss = criterion(model(x), y){divided}
        loss.backward()
        if (i + 1) % many == 0:
            optimizer.step()
            optimizer.zero_grad()
"""
CALLER = START + "from helper import train\ntrain(net, optimizer, batches, nn.MSELoss(), 4)\n"


@pytest.mark.parametrize(("divided", "wanted"), [("", [RULE]), (" / many", [])])
def test_a_helper_is_judged_by_its_caller(divided: str, wanted: list[str], tmp_path: Path) -> None:
    helper = HELPER.format(divided=divided)
    assert check(Project({"helper.py": helper}), tmp_path / "alone") == []
    together = check(Project({"helper.py": helper, "train.py": CALLER}), tmp_path / "together")
    assert [(each.rule, each.span.path.rpartition("/")[2]) for each in together] == [
        (each, "helper.py") for each in wanted
    ]


TURNS = """
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, BertForMaskedLM

model = AutoModelForSequenceClassification.from_pretrained("bert", num_labels=4)
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5)
for i, batch in enumerate(torch.load("batches.pt")):
    LOSS
    loss.backward()
    if (i + 1) % 4 == 0:
        optimizer.step()
        optimizer.zero_grad()
"""


@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        ("loss = model(**batch).loss", [RULE]),
        ('loss = model(**batch)["loss"]', [RULE]),
        ('outputs = model(batch["ids"], labels=batch["labels"]); loss = outputs[0]', [RULE]),
        ('loss = model(batch["ids"], labels=batch["labels"]).to_tuple()[0]', [RULE]),
        ("loss = model(**batch).loss / 4", []),
        ("loss = model(**batch, num_items_in_batch=256).loss", []),
        ('loss = model(batch["ids"], labels=batch["labels"]).loss / 4', []),
        ('loss = model(batch["ids"])[0]', []),
        ("loss = model(**batch)[0]", []),
        ("loss = model(**batch).logits.sum()", []),
        ("loss = model(**batch).other_loss", []),
    ],
)
def test_losses_of_models_that_come_whole(loss: str, wanted: list[str], tmp_path: Path) -> None:
    assert [each.rule for each in check(Project({"train.py": TURNS.replace("LOSS", loss)}), tmp_path)] == wanted


WEIGHED = """
import argparse
from dataclasses import dataclass

class Weighed(nn.Module):
    def __init__(self, share=1.0):
        super().__init__()
        self.share = share

    def forward(self, out, y):
        return self.share * nn.functional.mse_loss(out, y)

def weighed(out, y, weight=1.0):
    return nn.functional.mse_loss(out, y).mul(weight)

@dataclass
class Config:
    accumulate: int = 4
    weight: float = 1.0

parser = argparse.ArgumentParser()
parser.add_argument("--weight", type=float, default=1.0)
args = parser.parse_args()
cfg = Config()
scaler = torch.amp.GradScaler("cuda")
"""


@pytest.mark.parametrize("send", ["{}.backward()", "scaler.scale({}).backward()"])
@pytest.mark.parametrize(
    ("loss", "wanted"),
    [
        ("Weighed()(net(x), y)", [RULE]),
        ("Weighed(share=1)(net(x), y)", [RULE]),
        ("Weighed(cfg.weight)(net(x), y)", [RULE]),
        ("1.0 * LOSS + 1.0 * net(x).square().mean()", [RULE]),
        ("weighed(net(x), y)", [RULE]),
        ("cfg.weight * nn.functional.mse_loss(net(x), y, reduction='none').mean()", [RULE]),
        ("Weighed(share=1 / cfg.accumulate)(net(x), y)", []),
        ("weighed(net(x), y, 1 / 4)", []),
        ("Weighed()(net(x), y) / cfg.accumulate", []),
        ("Weighed(args.weight)(net(x), y)", []),
        ("weighed(net(x), y, args.weight)", []),
        ("1.0 * nn.functional.mse_loss(net(x), y, reduction='sum')", []),
        ("0.5 * LOSS", []),
        ("LOSS * torch.ones(1)", []),
    ],
)
def test_a_loss_that_is_multiplied_by_one(loss: str, wanted: list[str], send: str, tmp_path: Path) -> None:
    body = f"""
    for i, (x, y) in enumerate(batches):
        {send.format(f"({loss})")}
        if (i + 1) % 4 == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()
    """
    assert [rule for rule in found(WEIGHED + dedent(body), tmp_path) if rule == RULE] == wanted
