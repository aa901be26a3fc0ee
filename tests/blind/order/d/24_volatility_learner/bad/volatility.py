"""One-day-ahead log realised volatility with a small GRU."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class VolNet(nn.Module):
    def __init__(self, n_features=5, hidden=32):
        super().__init__()
        self.rnn = nn.GRU(n_features, hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(hidden, 1)

    def forward(self, window):
        states, _ = self.rnn(window)
        return self.out(self.drop(states[:, -1])).squeeze(-1)


class Learner:
    def __init__(self, net, lr):
        self.net = net
        self.loss_fn = nn.SmoothL1Loss()
        self.opt = torch.optim.Adam(net.parameters(), lr=lr, weight_decay=1e-5)

    def objective(self, window, target):
        return self.loss_fn(self.net(window), target)

    @staticmethod
    def backprop(loss):
        if not math.isfinite(loss.item()):
            raise FloatingPointError("loss is not finite")
        loss.backward()
        return loss.detach()

    def learn(self, window, target):
        self.net.train()
        self.opt.zero_grad()
        loss = self.objective(window, target)
        self.opt.step()  # expect: step-before-backward
        return self.backprop(loss).item()

    @torch.no_grad()
    def score(self, loader):
        self.net.eval()
        losses = [self.objective(window, target).item() for window, target in loader]
        return sum(losses) / len(losses)


def simulate(days=3000, lookback=22):
    level = torch.zeros(days)
    for t in range(1, days):
        level[t] = 0.95 * level[t - 1] + 0.3 * torch.randn(())
    features = torch.stack([level] + [level + 0.5 * torch.randn(days) for _ in range(4)], dim=1)
    cut = int(0.8 * days)
    mean, std = features[:cut].mean(0), features[:cut].std(0)
    features = (features - mean) / std
    windows = torch.stack([features[t - lookback:t] for t in range(lookback, days)])
    targets = features[lookback:, 0]
    split = cut - lookback
    return TensorDataset(windows[:split], targets[:split]), TensorDataset(windows[split:], targets[split:])


def main():
    torch.manual_seed(3)
    past, future = simulate()
    train_loader = DataLoader(past, batch_size=64, shuffle=True)
    test_loader = DataLoader(future, batch_size=200)
    learner = Learner(VolNet(), lr=1e-3)
    for epoch in range(20):
        seen = [learner.learn(window, target) for window, target in train_loader]
        print(f"epoch {epoch:2d} train {sum(seen) / len(seen):.4f} test {learner.score(test_loader):.4f}")


if __name__ == "__main__":
    main()
