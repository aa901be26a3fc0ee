from pathlib import Path

import torch
import yaml
from torch import nn

from molecules import GraphClassifier, loaders
from scaling import OptimSpec


def evaluate(model, loader):
    model.eval()
    right = seen = 0
    with torch.no_grad():
        for x, spread, y in loader:
            right += (model(x, spread).argmax(dim=1) == y).sum().item()
            seen += len(y)
    return right / seen


def main():
    cfg = yaml.safe_load(Path(__file__).with_name("config.yaml").read_text())
    torch.manual_seed(cfg["seed"])
    spec = OptimSpec(**cfg["optim"])
    batch_size = cfg["data"]["batch_size"]
    train_loader, valid_loader = loaders(batch_size)
    model = GraphClassifier()
    rate = spec.rate_for(batch_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=spec.weight_decay)  # expect: invalid-learning-rate
    criterion = nn.CrossEntropyLoss()
    for epoch in range(cfg["epochs"]):
        model.train()
        for x, spread, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x, spread), y)
            loss.backward()
            optimizer.step()
        print(f"{epoch:02d} {evaluate(model, valid_loader):.3f}")


if __name__ == "__main__":
    main()
