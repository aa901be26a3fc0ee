import torch
import torch.nn.functional as F


class Progress:
    def __init__(self, every):
        self.every = every

    def __call__(self, step, model, loss):
        if step % self.every == 0:
            print(f"step {step}: {loss:.4f}")


class PeriodicValidation:
    def __init__(self, loader, every):
        self.loader = loader
        self.every = every
        self.history = []

    @torch.no_grad()
    def __call__(self, step, model, loss):
        if step % self.every:
            return
        model.eval()
        total, n = 0.0, 0
        for week, calendar, target in self.loader:
            total += F.l1_loss(model(week, calendar), target, reduction="sum").item()
            n += target.numel()
        self.history.append((step, total / n))
