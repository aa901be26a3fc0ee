# Rating prediction: user and item tables get a larger rate than the dense part.
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

N_USERS, N_ITEMS, DIM = 3000, 1200, 24
TABLE_BOOST = 20


class TwoTower(nn.Module):
    def __init__(self, n_users, n_items, dim):
        super().__init__()
        self.user_table = nn.Embedding(n_users, dim)
        self.item_table = nn.Embedding(n_items, dim)
        nn.init.normal_(self.user_table.weight, std=0.05)
        nn.init.normal_(self.item_table.weight, std=0.05)
        self.mix = nn.Sequential(
            nn.Linear(2 * dim, 64),
            nn.LayerNorm(64),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(64, 1),
        )

    def forward(self, user, item):
        pair = torch.cat([self.user_table(user), self.item_table(item)], dim=1)
        return self.mix(pair).squeeze(1)


def split_parameters(net):
    tables, rest = [], []
    for name, p in net.named_parameters():
        (tables if name.endswith("_table.weight") else rest).append(p)
    return tables, rest


def make_optimizer(net, base=0.01):
    tables, rest = split_parameters(net)
    return torch.optim.Adagrad([{"params": tables, "lr": base * TABLE_BOOST}, {"params": rest}], lr=base)


def load(n, rng):
    user = rng.integers(0, N_USERS, size=n)
    item = rng.integers(0, N_ITEMS, size=n)
    stars = np.clip(np.round(3 + np.sin(user) + np.cos(item) + 0.3 * rng.standard_normal(n)), 1, 5)
    return torch.as_tensor(user), torch.as_tensor(item), torch.as_tensor(stars, dtype=torch.float32)


rng = np.random.default_rng(7)
u_train, i_train, y_train = load(80_000, rng)
u_val, i_val, y_val = load(10_000, rng)
mean, std = y_train.mean(), y_train.std()

train_loader = DataLoader(
    TensorDataset(u_train, i_train, (y_train - mean) / std), batch_size=512, shuffle=True
)
val_loader = DataLoader(TensorDataset(u_val, i_val, (y_val - mean) / std), batch_size=512)

net = TwoTower(N_USERS, N_ITEMS, DIM)
opt = make_optimizer(net)
loss_fn = nn.MSELoss()

for epoch in range(12):
    net.train()
    for user, item, target in train_loader:
        opt.zero_grad()
        loss = loss_fn(net(user, item), target)
        loss.backward()
        opt.step()

    net.eval()
    squared, count = 0.0, 0
    with torch.no_grad():
        for user, item, target in val_loader:
            squared += loss_fn(net(user, item), target).item() * len(target)
            count += len(target)
    print("epoch %d  rmse %.3f stars" % (epoch, (squared / count) ** 0.5 * std.item()))
