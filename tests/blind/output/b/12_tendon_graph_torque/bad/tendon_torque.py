# Inverse dynamics of a tendon-driven arm: joint torques from joint states,
# message passing along the kinematic chain.
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F

JOINTS = 7
CHANNELS = 4          # angle, velocity, acceleration, load cell


def chain_adjacency(n):
    a = torch.eye(n)
    idx = torch.arange(n - 1)
    a[idx, idx + 1] = 1.0
    a[idx + 1, idx] = 1.0
    d = a.sum(dim=1).rsqrt()
    return d[:, None] * a * d[None, :]


class GraphConv(nn.Module):
    def __init__(self, n_in, n_out, adjacency, activation=F.relu):
        super().__init__()
        self.lin = nn.Linear(n_in, n_out)
        self.register_buffer("adjacency", adjacency)
        self.activation = activation

    def forward(self, h):
        return self.activation(self.lin(self.adjacency @ h))


class TendonArm(nn.Module):
    """Every joint is driven by two tendons, each of which can only pull."""

    def __init__(self, hidden=48, depth=3):
        super().__init__()
        conv = partial(GraphConv, adjacency=chain_adjacency(JOINTS))
        widths = [CHANNELS] + [hidden] * depth
        self.convs = nn.ModuleList(conv(a, b) for a, b in zip(widths, widths[1:]))
        self.tendons = conv(hidden, 2)

    def forward(self, state):
        h = state
        for conv in self.convs:
            h = conv(h)
        flexor, extensor = self.tendons(h).unbind(dim=-1)
        return flexor + extensor


def simulate(n, generator):
    state = torch.randn(n, JOINTS, CHANNELS, generator=generator)
    angle, velocity, acceleration, load = state.unbind(dim=-1)
    gravity = torch.cumsum(torch.sin(angle), dim=1) / JOINTS
    torque = 0.8 * acceleration + 0.3 * velocity * velocity.abs() + gravity - 0.5 * load
    return state, torque


def main():
    generator = torch.Generator().manual_seed(3)
    state, torque = simulate(8192, generator)
    test_state, test_torque = simulate(1024, generator)

    net = TendonArm()
    objective = partial(F.smooth_l1_loss, beta=0.5)
    opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-4)

    for epoch in range(40):
        net.train()
        for rows in torch.randperm(len(state), generator=generator).split(128):
            predicted = net(state[rows])
            loss = objective(predicted, torque[rows])  # expect: relu-before-regression
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
        if epoch % 5 == 4:
            net.eval()
            with torch.inference_mode():
                rmse = (net(test_state) - test_torque).square().mean().sqrt()
            print(f"{epoch + 1:3d}  rmse {rmse.item():.4f} Nm")


if __name__ == "__main__":
    main()
