import json
from pathlib import Path

import torch
from torch.utils.data import DataLoader, TensorDataset, random_split

from components import build


def headlines(n: int, vocab_size: int, classes: int, length: int = 20) -> TensorDataset:
    label = torch.randint(classes, (n,))
    common = torch.randint(vocab_size, (n, length))
    topical = torch.randint(vocab_size // classes, (n, length)) + label[:, None] * (vocab_size // classes)
    tokens = torch.where(torch.rand(n, length) < 0.3, topical, common)
    return TensorDataset(tokens, label)


@torch.no_grad()
def accuracy(model, loader) -> float:
    model.eval()
    right = sum((model(tokens).argmax(dim=-1) == label).sum().item() for tokens, label in loader)
    return right / len(loader.dataset)


def main() -> None:
    cfg = json.loads((Path(__file__).parent / "config.json").read_text())
    torch.manual_seed(11)
    data = headlines(6000, cfg["model"]["vocab_size"], cfg["model"]["classes"])
    train_set, valid_set = random_split(data, [5000, 1000])
    train_loader = DataLoader(train_set, batch_size=cfg["train"]["batch_size"], shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=256)

    model, criterion, optimizer = build(cfg)
    for epoch in range(cfg["train"]["epochs"]):
        model.train()
        for tokens, label in train_loader:
            optimizer.zero_grad()
            output = model(tokens)
            loss = criterion(output, label)  # expect: softmax-before-cross-entropy
            loss.backward()
            optimizer.step()
        print(epoch, f"{accuracy(model, valid_loader):.3f}")


if __name__ == "__main__":
    main()
