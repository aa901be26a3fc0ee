"""Fraud score of a card from its last thirty transactions."""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

import settings
from schedules import exponential


class CardEncoder(nn.Module):
    def __init__(self, fields, width=64):
        super().__init__()
        self.embed = nn.Linear(fields, width)
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=128, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.score = nn.Linear(width, 1)

    def forward(self, history):
        encoded = self.encoder(self.embed(history))
        return self.score(encoded.mean(dim=1)).squeeze(-1)


def cards(n):
    history = torch.randn(n, settings.HISTORY, settings.FIELDS)
    fraud = (history[:, -5:, 0].mean(dim=1) > 0.7).float()
    return TensorDataset(history, fraud)


class FraudTrainer:
    def __init__(self, net):
        self.net = net
        self.loss = nn.BCEWithLogitsLoss()
        self.optimizer = optim.AdamW(net.parameters(), lr=1.0, weight_decay=0.01)
        schedule = exponential(settings.START_RATE, settings.DECAY)
        self.scheduler = optim.lr_scheduler.LambdaLR(self.optimizer, schedule)

    def epoch(self, loader):
        self.net.train()
        for history, fraud in loader:
            self.optimizer.zero_grad()
            loss = self.loss(self.net(history), fraud)
            loss.backward()
            self.optimizer.step()
        self.scheduler.step()

    def validate(self, loader):
        self.net.eval()
        with torch.no_grad():
            return sum(self.loss(self.net(h), f).item() for h, f in loader) / len(loader)


def main():
    torch.manual_seed(21)
    train = DataLoader(cards(6000), batch_size=settings.BATCH, shuffle=True)
    valid = DataLoader(cards(1000), batch_size=settings.BATCH)
    trainer = FraudTrainer(CardEncoder(settings.FIELDS))
    for epoch in range(settings.EPOCHS):
        trainer.epoch(train)
        print(epoch, round(trainer.validate(valid), 4))


if __name__ == "__main__":
    main()
