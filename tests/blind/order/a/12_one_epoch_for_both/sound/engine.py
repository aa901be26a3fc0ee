from __future__ import annotations

from typing import Callable, Iterable

import torch
from torch import Tensor, nn


def run_epoch(
    model: nn.Module,
    loader: Iterable[tuple[Tensor, Tensor]],
    loss_fn: Callable[[Tensor, Tensor], Tensor],
    optimizer: torch.optim.Optimizer | None = None,
) -> float:
    """One pass over the loader; with an optimizer it trains, without one it measures."""
    training = optimizer is not None
    model.train(training)
    total, seen = 0.0, 0
    for window, target in loader:
        with torch.set_grad_enabled(training):
            forecast = model(window)
            loss = loss_fn(forecast, target)
        if training:
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        total += loss.item() * len(target)
        seen += len(target)
    return total / seen
