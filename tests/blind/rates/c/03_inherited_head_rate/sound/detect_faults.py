"""Few labelled pump failures: windows of vibration signals, anomalous or not."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def block(c_in, c_out):
    return nn.Sequential(nn.Conv1d(c_in, c_out, 5, stride=2, padding=2), nn.BatchNorm1d(c_out), nn.GELU())


class Detector(nn.Module):
    def __init__(self, sensors):
        super().__init__()
        self.encoder = nn.Sequential(block(sensors, 32), block(32, 64), nn.AdaptiveAvgPool1d(1), nn.Flatten())
        self.scorer = nn.Sequential(nn.Linear(64, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, 1))

    def forward(self, x):
        return self.scorer(self.encoder(x)).squeeze(1)


class Trainer:
    base_lr = 5e-3
    scorer_boost = 40
    epochs = 25

    def __init__(self, model):
        self.model = model
        self.criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(8.0))
        self.optimizer = self.make_optimizer()

    @property
    def scorer_lr(self):
        return self.base_lr * self.scorer_boost

    def make_optimizer(self):
        encoder, scorer = self.model.encoder.parameters(), self.model.scorer.parameters()
        return torch.optim.Adam([{"params": encoder}, {"params": scorer, "lr": self.scorer_lr}], lr=self.base_lr)

    def train_epoch(self, loader):
        self.model.train()
        for x, y in loader:
            self.optimizer.zero_grad(set_to_none=True)
            self.criterion(self.model(x), y).backward()
            self.optimizer.step()

    @torch.no_grad()
    def score(self, loader):
        self.model.eval()
        losses = [self.criterion(self.model(x), y).item() for x, y in loader]
        return sum(losses) / len(losses)

    def fit(self, train, valid):
        for epoch in range(self.epochs):
            self.train_epoch(train)
            print(epoch, round(self.score(valid), 4))


class PumpTrainer(Trainer):
    """The pumps of hall B, whose sensors were replaced in spring."""

    base_lr = 1e-4
    epochs = 40


def make_split(n):
    y = (torch.rand(n) < 0.1).float()
    x = torch.randn(n, 6, 256) + y.view(-1, 1, 1) * torch.randn(n, 6, 256)
    return TensorDataset(x, y)


if __name__ == "__main__":
    torch.manual_seed(0)
    train = DataLoader(make_split(4000), batch_size=64, shuffle=True, drop_last=True)
    valid = DataLoader(make_split(800), batch_size=200)
    PumpTrainer(Detector(sensors=6)).fit(train, valid)
