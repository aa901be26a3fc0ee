import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from optim import make_optimizer, make_scheduler
from trainer import Trainer

SETTINGS = {"lr": 2e-3, "decay": 1e-2, "epochs": 30}


def molecules(n, descriptors=40):
    mixing = torch.randn(descriptors, 3, generator=torch.Generator().manual_seed(0)) / descriptors ** 0.5
    x = torch.randn(n, descriptors)
    latent = x @ mixing
    y = torch.sin(latent[:, :1]) + latent[:, 1:2] * latent[:, 2:]
    return TensorDataset(x, y + 0.05 * torch.randn(n, 1))


def main():
    torch.manual_seed(13)
    model = nn.Sequential(
        nn.Linear(40, 64), nn.SiLU(), nn.Dropout(0.1),
        nn.Linear(64, 64), nn.SiLU(),
        nn.Linear(64, 1),
    )
    train = DataLoader(molecules(6000), batch_size=100, shuffle=True)
    valid = DataLoader(molecules(1000), batch_size=500)
    optimizer = make_optimizer(model, SETTINGS)
    trainer = Trainer(model, nn.SmoothL1Loss(), optimizer, make_scheduler(optimizer, SETTINGS))
    trainer.fit(train, valid, SETTINGS["epochs"])


if __name__ == "__main__":
    main()
