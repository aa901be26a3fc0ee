"""Behaviour cloning for a seven-joint arm: state and goal in, joint velocities out."""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

STATE, GOAL, JOINTS = 14, 6, 7


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.state = nn.Linear(STATE, 64)
        self.goal = nn.Linear(GOAL, 64)
        self.trunk = nn.Sequential(nn.ELU(), nn.Dropout(0.1), nn.Linear(64, 64), nn.ELU())
        self.velocity = nn.Linear(64, JOINTS)

    def forward(self, state, goal):
        return self.velocity(self.trunk(self.state(state) + self.goal(goal)))


class Demonstrations:
    def __init__(self, n_train=20_000, n_held=2_000):
        self.train = DataLoader(self._draw(n_train), batch_size=128, shuffle=True)
        self.held = DataLoader(self._draw(n_held), batch_size=1000)

    @staticmethod
    def _draw(n):
        state, goal = torch.randn(n, STATE), torch.randn(n, GOAL)
        velocity = state[:, :JOINTS] * 0.3 + 0.05 * torch.randn(n, JOINTS)
        return TensorDataset(state, goal, velocity)


class Cloner:
    def __init__(self, policy, data):
        self.policy = policy
        self.data = data
        self.criterion = nn.SmoothL1Loss()
        self.optimizer = optim.Adam(policy.parameters(), lr=3e-4)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.policy.train()
            for state, goal, velocity in self.data.train:
                predicted = self.policy(state, goal)  # expect: training-under-no-grad
                loss = self.criterion(predicted, velocity)
                self.optimizer.zero_grad()
                loss.backward()
                self.optimizer.step()
            print(f"epoch {epoch + 1}: tracking error {self.tracking_error():.4f} rad/s")

    def tracking_error(self):
        torch.set_grad_enabled(False)
        self.policy.eval()
        worst = []
        for state, goal, velocity in self.data.held:
            gap = (self.policy(state, goal) - velocity).abs()
            worst.append(gap.max(dim=1).values)
        return torch.cat(worst).mean().item()


if __name__ == "__main__":
    torch.manual_seed(2)
    Cloner(Policy(), Demonstrations()).fit(epochs=25)
