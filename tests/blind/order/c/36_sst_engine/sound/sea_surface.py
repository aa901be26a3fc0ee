import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

from engine import Engine

HISTORY = 5
EPOCHS = 20


def anomalies(days, seed):
    """Daily sea-surface temperature anomalies in standard deviations on a 32x32 grid."""
    g = torch.Generator().manual_seed(seed)
    grid = [torch.randn(32, 32, generator=g)]
    for _ in range(days - 1):
        drift = torch.roll(grid[-1], shifts=1, dims=1)
        grid.append(0.9 * drift + 0.43 * torch.randn(32, 32, generator=g))
    return torch.stack(grid)


def windows(series):
    past = torch.stack([series[i : i + HISTORY] for i in range(len(series) - HISTORY)])
    return TensorDataset(past, series[HISTORY:].unsqueeze(1))


def main():
    torch.manual_seed(0)
    series = anomalies(1205, 3)
    train = DataLoader(windows(series[:965]), batch_size=32, shuffle=True)
    valid = DataLoader(windows(series[965:]), batch_size=48)

    net = nn.Sequential(
        nn.Conv2d(HISTORY, 24, 5, padding=2, padding_mode="circular"),
        nn.GELU(),
        nn.Conv2d(24, 24, 3, padding=1, padding_mode="circular"),
        nn.GELU(),
        nn.Conv2d(24, 1, 1),
    )
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    schedule = CosineAnnealingLR(optimizer, T_max=EPOCHS, eta_min=1e-5)
    engine = Engine(net, nn.MSELoss(), optimizer, scheduler=schedule)
    engine.on("validated", lambda: engine.save("last.pt"))

    for _ in range(EPOCHS):
        engine.train(train)
        print(engine.epoch, engine.validate(valid))


if __name__ == "__main__":
    main()
