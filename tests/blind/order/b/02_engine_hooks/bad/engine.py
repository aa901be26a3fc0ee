"""A minimal training engine with hooks."""
import torch


class Engine:
    def __init__(self, model, optimizer, criterion):
        self.model = model
        self.optimizer = optimizer
        self.criterion = criterion

    def on_batch_start(self, batch):
        self.optimizer.zero_grad(set_to_none=True)
        return batch

    def on_epoch_end(self, epoch, train_loss, valid_loss):
        print(f"epoch {epoch}: train {train_loss:.4f}  valid {valid_loss:.4f}")

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            self.model.train()
            seen, total = 0, 0.0
            for batch in train:
                x, y = self.on_batch_start(batch)
                loss = self.criterion(self.model(x), y)
                loss.backward()  # expect: missing-zero-grad
                self.optimizer.step()
                total += loss.item() * len(x)
                seen += len(x)
            self.on_epoch_end(epoch, total / seen, self.validate(valid))

    @torch.no_grad()
    def validate(self, loader):
        self.model.eval()
        seen, total = 0, 0.0
        for x, y in loader:
            total += self.criterion(self.model(x), y).item() * len(x)
            seen += len(x)
        return total / seen
