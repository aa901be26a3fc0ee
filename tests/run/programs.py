"""Small training programs around an optimizer, and the rates that trainlint sees in them."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent, indent

from tests.support.projects import Project, check, sources
from trainlint.engine import unit
from trainlint.knowledge.library import with_project_files
from trainlint.model import Finding
from trainlint.run import Rate, Run

HEAD = """
import argparse
import math
import torch
from torch import nn
from torch.optim import lr_scheduler

net = nn.Sequential(nn.Linear(8, 64), nn.Tanh(), nn.Linear(64, 1))
"""
ADAM = "optimizer = torch.optim.Adam(net.parameters(), lr=0.001)\n"
BATCHES = """for x, y in torch.load("batches.pt"):
    optimizer.zero_grad()
    nn.functional.mse_loss(net(x), y).backward()
    optimizer.step()
"""


def training(setup: str, after: str = "", *, epochs: str = "for epoch in range(1000):") -> str:
    """A program: the setup, then epochs of training, each followed by something."""
    return HEAD + dedent(setup) + epochs + "\n" + indent(BATCHES + dedent(after), "    ")


def run_of(program: str, folder: Path) -> Run:
    project = Project({"train.py": program})
    return unit.analyse("train.py", sources(project, folder), with_project_files(()))


def rates_of(program: str, folder: Path) -> tuple[Rate, ...]:
    return run_of(program, folder).rates


def found(program: str, folder: Path, **settings: object) -> list[Finding]:
    return check(Project({"train.py": program}), folder, **settings)


def rules(program: str, folder: Path, **settings: object) -> list[str]:
    return sorted(finding.rule for finding in found(program, folder, **settings))
