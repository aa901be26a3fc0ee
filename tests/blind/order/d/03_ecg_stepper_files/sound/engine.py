import torch


class Stepper:
    """Owns everything that happens after the loss is known."""

    def __init__(self, model, optimizer, scheduler, max_norm=1.0):
        self.model = model
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.max_norm = max_norm
        self.skipped = 0

    def propagate(self, loss):
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()

    def advance(self):
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_norm)
        if not torch.isfinite(norm):
            self.optimizer.zero_grad(set_to_none=True)
            self.skipped += 1
            return False
        self.optimizer.step()
        self.scheduler.step()
        return True
