"""Which newsgroup is a post from? A multi-layer perceptron over tf-idf."""
from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.datasets import fetch_20newsgroups
from sklearn.feature_extraction.text import TfidfVectorizer
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
}


@dataclass(frozen=True)
class Config:
    vocabulary: int = 4000
    hidden: tuple[int, ...] = (512, 128)
    groups: int = 20
    dropout: float = 0.0
    optimizer: str = "adam"
    lr: float = 1e-3
    batch_size: int = 64
    epochs: int = 30


def load(cfg: Config) -> tuple[TensorDataset, TensorDataset]:
    strip = ("headers", "footers", "quotes")
    train = fetch_20newsgroups(subset="train", remove=strip)
    test = fetch_20newsgroups(subset="test", remove=strip)
    vectorizer = TfidfVectorizer(max_features=cfg.vocabulary, sublinear_tf=True, stop_words="english")
    x_train = vectorizer.fit_transform(train.data).toarray().astype(np.float32)
    x_test = vectorizer.transform(test.data).toarray().astype(np.float32)
    return (
        TensorDataset(torch.from_numpy(x_train), torch.as_tensor(train.target, dtype=torch.long)),
        TensorDataset(torch.from_numpy(x_test), torch.as_tensor(test.target, dtype=torch.long)),
    )


def build(cfg: Config) -> nn.Sequential:
    layers: list[nn.Module] = []
    width = cfg.vocabulary
    for units in cfg.hidden:
        layers += [nn.Linear(width, units), nn.ReLU()]
        if cfg.dropout > 0:
            layers.append(nn.Dropout(cfg.dropout))
        width = units
    layers.append(nn.Linear(width, cfg.groups))
    return nn.Sequential(*layers)


@torch.no_grad()
def accuracy(model: nn.Module, loader: DataLoader) -> float:
    model.eval()
    hits = seen = 0
    for x, y in loader:
        hits += (model(x).argmax(dim=1) == y).sum().item()
        seen += len(y)
    return hits / seen


def train(cfg: Config) -> nn.Module:
    train_set, test_set = load(cfg)
    train_loader = DataLoader(train_set, batch_size=cfg.batch_size, shuffle=True)
    test_loader = DataLoader(test_set, batch_size=256)
    model = build(cfg)
    optimizer = OPTIMIZERS[cfg.optimizer](model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()  # expect: missing-dropout
            optimizer.step()
        print(f"epoch {epoch + 1:2d}  held-out accuracy {accuracy(model, test_loader):.3f}")
    return model


if __name__ == "__main__":
    config = Config()
    print(asdict(config))
    torch.save(train(config).state_dict(), "newsgroups.pt")
