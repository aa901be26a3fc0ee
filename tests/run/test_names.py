"""Messages name what a program uses as the program names it, also where the knowledge has it under another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import found, training


@pytest.mark.parametrize(
    ("imported", "made", "name"),
    [
        ("import torch_optimizer", "torch_optimizer.AdaBelief", "torch_optimizer.AdaBelief"),
        ("import torch_optimizer", "torch_optimizer.RAdam", "torch_optimizer.RAdam"),
        ("from bitsandbytes.optim import Adam8bit as Small", "Small", "bitsandbytes.optim.Adam8bit"),
        ("from torch.optim.adam import Adam", "Adam", "optim.Adam"),
    ],
)
def test_optimizers(imported: str, made: str, name: str, tmp_path: Path) -> None:
    (one,) = found(training(f"{imported}\noptimizer = {made}(net.parameters(), lr=0.4)\n"), tmp_path)
    assert f"{name} rarely learns above 0.05" in one.message


@pytest.mark.parametrize(
    ("relu", "name"),
    [
        ("torch.relu(net(x))", "torch.relu"),
        ("torch.nn.functional.relu(net(x))", "F.relu"),
        ("nn.ReLU()(net(x))", "nn.ReLU"),
    ],
)
def test_functions(relu: str, name: str, tmp_path: Path) -> None:
    program = training("optimizer = torch.optim.Adam(net.parameters())\n")
    program = program.replace("nn.functional.mse_loss(net(x)", f"out = {relu}; nn.functional.mse_loss(out")
    (one,) = found(program, tmp_path)
    assert [note.message for note in one.related] == [f"{name} leaves nothing below zero"]
