"""Learn joint torques of a 7-axis arm from position, velocity and acceleration."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from scope import clip, gradient_scope

JOINTS = 7


class InverseDynamics(nn.Module):
    def __init__(self, hidden: int = 96) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(3 * JOINTS, hidden),
            nn.LayerNorm(hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
        )
        self.torque = nn.Linear(hidden, JOINTS)

    def forward(self, state: torch.Tensor) -> torch.Tensor:
        return self.torque(self.trunk(state))


def synthetic_log(n: int, mixing: torch.Tensor) -> TensorDataset:
    state = torch.randn(n, 3 * JOINTS)
    torque = torch.sin(state) @ mixing + 0.02 * torch.randn(n, JOINTS)
    return TensorDataset(state, torque)


def rmse(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    squares, count = 0.0, 0
    with torch.no_grad():
        for state, torque in loader:
            squares += (model(state) - torque).pow(2).sum().item()
            count += torque.numel()
    return (squares / count) ** 0.5


def main() -> None:
    torch.manual_seed(0)
    mixing = torch.randn(3 * JOINTS, JOINTS) / (3 * JOINTS) ** 0.5
    train_loader = DataLoader(synthetic_log(6000, mixing), batch_size=100, shuffle=True)
    test_loader = DataLoader(synthetic_log(1000, mixing), batch_size=500)

    model = InverseDynamics()
    optimizer = torch.optim.AdamW(model.parameters(), lr=8e-4)
    criterion = nn.MSELoss()

    for epoch in range(25):
        model.train()
        norms = []
        for state, torque in train_loader:
            with gradient_scope(optimizer):
                loss = criterion(model(state), torque)
                loss.backward()
                norms.append(clip(model, 1.0))
                optimizer.step()
        print(epoch, f"|g|={sum(norms) / len(norms):.3f}", f"rmse={rmse(model, test_loader):.4f} Nm")


if __name__ == "__main__":
    main()
