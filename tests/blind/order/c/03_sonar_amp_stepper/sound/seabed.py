"""Seabed types from multibeam sonar patches, mixed precision."""
import torch
from torch import nn
from torch.cuda.amp import GradScaler, autocast
from torch.utils.data import DataLoader, Dataset

CUDA = torch.cuda.is_available()
DEVICE = "cuda" if CUDA else "cpu"
TYPES = ("mud", "sand", "gravel", "rock", "kelp")


class Patches(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.y = torch.randint(0, len(TYPES), (n,), generator=g)
        self.x = torch.randn(n, 2, 48, 48, generator=g) * (0.6 + 0.2 * self.y.view(-1, 1, 1, 1))

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class AmpStep:
    """Everything that happens between a loss and the next batch."""

    def __init__(self, optimizer, max_norm=1.0):
        self.optimizer = optimizer
        self.max_norm = max_norm
        self.scaler = GradScaler(enabled=CUDA)

    def __call__(self, loss, parameters):
        self.scaler.scale(loss).backward()
        self.scaler.unscale_(self.optimizer)
        norm = nn.utils.clip_grad_norm_(parameters, self.max_norm)
        if not torch.isfinite(norm):
            self.optimizer.zero_grad(set_to_none=True)
            self.scaler.update()
            return None
        self.scaler.step(self.optimizer)
        self.scaler.update()
        self.optimizer.zero_grad(set_to_none=True)
        return norm


def block(i, o):
    return nn.Sequential(nn.Conv2d(i, o, 3, stride=2, padding=1), nn.GroupNorm(4, o), nn.SiLU())


def accuracy(model, loader):
    model.eval()
    right = 0
    with torch.no_grad():
        for x, y in loader:
            right += (model(x.to(DEVICE)).argmax(1) == y.to(DEVICE)).sum().item()
    return right / len(loader.dataset)


def main():
    model = nn.Sequential(block(2, 16), block(16, 32), block(32, 64),
                          nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2),
                          nn.Linear(64, len(TYPES))).to(DEVICE)
    step = AmpStep(torch.optim.AdamW(model.parameters(), lr=5e-4))
    criterion = nn.CrossEntropyLoss()
    train = DataLoader(Patches(3000, 0), batch_size=50, shuffle=True)
    valid = DataLoader(Patches(500, 1), batch_size=100)
    for epoch in range(15):
        model.train()
        for x, y in train:
            with autocast(enabled=CUDA):
                loss = criterion(model(x.to(DEVICE)), y.to(DEVICE))
            step(loss, model.parameters())
        print(epoch, f"{accuracy(model, valid):.3f}")


main()
