from functools import partial

import torch
import torch.nn.functional as F

from factors import BiasedFactors

N_USERS, N_ITEMS, N = 400, 250, 20_000


def ratings(gen: torch.Generator):
    user = torch.randint(N_USERS, (N,), generator=gen)
    item = torch.randint(N_ITEMS, (N,), generator=gen)
    taste = torch.randn(N_USERS, generator=gen)[user] * torch.randn(N_ITEMS, generator=gen)[item]
    stars = (3.4 + taste + 0.3 * torch.randn(N, generator=gen)).clamp(1, 5)
    return user, item, stars


def batches(rows: torch.Tensor, size: int):
    order = rows[torch.randperm(len(rows))]
    yield from order.split(size)


def main() -> None:
    gen = torch.Generator().manual_seed(3)
    user, item, stars = ratings(gen)
    perm = torch.randperm(N, generator=gen)
    train, test = perm[:16_000], perm[16_000:]

    mean = stars[train].mean()
    residual = stars - mean

    model = BiasedFactors(N_USERS, N_ITEMS, dim=16, link=partial(torch.clamp, min=0.0))
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-5)

    for epoch in range(15):
        for rows in batches(train, 256):
            pred = model(user[rows], item[rows])
            loss = F.mse_loss(pred, residual[rows])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()

        guess = model.stars(user[test], item[test], mean)
        rmse = (guess - stars[test]).square().mean().sqrt()
        print(f"{epoch:2d}  test rmse {rmse.item():.4f}")


if __name__ == "__main__":
    main()
