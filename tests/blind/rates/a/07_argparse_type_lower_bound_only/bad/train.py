import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from options import parse


class AgeRegressor(nn.Module):
    def __init__(self, dim=192, hidden=128):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Dropout(0.3),
            nn.Linear(hidden, hidden),
            nn.BatchNorm1d(hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )

    def forward(self, x):
        return self.layers(x).squeeze(-1)


def read(path):
    with np.load(path) as archive:
        return archive["embedding"].astype("float32"), archive["age"].astype("float32")


def main(args):
    (x, age), (x_valid, age_valid) = read(args.train), read(args.valid)
    mean, std = x.mean(axis=0), x.std(axis=0) + 1e-6
    age_mean, age_std = float(age.mean()), float(age.std())

    def dataset(features, ages):
        return TensorDataset(torch.from_numpy((features - mean) / std), torch.from_numpy((ages - age_mean) / age_std))

    train_loader = DataLoader(dataset(x, age), args.batch_size, shuffle=True, drop_last=True)
    valid_loader = DataLoader(dataset(x_valid, age_valid), args.batch_size)

    model = AgeRegressor(dim=x.shape[1])
    optimizer = torch.optim.AdamW(
        params=model.parameters(),
        weight_decay=0.01,
        lr=args.lr,  # expect: unbounded-learning-rate
    )
    loss_fn = nn.L1Loss()
    for epoch in range(args.epochs):
        model.train()
        for features, target in train_loader:
            loss = loss_fn(model(features), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        error = 0.0
        with torch.no_grad():
            for features, target in valid_loader:
                error += (model(features) - target).abs().sum().item()
        print(f"epoch {epoch}: off by {age_std * error / len(age_valid):.2f} years")


if __name__ == "__main__":
    main(parse())
