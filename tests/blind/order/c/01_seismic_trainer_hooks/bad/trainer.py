"""A small training loop with hooks; projects subclass Trainer."""
import torch


class Trainer:
    def __init__(self, model, criterion, optimizer):
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer

    # hooks -----------------------------------------------------------
    def on_epoch_start(self, epoch):
        pass

    def on_batch_start(self, step):
        pass

    def on_epoch_end(self, epoch, train_loss, score):
        pass

    # loop ------------------------------------------------------------
    def fit(self, train_loader, val_loader, epochs):
        for epoch in range(epochs):
            self.model.train()
            self.on_epoch_start(epoch)
            total = 0.0
            for step, (waves, phase) in enumerate(train_loader):
                self.on_batch_start(step)
                loss = self.criterion(self.model(waves), phase)
                loss.backward()  # expect: missing-zero-grad
                self.optimizer.step()
                total += loss.item()
            self.on_epoch_end(epoch, total / len(train_loader), self.score(val_loader))

    @torch.no_grad()
    def score(self, loader):
        self.model.eval()
        hits = count = 0
        for waves, phase in loader:
            hits += (self.model(waves).argmax(dim=1) == phase).sum().item()
            count += phase.numel()
        return hits / count
