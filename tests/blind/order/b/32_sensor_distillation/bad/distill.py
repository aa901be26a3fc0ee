"""Distil a wide sensor classifier into one that fits on the device."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

SENSORS, STATES, HEAT = 20, 4, 3.0


def network(width: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(SENSORS, width), nn.LayerNorm(width), nn.GELU(),
        nn.Linear(width, width), nn.LayerNorm(width), nn.GELU(),
        nn.Linear(width, STATES),
    )


def load_teacher(path: str) -> nn.Module:
    teacher = network(256)
    teacher.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return teacher.eval().requires_grad_(False)


def readings(n: int, seed: int) -> TensorDataset:
    gen = torch.Generator().manual_seed(seed)
    x = torch.randn(n, SENSORS, generator=gen)
    state = 2 * (x[:, :5].sum(dim=1) > 0).long() + (x[:, 5] * x[:, 6] > 0).long()
    return TensorDataset(x, state)


def distillation_loss(guess: torch.Tensor, soft: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
    match = F.kl_div(
        F.log_softmax(guess / HEAT, dim=1),
        F.softmax(soft / HEAT, dim=1),
        reduction="batchmean",
    )
    return 0.7 * HEAT ** 2 * match + 0.3 * F.cross_entropy(guess, state)


def accuracy(net: nn.Module, loader: DataLoader) -> float:
    net.eval()
    right = 0
    with torch.no_grad():
        for x, state in loader:
            right += (net(x).argmax(dim=1) == state).sum().item()
    return right / len(loader.dataset)


def main() -> None:
    torch.manual_seed(21)
    train = DataLoader(readings(8000, seed=1), batch_size=100, shuffle=True)
    valid = DataLoader(readings(1000, seed=2), batch_size=500)
    teacher, student = load_teacher("teacher.pt"), network(32)
    print(f"teacher {accuracy(teacher, valid):.3f}")
    optimizer = torch.optim.Adam(student.parameters(), lr=1e-3, weight_decay=1e-5)

    for epoch in range(25):
        student.train()
        running = 0.0
        for x, state in train:
            with torch.no_grad():
                soft, guess = [net(x) for net in (teacher, student)]  # expect: training-under-no-grad
            loss = distillation_loss(guess, soft, state)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"{epoch:2d} loss {running / len(train):.4f} student {accuracy(student, valid):.3f}")
    torch.save(student.state_dict(), "student.pt")


if __name__ == "__main__":
    main()
