import torch


class Trainer:
    def __init__(self, model, criterion, optimizer, scheduler, path="last.pt"):
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer
        self.scheduler = scheduler
        self.path = path
        self.epoch = 0
        self.after_epoch = [self.report, self.save]

    def report(self):
        rate = self.scheduler.get_last_lr()[0]
        print(f"epoch {self.epoch}: train {self.fitted:.4f} valid {self.checked:.4f} lr {rate:.2e}")

    def save(self):
        torch.save({
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "scheduler": self.scheduler.state_dict(),
        }, self.path)

    def train_once(self, loader):
        self.model.train()
        total = 0.0
        for x, y in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def check(self, loader):
        self.model.eval()
        return sum(self.criterion(self.model(x), y).item() for x, y in loader) / len(loader)

    def fit(self, train, valid, epochs):
        for self.epoch in range(epochs):
            self.fitted = self.train_once(train)
            self.checked = self.check(valid)
            for hook in self.after_epoch:
                hook()
