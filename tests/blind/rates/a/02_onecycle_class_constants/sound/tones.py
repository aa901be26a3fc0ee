"""Tone classifier on raw waveforms."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

RATE = 8000


class Tones(Dataset):
    """One second of a noisy tone; the label is the octave of its pitch."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.octave = torch.randint(0, 5, (n,), generator=g)
        self.offset = torch.rand(n, generator=g)
        self.noise = 0.3 * torch.randn(n, RATE, generator=g)

    def __len__(self):
        return len(self.octave)

    def __getitem__(self, i):
        pitch = 110.0 * 2.0 ** (self.octave[i] + 0.9 * self.offset[i])
        wave = math.sqrt(2) * torch.sin(2 * math.pi * pitch * torch.arange(RATE) / RATE)
        return (wave + self.noise[i]).unsqueeze(0), self.octave[i]


class WaveNetwork(nn.Module):
    def __init__(self, classes=5):
        super().__init__()
        widths, layers = [1, 32, 64, 128], []
        for cin, cout in zip(widths, widths[1:]):
            layers += [nn.Conv1d(cin, cout, 9, stride=4, padding=4, bias=False), nn.BatchNorm1d(cout), nn.ReLU()]
        self.features = nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten())
        self.dropout = nn.Dropout(0.2)
        self.classify = nn.Linear(widths[-1], classes)

    def forward(self, wave):
        return self.classify(self.dropout(self.features(wave)))


class Trainer:
    epochs = 25
    start_rate = 0.3
    peak_rate = 3e-3

    def __init__(self, model, train_loader, val_loader):
        self.model = model
        self.train_loader, self.val_loader = train_loader, val_loader
        self.loss = nn.CrossEntropyLoss()
        self.optimizer, self.scheduler = self.configure()

    def configure(self):
        optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.start_rate, weight_decay=0.01)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            max_lr=self.peak_rate,
            epochs=self.epochs,
            steps_per_epoch=len(self.train_loader),
            pct_start=0.2,
        )
        return optimizer, scheduler

    def train_epoch(self):
        self.model.train()
        for wave, octave in self.train_loader:
            self.optimizer.zero_grad()
            self.loss(self.model(wave), octave).backward()
            self.optimizer.step()
            self.scheduler.step()

    @torch.inference_mode()
    def validate(self):
        self.model.eval()
        right = 0
        for wave, octave in self.val_loader:
            right += (self.model(wave).argmax(dim=1) == octave).sum().item()
        return right / len(self.val_loader.dataset)

    def run(self):
        for epoch in range(self.epochs):
            self.train_epoch()
            print(epoch, f"{self.validate():.3f}", self.scheduler.get_last_lr())


if __name__ == "__main__":
    train_loader = DataLoader(Tones(4096, seed=0), batch_size=64, shuffle=True)
    val_loader = DataLoader(Tones(512, seed=1), batch_size=128)
    Trainer(WaveNetwork(), train_loader, val_loader).run()
