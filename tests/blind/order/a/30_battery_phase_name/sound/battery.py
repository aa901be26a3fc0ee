"""Remaining capacity of battery cells from charging features, driven by one settings table."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SETTINGS = {
    "seed": 13,
    "hidden": [64, 32],
    "dropout": 0.1,
    "optimizer": {"name": "AdamW", "lr": 2e-3, "weight_decay": 1e-2},
    "epochs": 50,
    "phases": {
        "fit": {"rows": 3000, "batch_size": 60, "shuffle": True},
        "val": {"rows": 600, "batch_size": 200, "shuffle": False},
    },
}


def cells(rows):
    cycles = 1200 * torch.rand(rows, 1)
    temperature = 25 + 8 * torch.randn(rows, 1)
    rate = 0.5 + 1.5 * torch.rand(rows, 1)
    depth = 0.4 + 0.6 * torch.rand(rows, 1)
    fade = 1.2e-4 * cycles * depth * (1 + 0.3 * rate) * torch.exp((temperature - 25) / 40)
    capacity = 2.9 * (1 - fade) + 0.02 * torch.randn(rows, 1)
    return torch.cat([cycles, temperature, rate, depth], dim=1), capacity


def build_loaders(phases):
    tables = {name: cells(spec["rows"]) for name, spec in phases.items()}
    x_ref, y_ref = tables["fit"]
    loaders = {}
    for name, (x, y) in tables.items():
        x = (x - x_ref.mean(dim=0)) / x_ref.std(dim=0)
        y = (y - y_ref.mean()) / y_ref.std()
        spec = phases[name]
        loaders[name] = DataLoader(TensorDataset(x, y), batch_size=spec["batch_size"], shuffle=spec["shuffle"])
    return loaders


def build_model(hidden, dropout):
    layers, width = [], 4
    for size in hidden:
        layers += [nn.Linear(width, size), nn.GELU(), nn.Dropout(dropout)]
        width = size
    return nn.Sequential(*layers, nn.Linear(width, 1))


def build_optimizer(model, name, **options):
    return getattr(torch.optim, name)(model.parameters(), **options)


def run(settings):
    torch.manual_seed(settings["seed"])
    loaders = build_loaders(settings["phases"])
    model = build_model(settings["hidden"], settings["dropout"])
    optimizer = build_optimizer(model, **settings["optimizer"])
    criterion = nn.MSELoss()

    for epoch in range(settings["epochs"]):
        report = []
        for phase, loader in loaders.items():
            fitting = phase == "fit"
            model.train(fitting)
            total = 0.0
            for x, y in loader:
                with torch.set_grad_enabled(phase != "val"):
                    prediction = model(x)
                    loss = criterion(prediction, y)
                if fitting:
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()
                total += loss.item()
            report.append(f"{phase} {total / len(loader):.4f}")
        print(epoch, *report)


if __name__ == "__main__":
    run(SETTINGS)
