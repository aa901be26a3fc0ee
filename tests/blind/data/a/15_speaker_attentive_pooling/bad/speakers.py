"""Speaker identification: TDNN frames, attentive pooling over time, linear classifier."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

MELS, FRAMES, SPEAKERS = 40, 200, 64


def load(split, mean=None, std=None):
    with np.load(f"speakers_{split}.npz") as archive:
        mels = archive["log_mel"].astype(np.float32)
        ids = archive["speaker"].astype(np.int64)
    if mean is None:
        mean, std = mels.mean(axis=(0, 1)), mels.std(axis=(0, 1)) + 1e-5
    mels = torch.from_numpy((mels - mean) / std)
    return TensorDataset(mels, torch.from_numpy(ids)), mean, std


def spread(energy):
    mass = energy.exp()
    return mass / mass.sum(dim=-1, keepdim=True)  # expect: hand-rolled-softmax


class Pooling(nn.Module):
    """One learnt query asks every frame how much it says about the voice."""

    def __init__(self, width):
        super().__init__()
        self.query = nn.Parameter(torch.randn(width) / width**0.5)
        self.sharpness = 5.0

    def forward(self, frames):
        energy = self.sharpness * (frames * self.query).sum(dim=-1)
        weights = spread(energy)
        return torch.einsum("bt,btd->bd", weights, frames)


class SpeakerNet(nn.Module):
    def __init__(self, width=96):
        super().__init__()
        blocks, channels = [], MELS
        for dilation in (1, 2, 3):
            blocks += [
                nn.Conv1d(channels, width, 5, dilation=dilation, padding=2 * dilation),
                nn.BatchNorm1d(width),
                nn.GELU(),
            ]
            channels = width
        self.tdnn = nn.Sequential(*blocks)
        self.pool = Pooling(width)
        self.classify = nn.Linear(width, SPEAKERS)

    def forward(self, mels):
        frames = self.tdnn(mels.transpose(1, 2)).transpose(1, 2)
        return self.classify(self.pool(frames))


class Trainer:
    def __init__(self, net, lr=2e-3):
        self.net = net
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.05)
        self.optimizer = torch.optim.AdamW(net.parameters(), lr=lr)

    def epoch(self, loader):
        self.net.train()
        total = 0.0
        for mels, ids in loader:
            self.optimizer.zero_grad()
            loss = self.loss(self.net(mels), ids)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.inference_mode()
    def error_rate(self, loader):
        self.net.eval()
        wrong = sum((self.net(mels).argmax(dim=1) != ids).sum().item() for mels, ids in loader)
        return wrong / len(loader.dataset)


if __name__ == "__main__":
    train_set, mean, std = load("train")
    valid_set, _, _ = load("valid", mean, std)
    trainer = Trainer(SpeakerNet())
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True, drop_last=True)
    valid_loader = DataLoader(valid_set, batch_size=128)
    for epoch in range(40):
        loss = trainer.epoch(train_loader)
        print(epoch, f"loss {loss:.3f}", f"error {trainer.error_rate(valid_loader):.2%}")
