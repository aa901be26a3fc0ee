import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

from losses import LossBook
from recommender import TwoTower

N_USERS, N_FILMS = 400, 250


def interactions(n, taste, style):
    user = torch.randint(N_USERS, (n,))
    film = torch.randint(N_FILMS, (n,))
    affinity = (taste[user] * style[film]).mean(dim=1) * 2.0
    rating = affinity + 0.3 * torch.randn(n)
    clicked = (affinity + 0.5 * torch.randn(n) > 0).float()
    return TensorDataset(user, film, rating, clicked)


@torch.no_grad()
def rmse(model, loader):
    model.eval()
    errors = [(model(user, film)[0] - rating) ** 2 for user, film, rating, _ in loader]
    return torch.cat(errors).mean().sqrt().item()


def main():
    torch.manual_seed(0)
    taste, style = torch.randn(N_USERS, 4), torch.randn(N_FILMS, 4)
    train = DataLoader(interactions(20000, taste, style), batch_size=200, shuffle=True)
    held_out = DataLoader(interactions(2000, taste, style), batch_size=500)

    model = TwoTower(N_USERS, N_FILMS)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-4)
    book = LossBook(rating=1.0, click=0.5)

    for epoch in range(15):
        model.train()
        for user, film, rating, clicked in train:
            optimizer.zero_grad()
            rating_hat, click_logit = model(user, film)
            book.add("rating", F.mse_loss(rating_hat, rating))
            book.add("click", F.binary_cross_entropy_with_logits(click_logit, clicked))
            book.close()
            optimizer.step()  # expect: missing-backward
        print(epoch, book.summary(), f"held-out rmse {rmse(model, held_out):.3f}")


if __name__ == "__main__":
    main()
