"""Surrogate of a damped pendulum: start angle, start speed, damping -> state after two seconds."""
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
EPOCHS = 40


def integrate(start: torch.Tensor, seconds: float = 2.0, dt: float = 0.005) -> torch.Tensor:
    theta, omega, damping = start.unbind(dim=1)
    for _ in range(int(seconds / dt)):
        omega = omega - dt * (9.81 * torch.sin(theta) + damping * omega)
        theta = theta + dt * omega
    return torch.stack([theta, omega], dim=1)


def draw(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    low = torch.tensor([-1.5, -2.0, 0.1])
    high = torch.tensor([1.5, 2.0, 1.0])
    start = low + (high - low) * torch.rand(n, 3)
    return start, integrate(start)


@contextmanager
def training(net: nn.Module, optimizer: torch.optim.Optimizer):
    before = net.training
    net.train()
    optimizer.zero_grad(set_to_none=True)
    try:
        yield
    finally:
        net.train(before)


train_x, train_y = draw(4096)
test_x, test_y = draw(512)
mean, std = train_x.mean(dim=0), train_x.std(dim=0)
y_mean, y_std = train_y.mean(dim=0), train_y.std(dim=0)
train_x, test_x = (train_x - mean) / std, (test_x - mean) / std
train_y, test_y = (train_y - y_mean) / y_std, (test_y - y_mean) / y_std

loader = DataLoader(TensorDataset(train_x, train_y), batch_size=64, shuffle=True)
net = nn.Sequential(
    nn.Linear(3, 64), nn.SiLU(),
    nn.Linear(64, 64), nn.SiLU(),
    nn.Linear(64, 2),
)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
mse = nn.MSELoss()

for epoch in range(EPOCHS):
    total = 0.0
    for xb, yb in loader:
        with training(net, optimizer):
            loss = mse(net(xb), yb)
            loss.backward()
            optimizer.step()
            total += loss.item() * len(xb)

    net.eval()
    with torch.no_grad():
        test_loss = mse(net(test_x), test_y).item()
    print(f"{epoch:3d}  train {total / len(train_x):.5f}  test {test_loss:.5f}")

torch.save(net.state_dict(), "pendulum.pt")
