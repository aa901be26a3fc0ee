"""Train the feed ranker on logged impressions: user, item, clicked or not."""
import torch
from sklearn.metrics import roc_auc_score
from torch.utils.data import DataLoader, TensorDataset

from objectives import OBJECTIVES
from ranker import Ranker
from settings import Settings


def impressions(s, rows, generator):
    users = torch.randint(s.n_users, (rows,), generator=generator)
    items = torch.randint(s.n_items, (rows,), generator=generator)
    clicked = ((users + items) % 7 < 3).float().unsqueeze(1)
    return TensorDataset(users, items, clicked)


@torch.no_grad()
def auc(model, loader):
    model.eval()
    scores, clicks = [], []
    for users, items, clicked in loader:
        scores.append(model(users, items)[:, 0])
        clicks.append(clicked[:, 0])
    return roc_auc_score(torch.cat(clicks).numpy(), torch.cat(scores).numpy())


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
            loss = criterion(scores, clicked)  # expect: single-output-cross-entropy
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: auc {auc(model, val_loader):.4f}")


if __name__ == "__main__":
    main()
