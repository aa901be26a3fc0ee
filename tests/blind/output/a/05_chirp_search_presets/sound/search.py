"""Find inspiral-like chirps in detector noise; the run is described by a preset."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

OUTPUTS = {"linear": nn.Identity, "sigmoid": nn.Sigmoid}
LOSSES = {"bce": nn.BCELoss, "bce_logits": nn.BCEWithLogitsLoss}


@dataclass(frozen=True)
class Settings:
    width: int = 32
    blocks: int = 3
    output: str = "linear"
    loss: str = "bce_logits"
    lr: float = 1e-3
    epochs: int = 12


PRESETS: dict[str, dict] = {
    "baseline": {},
    "wide": {"width": 64, "output": "sigmoid", "loss": "bce", "lr": 5e-4},
}


class ChirpNet(nn.Module):
    def __init__(self, s: Settings) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        channels = 1
        for _ in range(s.blocks):
            layers += [nn.Conv1d(channels, s.width, 9, stride=2, padding=4), nn.BatchNorm1d(s.width), nn.GELU()]
            channels = s.width
        self.features = nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten())
        self.score = nn.Linear(s.width, 1)
        self.output = OUTPUTS[s.output]()

    def forward(self, strain: torch.Tensor) -> torch.Tensor:
        return self.output(self.score(self.features(strain))).squeeze(1)


def strains(n: int, length: int = 512) -> TensorDataset:
    t = torch.linspace(0, 1, length)
    present = (torch.rand(n) < 0.5).float()
    rate = 15 + 20 * torch.rand(n, 1)
    chirp = torch.sin(2 * torch.pi * rate * t**2) * t
    noise = torch.randn(n, length)
    return TensorDataset((noise + present.unsqueeze(1) * chirp).unsqueeze(1), present)


@torch.no_grad()
def auc(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    pairs = [(net(strain), present) for strain, present in loader]
    score, present = (torch.cat(column) for column in zip(*pairs))
    rank = score.argsort().argsort().float() + 1
    positive = present.sum()
    negative = len(present) - positive
    return ((rank[present == 1].sum() - positive * (positive + 1) / 2) / (positive * negative)).item()


def run(s: Settings) -> float:
    torch.manual_seed(0)
    train_set, val_set = random_split(strains(5000), [4000, 1000])
    train, val = DataLoader(train_set, batch_size=64, shuffle=True), DataLoader(val_set, batch_size=250)
    net = ChirpNet(s)
    criterion = LOSSES[s.loss]()
    optimizer = torch.optim.AdamW(net.parameters(), lr=s.lr)
    area = 0.0
    for epoch in range(s.epochs):
        net.train()
        for strain, present in train:
            loss = criterion(net(strain), present)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        area = auc(net, val)
        print(f"epoch {epoch + 1}/{s.epochs}  AUC {area:.3f}")
    return area


if __name__ == "__main__":
    run(Settings(**PRESETS["wide"]))
