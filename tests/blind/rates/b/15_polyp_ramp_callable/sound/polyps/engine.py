from __future__ import annotations

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

from .schedule import Ramp


class Engine:
    base_lr: float = 1e-3
    warmup_steps: int = 200

    def __init__(self, model: nn.Module) -> None:
        self.model = model
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=self.base_lr)
        self.scheduler = LambdaLR(self.optimizer, lr_lambda=Ramp(self.warmup_steps))

    def train_epoch(self, loader: DataLoader) -> None:
        self.model.train()
        for image, mask in loader:
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.criterion(self.model(image), mask)
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()

    @torch.no_grad()
    def dice(self, loader: DataLoader) -> float:
        self.model.eval()
        overlap, size = 0.0, 0.0
        for image, mask in loader:
            found = (self.model(image) > 0).float()
            overlap += 2 * (found * mask).sum().item()
            size += (found.sum() + mask.sum()).item()
        return overlap / max(size, 1.0)
