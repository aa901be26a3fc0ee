"""Train the feed ranker on logged slates: user, ten items shown, position of the one clicked."""
import torch
from torch.utils.data import DataLoader, TensorDataset

from objectives import OBJECTIVES
from ranker import Ranker
from settings import Settings

SLATE = 10


def impressions(s, rows, generator):
    users = torch.randint(s.n_users, (rows,), generator=generator)
    items = torch.randint(s.n_items, (rows, SLATE), generator=generator)
    clicked = ((users.unsqueeze(1) + items) % 97).argmax(dim=1)
    return TensorDataset(users, items, clicked)


@torch.no_grad()
def hit_rate(model, loader):
    model.eval()
    hits, rows = 0, 0
    for users, items, clicked in loader:
        hits += (model(users, items).argmax(dim=1) == clicked).sum().item()
        rows += len(clicked)
    return hits / rows


def main(settings=Settings()):
    torch.manual_seed(settings.seed)
    generator = torch.Generator().manual_seed(settings.seed)
    train_set = impressions(settings.model, 20000, generator)
    val_set = impressions(settings.model, 4000, generator)
    train_loader = DataLoader(train_set, batch_size=settings.batch_size, shuffle=True)
    val_loader = DataLoader(val_set, batch_size=1000)

    model = Ranker(settings.model)
    criterion = OBJECTIVES[settings.objective]()
    optimizer = torch.optim.AdamW(model.parameters(), lr=settings.lr)

    for epoch in range(settings.epochs):
        model.train()
        for users, items, clicked in train_loader:
            scores = model(users, items)
            loss = criterion(scores, clicked)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: hit rate {hit_rate(model, val_loader):.4f}")


if __name__ == "__main__":
    main()
