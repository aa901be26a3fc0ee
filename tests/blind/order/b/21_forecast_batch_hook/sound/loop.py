import torch


class Loop:
    """Epochs over a loader, with hooks that subclasses may extend."""

    def __init__(self, model, optimizer, criterion):
        self.model = model
        self.optimizer = optimizer
        self.criterion = criterion

    def on_batch_start(self, step):
        self.optimizer.zero_grad(set_to_none=True)

    def on_epoch_end(self, epoch, train_loss, valid_loss):
        print(f"epoch {epoch:02d}  train {train_loss:.4f}  valid {valid_loss:.4f}")

    def run_epoch(self, loader):
        self.model.train()
        total = 0.0
        for step, (window, target) in enumerate(loader):
            self.on_batch_start(step)
            loss = self.criterion(self.model(window), target)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        total = 0.0
        for window, target in loader:
            total += self.criterion(self.model(window), target).item()
        return total / len(loader)

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            train_loss = self.run_epoch(train)
            self.on_epoch_end(epoch, train_loss, self.evaluate(valid))
