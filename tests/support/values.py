"""What the analysis knows of the values of a small program, asked where each meets a loss."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.semantics.intervals import Interval
from trainlint.semantics.values import Number, Tensor, Value, options
from trainlint.source.sources import Sources

HEAD = """\
import math
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

target = torch.zeros(3)
"""


def predictions(head: str, expressions: Iterable[str]) -> list[Value]:
    """What the analysis knows of each expression, computed after ``head``."""
    wanted = list(expressions)
    program = HEAD + head + "".join(f"\nF.mse_loss({expression}, target)" for expression in wanted) + "\n"
    run = analyse("a.py", Sources(Path("/nowhere"), {"a.py": program.encode()}), standard())
    assert len(run.losses) == len(wanted), "an expression met no loss"
    return [term.prediction for term in run.losses]


def ranges(value: Value) -> list[Interval]:
    """Where a value can lie; nothing for what was not followed."""
    return [each.range for _, each in options(value) if isinstance(each, Tensor | Number)]
