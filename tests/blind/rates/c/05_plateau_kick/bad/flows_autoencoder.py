# network intrusion: autoencoder on normal flows only, large error = anomaly
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 80
KICK = 1.5
LONGEST_WAIT = 8

raw = np.loadtxt("normal_flows.csv", delimiter=",", skiprows=1, dtype=np.float32)
rng = np.random.default_rng(1)
raw = raw[rng.permutation(len(raw))]
cut = int(0.8 * len(raw))
train_raw, valid_raw = raw[:cut], raw[cut:]
mean, std = train_raw.mean(axis=0), train_raw.std(axis=0) + 1e-6
train_x = torch.from_numpy((train_raw - mean) / std)
valid_x = torch.from_numpy((valid_raw - mean) / std)
n_features = train_x.shape[1]

model = nn.Sequential(
    nn.Linear(n_features, 24),
    nn.LeakyReLU(),
    nn.Linear(24, 6),
    nn.LeakyReLU(),
    nn.Linear(6, 24),
    nn.LeakyReLU(),
    nn.Linear(24, n_features),
)
mse = nn.MSELoss()
lr = 0.01
opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
loader = DataLoader(TensorDataset(train_x), batch_size=128, shuffle=True)

best = float("inf")
stuck = 0
wait = 3

for epoch in range(EPOCHS):
    model.train()
    for (x,) in loader:
        opt.zero_grad()
        loss = mse(model(x), x)
        loss.backward()
        opt.step()

    model.eval()
    with torch.no_grad():
        valid = mse(model(valid_x), valid_x).item()

    if valid < best:
        best = valid
        stuck = 0
        torch.save(model.state_dict(), "flows_best.pt")
    else:
        stuck += 1

    # sitting on a plateau: kick the net out of it
    if stuck >= wait:
        stuck = 0
        wait += 1
        lr *= KICK
        if wait > LONGEST_WAIT:
            wait = LONGEST_WAIT
        for group in opt.param_groups:
            group["lr"] = lr  # expect: unbounded-learning-rate
    print(epoch, valid, lr)

model.load_state_dict(torch.load("flows_best.pt"))
model.eval()
with torch.no_grad():
    errors = ((model(valid_x) - valid_x) ** 2).mean(dim=1)
print("alarm above", torch.quantile(errors, 0.99).item())
