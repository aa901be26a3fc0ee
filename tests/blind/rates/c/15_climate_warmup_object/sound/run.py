import torch
from torch import nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from climate import AnomalyGRU, Ramp, make_loaders


class Forecaster:
    def __init__(self, lr=1e-3, warmup_steps=200):
        self.model = AnomalyGRU()
        self.criterion = nn.MSELoss()
        self.optimizer = AdamW(self.model.parameters(), lr=lr)
        self.scheduler = LambdaLR(self.optimizer, lr_lambda=Ramp(warmup_steps))

    def fit(self, train, valid, epochs):
        for epoch in range(epochs):
            self.model.train()
            for months, target in train:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(months), target)
                loss.backward()
                nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()
                self.scheduler.step()
            print(f"{epoch:02d} rmse {self.rmse(valid):.3f}")

    @torch.no_grad()
    def rmse(self, loader):
        self.model.eval()
        errors = [self.criterion(self.model(months), target).item() for months, target in loader]
        return (sum(errors) / len(errors)) ** 0.5


if __name__ == "__main__":
    torch.manual_seed(5)
    train, valid = make_loaders()
    Forecaster().fit(train, valid, epochs=30)
