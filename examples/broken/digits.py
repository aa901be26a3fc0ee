"""The rate is from a recipe for SGD; Adam makes steps of that length in every weight, and the loss stays where it is."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class Settings:
    epochs: int = 20
    batch_size: int = 128
    learning_rate: float = 0.1  # expect: learning-rate-too-high


class Digits(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
        )
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        return self.head(self.features(x).flatten(1))


class Trainer:
    def __init__(self, model, settings):
        self.model = model
        self.settings = settings
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(
            model.parameters(),
            lr=settings.learning_rate,  # expect: learning-rate-too-high "0.05"
        )

    def step(self, images, labels):
        self.optimizer.zero_grad()
        loss = self.criterion(self.model(images), labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def fit(self, data):
        loader = DataLoader(data, batch_size=self.settings.batch_size, shuffle=True)
        for epoch in range(self.settings.epochs):
            losses = [self.step(images, labels) for images, labels in loader]
            print(f"epoch {epoch}: {sum(losses) / len(losses):.4f}")


if __name__ == "__main__":
    Trainer(Digits(), Settings()).fit(TensorDataset(*torch.load("digits.pt")))
