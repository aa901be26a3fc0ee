"""Five-fold estimate of the error of an alloy hardness model."""
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from engine import evaluate, fit
from model import make_model

FOLDS, EPOCHS, RATE = 5, 60, 3e-3


def alloys(n=1500, elements=8, seed=0):
    rng = np.random.default_rng(seed)
    share = rng.dirichlet(np.ones(elements), size=n)
    strength = rng.uniform(50, 400, elements)
    pairs = rng.normal(0, 300, (elements, elements))
    hardness = share @ strength + np.einsum("ni,ij,nj->n", share, pairs, share) + rng.normal(0, 5, n)
    return torch.tensor(share, dtype=torch.float32), torch.tensor(hardness, dtype=torch.float32).unsqueeze(1)


def fold_loaders(x, y, held, rest):
    mx, sx = x[rest].mean(dim=0), x[rest].std(dim=0)
    my, sy = y[rest].mean(), y[rest].std()
    x, y = (x - mx) / sx, (y - my) / sy
    train = DataLoader(TensorDataset(x[rest], y[rest]), batch_size=40, shuffle=True)
    val = DataLoader(TensorDataset(x[held], y[held]), batch_size=100)
    return train, val


def main():
    torch.manual_seed(0)
    x, y = alloys()
    parts = torch.randperm(len(x)).chunk(FOLDS)
    scores = []
    for k in range(FOLDS):
        rest = torch.cat([part for j, part in enumerate(parts) if j != k])
        train, val = fold_loaders(x, y, parts[k], rest)
        model = make_model(x.shape[1])
        for epoch in range(EPOCHS):
            fit(model, train, RATE * 0.97**epoch)
        scores.append(evaluate(model, val))
        print(f"fold {k}: {scores[-1]:.4f}")
    print(f"mean {np.mean(scores):.4f} ± {np.std(scores):.4f}")


if __name__ == "__main__":
    main()
