# Valve condition of a hydraulic test rig from six pressure / flow channels.
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

CHANNELS, LENGTH, STATES = 6, 240, 3

# filters, kernel, q
STAGES = (
    (24, 9, 0.9),
    (48, 7, 0.9),
    (96, 5, 0.9),
)


def record_cycles(n, rng):
    t = np.linspace(0, 1, LENGTH)
    state = rng.integers(0, STATES, size=n)
    lag = 0.02 + 0.05 * state[:, None, None] + 0.01 * rng.standard_normal((n, CHANNELS, 1))
    step = 1.0 / (1.0 + np.square((t - 0.3 - lag) / 0.08))
    ripple = 0.3 * np.sin(2 * np.pi * (12 + 2 * np.arange(CHANNELS))[None, :, None] * t)
    return (step + ripple + 0.2 * rng.standard_normal(step.shape)).astype(np.float32), state


class ValveNet(nn.Module):
    def __init__(self, stages=STAGES):
        super().__init__()
        convs, c = [], CHANNELS
        for filters, kernel, _ in stages:
            convs.append(nn.Conv1d(c, filters, kernel, padding=kernel // 2))
            c = filters
        self.convs = nn.ModuleList(convs)
        self.rates = [1.0 - q for _, _, q in stages]
        self.out = nn.Linear(c, STATES)

    def forward(self, x):
        for conv, rate in zip(self.convs, self.rates):
            x = F.max_pool1d(F.relu(conv(x)), 2)
            x = F.dropout(x, rate, self.training)
        return self.out(x.mean(dim=2))


def train_epoch(net, x, y, opt, batch=64):
    net.train()
    losses = []
    for idx in torch.randperm(len(x)).split(batch):
        opt.zero_grad()
        loss = F.cross_entropy(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return float(np.mean(losses))


def evaluate(net, x, y):
    net.eval()
    with torch.no_grad():
        logits = net(x)
        return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()


if __name__ == "__main__":
    torch.manual_seed(5)
    rng = np.random.default_rng(5)
    x_train, y_train = record_cycles(1800, rng)
    x_val, y_val = record_cycles(400, rng)
    mu = x_train.mean(axis=(0, 2), keepdims=True)
    sigma = x_train.std(axis=(0, 2), keepdims=True)
    x_train, x_val = (torch.from_numpy((x - mu) / sigma) for x in (x_train, x_val))
    y_train, y_val = (torch.from_numpy(y) for y in (y_train, y_val))

    net = ValveNet()
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=40)
    for epoch in range(40):
        loss = train_epoch(net, x_train, y_train, opt)
        sched.step()
        val_loss, val_acc = evaluate(net, x_val, y_val)
        print(epoch, round(loss, 4), round(val_loss, 4), round(val_acc, 3))
