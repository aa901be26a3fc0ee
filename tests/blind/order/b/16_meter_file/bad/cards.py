"""Fraud score for card payments: rare positives, weighted loss."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from meters import Board


def payments(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 20, generator=g)
    risk = x[:, 0] * x[:, 1] + x[:, 2] - 3.0 + 0.5 * torch.randn(n, generator=g)
    return TensorDataset(x, (risk > 0).float())


class Fraud(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(20, width), nn.Mish(), nn.LayerNorm(width), nn.Dropout(0.2))
        self.score = nn.Linear(width, 1)

    def forward(self, x):
        return self.score(self.body(x)).squeeze(-1)


def main():
    torch.manual_seed(8)
    train = DataLoader(payments(20_000, 1), batch_size=128, shuffle=True)
    valid = DataLoader(payments(4_000, 2), batch_size=500)
    model = Fraud()
    criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(8.0))
    optimizer = torch.optim.NAdam(model.parameters(), lr=1e-3, weight_decay=1e-5)
    board = Board()

    for epoch in range(12):
        model.train()
        for x, y in train:
            optimizer.zero_grad(set_to_none=True)
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            board.log(len(y), train=loss)

        model.eval()
        with torch.no_grad():
            for x, y in valid:
                logits = model(x)
                found = ((logits > 0) & (y == 1)).sum() / y.sum().clamp(min=1)
                board.log(len(y), valid=criterion(logits, y), recall=found)
        print(epoch, board.flush())


if __name__ == "__main__":
    main()
