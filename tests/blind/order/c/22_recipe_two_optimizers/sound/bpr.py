"""Which recipe next? Pairwise ranking over bags of ingredients."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

INGREDIENTS = 4000
WIDTH = 32


class PantryModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.taste = nn.EmbeddingBag(INGREDIENTS, WIDTH, mode="mean", sparse=True)
        self.dish = nn.EmbeddingBag(INGREDIENTS, WIDTH, mode="mean", sparse=True)
        self.tower = nn.Sequential(
            nn.Linear(2 * WIDTH, 64),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Linear(64, 1),
        )

    def forward(self, cooked, recipe):
        pair = torch.cat([self.taste(cooked), self.dish(recipe)], dim=1)
        return self.tower(pair).squeeze(1)


def interactions(n, seed):
    g = torch.Generator().manual_seed(seed)
    cooked = torch.randint(INGREDIENTS, (n, 20), generator=g)
    chosen = torch.cat([cooked[:, :4], torch.randint(INGREDIENTS, (n, 4), generator=g)], dim=1)
    ignored = torch.randint(INGREDIENTS, (n, 8), generator=g)
    return TensorDataset(cooked, chosen, ignored)


def ranked_right(model, loader):
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for cooked, chosen, ignored in loader:
            hits += (model(cooked, chosen) > model(cooked, ignored)).sum().item()
            total += len(cooked)
    return hits / total


def main():
    torch.manual_seed(7)
    model = PantryModel()
    tables = [model.taste.weight, model.dish.weight]
    sparse_opt = torch.optim.SparseAdam(tables, lr=2e-3)
    dense_opt = torch.optim.AdamW(model.tower.parameters(), lr=1e-3)

    train = DataLoader(interactions(6000, 0), batch_size=100, shuffle=True)
    held_out = DataLoader(interactions(1000, 1), batch_size=250)

    for epoch in range(12):
        model.train()
        running = 0.0
        for cooked, chosen, ignored in train:
            model.zero_grad(set_to_none=True)
            margin = model(cooked, chosen) - model(cooked, ignored)
            loss = -F.logsigmoid(margin).mean()
            loss.backward()
            for opt in (dense_opt, sparse_opt):
                opt.step()
            running += loss.item()
        print(epoch, running / len(train), ranked_right(model, held_out))


if __name__ == "__main__":
    main()
