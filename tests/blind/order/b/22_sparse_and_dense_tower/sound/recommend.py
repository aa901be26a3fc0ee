"""Click model: sparse tables with their own optimizer, a small dense tower with another."""
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset, random_split


class ClickModel(nn.Module):
    def __init__(self, users, items, dim=16):
        super().__init__()
        self.tables = nn.ModuleDict({
            "user": nn.Embedding(users, dim, sparse=True),
            "item": nn.Embedding(items, dim, sparse=True),
        })
        self.tower = nn.Sequential(
            nn.Linear(2 * dim, 64), nn.ReLU(),
            nn.Linear(64, 32), nn.ReLU(),
            nn.Linear(32, 1),
        )

    def forward(self, user, item):
        pair = torch.cat([self.tables["user"](user), self.tables["item"](item)], dim=1)
        return self.tower(pair).squeeze(1)


def synthetic(n=40_000, users=2_000, items=800):
    user = torch.randint(users, (n,))
    item = torch.randint(items, (n,))
    taste, kind = torch.randn(users, 4), torch.randn(items, 4)
    clicked = torch.bernoulli(torch.sigmoid((taste[user] * kind[item]).sum(dim=1)))
    return TensorDataset(user, item, clicked)


def train_epoch(model, loader, opt_tables, opt_tower):
    model.train()
    running = 0.0
    for user, item, clicked in loader:
        model.zero_grad(set_to_none=True)
        loss = F.binary_cross_entropy_with_logits(model(user, item), clicked)
        loss.backward()
        opt_tables.step()
        opt_tower.step()
        running += loss.item()
    return running / len(loader)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    loss, right, seen = 0.0, 0, 0
    for user, item, clicked in loader:
        logits = model(user, item)
        loss += F.binary_cross_entropy_with_logits(logits, clicked, reduction="sum").item()
        right += ((logits > 0) == (clicked > 0.5)).sum().item()
        seen += clicked.numel()
    return loss / seen, right / seen


def main():
    torch.manual_seed(11)
    train_set, valid_set = random_split(synthetic(), [36_000, 4_000])
    train = DataLoader(train_set, batch_size=256, shuffle=True)
    valid = DataLoader(valid_set, batch_size=1000)

    model = ClickModel(users=2_000, items=800)
    opt_tables = torch.optim.SparseAdam(list(model.tables.parameters()), lr=2e-3)
    opt_tower = torch.optim.AdamW(model.tower.parameters(), lr=1e-3, weight_decay=1e-3)

    for epoch in range(8):
        fitted = train_epoch(model, train, opt_tables, opt_tower)
        loss, accuracy = evaluate(model, valid)
        print(f"{epoch}: train {fitted:.4f} valid {loss:.4f} accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
