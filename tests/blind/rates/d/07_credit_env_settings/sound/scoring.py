import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from settings import from_environment


class ResidualBlock(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.inner = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width), nn.SiLU(), nn.Dropout(0.1))

    def forward(self, x):
        return x + self.inner(x)


def build(n_features, width=64, depth=3):
    blocks = [ResidualBlock(width) for _ in range(depth)]
    return nn.Sequential(nn.Linear(n_features, width), nn.SiLU(), *blocks, nn.LayerNorm(width), nn.Linear(width, 2))


def applicants(n=20000, seed=5):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 12)).astype("float32")
    risk = 1.2 * x[:, 0] - 0.8 * x[:, 3] * x[:, 4] + rng.normal(scale=0.5, size=n)
    return torch.from_numpy(x), torch.from_numpy((risk > 1.0).astype("int64"))


def main():
    cfg = from_environment()
    torch.manual_seed(5)
    x, y = applicants()
    train = DataLoader(TensorDataset(x[:16000], y[:16000]), batch_size=cfg.batch_size, shuffle=True)
    holdout = DataLoader(TensorDataset(x[16000:], y[16000:]), batch_size=1000)

    model = build(x.shape[1])
    criterion = nn.CrossEntropyLoss(label_smoothing=cfg.smoothing)
    optimizer = torch.optim.NAdam(model.parameters(), lr=cfg.lr)

    for epoch in range(cfg.epochs):
        model.train()
        for features, label in train:
            optimizer.zero_grad()
            loss = criterion(model(features), label)
            loss.backward()
            optimizer.step()

        model.eval()
        correct = 0
        with torch.no_grad():
            for features, label in holdout:
                correct += (model(features).argmax(dim=1) == label).sum().item()
        print(f"epoch {epoch}: holdout accuracy {correct / 4000:.4f}")


if __name__ == "__main__":
    main()
