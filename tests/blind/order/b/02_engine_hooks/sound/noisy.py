import torch

from engine import Engine


class NoisyEngine(Engine):
    """Adds measurement noise to the inputs of the training batches."""

    def __init__(self, *args, sigma=0.05, **kwargs):
        super().__init__(*args, **kwargs)
        self.sigma = sigma
        self.history = []

    def on_batch_start(self, batch):
        x, y = super().on_batch_start(batch)
        return x + self.sigma * torch.randn_like(x), y

    def on_epoch_end(self, epoch, train_loss, valid_loss):
        super().on_epoch_end(epoch, train_loss, valid_loss)
        self.history.append((train_loss, valid_loss))
