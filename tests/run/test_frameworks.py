"""The order of a training where a framework has a part in it: what it does itself, and what it leaves to the user."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, rules

START = HEAD + "net = nn.Sequential(nn.Linear(8, 64), nn.BatchNorm1d(64), nn.Tanh(), nn.Linear(64, 1))\n" + ADAM
START += 'batches, held_out = torch.load("batches.pt")\n'
LOSS = "nn.functional.mse_loss(net(x), y)"
ZERO, BEFORE, EARLY, STEP, EVAL = (
    "missing-zero-grad",
    "zero-grad-before-step",
    "step-before-backward",
    "missing-step",
    "missing-eval-mode",
)

# A loop of each framework; a line that begins with a letter and `|` is left out, or moved, to break it.
LOOPS = {
    "DDP": """
        net = nn.parallel.DistributedDataParallel(net, device_ids=[0])
        for epoch in range(3):
            net.train()
            for x, y in batches:
                optimizer.zero_grad()
                LOSS.backward()
                optimizer.step()
            net.eval()
            with torch.no_grad():
                print(sum(LOSS.item() for x, y in held_out))
        """,
    "AMP": """
        scaler = torch.amp.GradScaler("cuda")
        for epoch in range(3):
            net.train()
            for x, y in batches:
                optimizer.zero_grad()
                with torch.autocast("cuda", dtype=torch.float16):
                    loss = LOSS
                scaler.scale(loss).backward()
                scaler.unscale_(optimizer)
                nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
            net.eval()
            with torch.no_grad():
                print(sum(LOSS.item() for x, y in held_out))
        """,
    "the AMP of older versions": """
        from torch.cuda.amp import GradScaler, autocast
        scaler = GradScaler()
        for epoch in range(3):
            net.train()
            for x, y in batches:
                optimizer.zero_grad(set_to_none=True)
                with autocast():
                    loss = LOSS
                scaler.scale(loss).backward()
                scaler.step(optimizer)
                scaler.update()
            net.eval()
            with torch.no_grad():
                print(sum(LOSS.item() for x, y in held_out))
        """,
    "Fabric": """
        from lightning.fabric import Fabric
        fabric = Fabric(precision="16-mixed")
        fabric.launch()
        net, optimizer = fabric.setup(net, optimizer)
        batches, held_out = fabric.setup_dataloaders(batches, held_out)
        for epoch in range(3):
            net.train()
            for x, y in batches:
                optimizer.zero_grad()
                fabric.backward(LOSS)
                fabric.clip_gradients(net, optimizer, max_norm=1.0)
                optimizer.step()
            net.eval()
            with torch.no_grad():
                print(sum(LOSS.item() for x, y in held_out))
        """,
    "Accelerate": """
        from accelerate import Accelerator
        accelerator = Accelerator(gradient_accumulation_steps=2)
        net, optimizer, batches, held_out = accelerator.prepare(net, optimizer, batches, held_out)
        for epoch in range(3):
            net.train()
            for x, y in batches:
                with accelerator.accumulate(net):
                    optimizer.zero_grad()
                    accelerator.backward(LOSS)
                    accelerator.clip_grad_norm_(net.parameters(), 1.0)
                    optimizer.step()
            net.eval()
            with torch.no_grad():
                print(sum(accelerator.gather(LOSS).item() for x, y in held_out))
        """,
    "manual optimisation of Lightning": """
        import lightning
        class Model(lightning.LightningModule):
            def __init__(self):
                super().__init__()
                self.net = net
                self.automatic_optimization = False
            def training_step(self, batch, index):
                x, y = batch
                optimizer = self.optimizers()
                optimizer.zero_grad()
                self.manual_backward(LOSS)
                optimizer.step()
            def configure_optimizers(self):
                return torch.optim.Adam(self.net.parameters(), lr=0.001)
        lightning.Trainer(max_epochs=3).fit(Model(), batches)
        """,
    "a closure": """
        optimizer = torch.optim.LBFGS(net.parameters())
        x, y = batches
        def closure():
            optimizer.zero_grad()
            loss = LOSS
            loss.backward()
            return loss
        for step in range(20):
            net.train()
            optimizer.step(closure)
            net.eval()
            with torch.no_grad():
                print(nn.functional.mse_loss(net(held_out[0]), held_out[1]).item())
        """,
}
PASSES = ("scaler.step(optimizer)", "optimizer.step()", "optimizer.step(closure)")


def found(body: str, folder: Path) -> list[str]:
    return sorted(set(rules(START + dedent(body).replace("LOSS", LOSS), folder)))


def without(text: str, *calls: str) -> str:
    """The program with nothing done in the lines of these calls."""
    return "\n".join(
        line.replace(line.strip(), "pass") if line.strip().startswith(calls) else line for line in text.splitlines()
    )


def last(text: str, call: str, after: str) -> str:
    """The program with the line of a call moved behind that of another."""
    lines = text.splitlines()
    moved = next(line for line in lines if line.strip().startswith(call))
    lines.remove(moved)
    at = next(index for index, line in enumerate(lines) if line.strip().startswith(after))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at + 1, indent + moved.strip())
    return "\n".join(lines)


BACKWARD = ("LOSS.backward()", "scaler.scale(loss)", "fabric.backward", "accelerator.backward", "self.manual_backward")


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_a_sound_loop_of_each_framework(text: str, tmp_path: Path) -> None:
    assert found(text, tmp_path) == []


@pytest.mark.parametrize("text", LOOPS.values(), ids=LOOPS)
def test_gradients_that_nothing_clears(text: str, tmp_path: Path) -> None:
    assert found(without(text, "optimizer.zero_grad("), tmp_path) == [ZERO]


@pytest.mark.parametrize("name", [each for each in LOOPS if each != "a closure"])
def test_a_step_that_is_missing(name: str, tmp_path: Path) -> None:
    assert found(without(LOOPS[name], "optimizer.step(", "scaler.step("), tmp_path) == [STEP]


@pytest.mark.parametrize("name", [each for each in LOOPS if "manual" not in each])
def test_evaluation_in_training_mode(name: str, tmp_path: Path) -> None:
    assert found(without(LOOPS[name], "net.eval()"), tmp_path) == [EVAL]


@pytest.mark.parametrize("name", [each for each in LOOPS if each != "a closure"])
def test_gradients_that_are_cleared_too_soon(name: str, tmp_path: Path) -> None:
    backward = next(each for each in BACKWARD if each in LOOPS[name])
    assert found(last(LOOPS[name], "optimizer.zero_grad(", backward), tmp_path) == [BEFORE]


@pytest.mark.parametrize("name", ["DDP", "AMP", "Fabric", "Accelerate", "manual optimisation of Lightning"])
def test_a_step_that_is_too_early(name: str, tmp_path: Path) -> None:
    step = "scaler.step(" if name == "AMP" else "optimizer.step("
    assert found(last(LOOPS[name], step, "optimizer.zero_grad("), tmp_path) == [EARLY]


# What a trainer does itself --------------------------------------------------------------------------------------------

LIGHTNING = """
    import lightning
    class Model(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.net = net
        def training_step(self, batch, index):
            x, y = batch
            return nn.functional.mse_loss(self.net(x), y)
        def validation_step(self, batch, index):
            x, y = batch
            self.log("loss", nn.functional.mse_loss(self.net(x), y))
        def configure_optimizers(self):
            return torch.optim.Adam(self.net.parameters(), lr=0.001)
{hooks}
    lightning.Trainer(max_epochs=3).fit(Model(), batches, held_out)
"""
HOOKS: dict[str, tuple[str, list[str]]] = {
    "none": ("", []),
    "all of them are called": (
        """
        def setup(self, stage):
            self.other = nn.Linear(8, 8)
        def optimizer_zero_grad(self, epoch, batch_idx, optimizer):
            optimizer.zero_grad(set_to_none=True)
        def backward(self, loss):
            loss.backward()
        def on_before_optimizer_step(self, optimizer):
            nn.utils.clip_grad_norm_(self.parameters(), 1.0)
        def on_validation_epoch_end(self):
            print(self.other(torch.zeros(8)))
        """,
        [],
    ),
    "clearing that clears nothing": (
        """
        def optimizer_zero_grad(self, epoch, batch_idx, optimizer):
            pass
        """,
        [ZERO],
    ),
    "clearing after the pass backward": (
        """
        def on_after_backward(self):
            self.zero_grad()
        """,
        [BEFORE],
    ),
    "a pass backward that is left out": (
        """
        def backward(self, loss):
            pass
        """,
        ["missing-backward"],
    ),
    "validation in training mode": (
        """
        def on_validation_model_eval(self):
            pass
        """,
        [EVAL],
    ),
    "a mode that is set for the validation": (
        """
        def on_validation_epoch_start(self):
            self.net.train()
        """,
        [EVAL],
    ),
}


@pytest.mark.parametrize(("hooks", "wanted"), HOOKS.values(), ids=HOOKS)
def test_hooks_of_lightning(hooks: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(LIGHTNING.format(hooks=hooks), tmp_path) == wanted


MANUAL = """
    import lightning
    judge = nn.Linear(1, 1)
    class Pair(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.net, self.judge, self.automatic_optimization = net, judge, False
        def training_step(self, batch, index):
            x, y = batch
            makes, judges = self.optimizers()
            criterion = nn.BCEWithLogitsLoss()
            self.toggle_optimizer(judges)
            judges.zero_grad()
            self.manual_backward(criterion(self.judge(y), torch.ones(8, 1)))
            self.manual_backward(criterion(self.judge(self.net(x).detach()), torch.zeros(8, 1)))
            judges.step()
            self.untoggle_optimizer(judges)
            {clear}
            self.manual_backward(criterion(self.judge(self.net(x)), torch.ones(8, 1)))
            makes.step()
        def configure_optimizers(self):
            return [torch.optim.Adam(self.net.parameters()), torch.optim.Adam(self.judge.parameters())]
    lightning.Trainer(max_epochs=3).fit(Pair(), batches)
"""


@pytest.mark.parametrize(("clear", "wanted"), [("makes.zero_grad()", []), ("pass", [ZERO])])
def test_two_optimizers_by_hand(clear: str, wanted: list[str], tmp_path: Path) -> None:
    assert found(MANUAL.format(clear=clear), tmp_path) == wanted


TRAINER = """
    from transformers import Trainer, TrainingArguments
    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net
        def forward(self, x, labels):
            out = self.net(x)
            return {{"loss": nn.functional.mse_loss(out, labels), "logits": out}}
    class Own(Trainer):
{step}
    model = Model()
    trainer = Own(model, TrainingArguments("out"), train_dataset=batches, eval_dataset=held_out)
    trainer.train()
    trainer.evaluate()
    {mode}
    with torch.no_grad():
        print(sum(nn.functional.mse_loss(model.net(x), y).item() for x, y in held_out))
"""
STEPS: dict[str, tuple[str, str, list[str]]] = {
    "its own": ("pass", "model.eval()", []),
    "a step of the user": (
        """
        def training_step(self, model, inputs, num_items_in_batch=None):
            model.train()
            loss = self.compute_loss(model, inputs)
            self.accelerator.backward(loss)
            return loss.detach()
        """,
        "model.eval()",
        [],
    ),
    "a step that goes nowhere": (
        """
        def training_step(self, model, inputs, num_items_in_batch=None):
            return model(**inputs)["loss"].detach()
        """,
        "model.eval()",
        ["missing-backward"],
    ),
    "scored in training mode": ("pass", "model.train()", [EVAL]),
}


@pytest.mark.parametrize(("step", "mode", "wanted"), STEPS.values(), ids=STEPS)
def test_trainer_of_hugging_face(step: str, mode: str, wanted: list[str], tmp_path: Path) -> None:
    step = step if step.startswith("\n") else f"        {step}"
    assert found(TRAINER.format(step=step, mode=mode), tmp_path) == wanted
