"""Behaviour cloning of arm trajectories with a small transformer."""
from functools import partial

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

D_MODEL = 256
WARMUP = 400
HORIZON, N_SENSORS, N_JOINTS = 24, 18, 7


class Policy(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Linear(N_SENSORS, D_MODEL)
        self.position = nn.Parameter(0.02 * torch.randn(1, HORIZON, D_MODEL))
        layer = nn.TransformerEncoderLayer(
            D_MODEL, nhead=4, dim_feedforward=512, dropout=0.1, activation="gelu", batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, num_layers=3)
        self.norm = nn.LayerNorm(D_MODEL)
        self.act = nn.Linear(D_MODEL, N_JOINTS)

    def forward(self, sensors):
        h = self.encoder(self.embed(sensors) + self.position)
        return self.act(self.norm(h))


def rate(step, d_model, warmup):
    step = max(step, 1)
    return d_model ** 0.5 * min(step ** -0.5, step * warmup ** -1.5)


def demonstrations(n, mixing):
    sensors = torch.randn(n, HORIZON, N_SENSORS)
    joints = torch.tanh(sensors @ mixing) + 0.05 * torch.randn(n, HORIZON, N_JOINTS)
    return TensorDataset(sensors, joints)


def validate(policy, loader):
    policy.eval()
    total = 0.0
    with torch.no_grad():
        for sensors, joints in loader:
            total += nn.functional.smooth_l1_loss(policy(sensors), joints).item()
    return total / len(loader)


def main():
    torch.manual_seed(3)
    mixing = torch.randn(N_SENSORS, N_JOINTS) / N_SENSORS ** 0.5
    train_loader = DataLoader(demonstrations(8000, mixing), batch_size=64, shuffle=True)
    val_loader = DataLoader(demonstrations(800, mixing), batch_size=64)

    policy = Policy()
    optimizer = torch.optim.Adam(policy.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
    scheduler = LambdaLR(optimizer, lr_lambda=partial(rate, d_model=D_MODEL, warmup=WARMUP))  # expect: learning-rate-too-high

    for epoch in range(20):
        policy.train()
        for sensors, joints in train_loader:
            optimizer.zero_grad()
            loss = nn.functional.smooth_l1_loss(policy(sensors), joints)
            loss.backward()
            nn.utils.clip_grad_norm_(policy.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        print(epoch, scheduler.get_last_lr()[0], validate(policy, val_loader))


if __name__ == "__main__":
    main()
