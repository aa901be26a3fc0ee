"""What is noted of a step, in the order in which it happens, whoever takes it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.run.programs import ADAM, HEAD, run_of

START = HEAD + ADAM + 'x, y = torch.load("batch.pt")\n'
WANTED = ("backward", "unscale", "clip", "step", "update", "clear")
LOSS = "nn.functional.mse_loss(net(x), y)"
STEPS = {
    "a scaler": (
        """
        scaler = torch.amp.GradScaler("cuda")
        scaler.scale(LOSS).backward()
        scaler.unscale_(optimizer)
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        """,
        "backward unscale clip step update clear",
    ),
    "a scaler of older versions, and its own name for clipping": (
        """
        from torch.cuda import amp
        from torch.nn.utils.clip_grad import clip_grad_value_
        scaler = amp.GradScaler()
        with amp.autocast():
            loss = LOSS
        scaler.scale(loss).backward()
        clip_grad_value_(list(net.parameters()), clip_value=0.5)
        scaler.step(optimizer)
        scaler.update()
        """,
        "backward clip step update",
    ),
    "Accelerate": (
        """
        from accelerate import Accelerator
        accelerator = Accelerator()
        net, optimizer = accelerator.prepare(net, optimizer)
        accelerator.backward(LOSS)
        accelerator.unscale_gradients(optimizer)
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        """,
        "backward unscale clip step",
    ),
    "Fabric": (
        """
        from lightning.fabric import Fabric
        fabric = Fabric()
        net, optimizer = fabric.setup(net, optimizer)
        fabric.backward(LOSS)
        fabric.clip_gradients(net, optimizer, max_norm=1.0)
        optimizer.step()
        """,
        "backward clip step",
    ),
}


@pytest.mark.parametrize(("body", "wanted"), STEPS.values(), ids=STEPS)
def test_events(body: str, wanted: str, tmp_path: Path) -> None:
    run = run_of(START + dedent(body).replace("LOSS", LOSS), tmp_path)
    events = [trace.event for trace in run.facts.events if trace.event is not None and trace.event.kind in WANTED]
    assert " ".join(event.kind for event in events) == wanted
    assert all(event.certain and event.subjects for event in events)
    (order,) = run.orders
    own = [event for event in events if event.kind != "update"]
    assert all(event.subjects & order.whole for event in own if event.subjects is not None)


def test_a_scaler_is_told_of_its_steps(tmp_path: Path) -> None:
    run = run_of(START + dedent(STEPS["a scaler"][0]).replace("LOSS", LOSS), tmp_path)
    by_kind = {trace.event.kind: trace.event.subjects for trace in run.facts.events if trace.event is not None}
    (scaler,) = by_kind["update"]
    assert scaler in by_kind["step"] & by_kind["unscale"]
