"""Will the user click? Interest attention: the candidate asks the user's history (after DIN)."""
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

N_ITEMS, N_GENRES, HISTORY, DIM = 2000, 25, 20, 16


def make_log(n_rows=40_000, seed=11):
    rng = np.random.default_rng(seed)
    genre = rng.integers(0, N_GENRES, N_ITEMS + 1)
    history = rng.integers(1, N_ITEMS + 1, (n_rows, HISTORY))
    lengths = rng.integers(3, HISTORY + 1, n_rows)
    history[np.arange(HISTORY) >= lengths[:, None]] = 0
    candidate = rng.integers(1, N_ITEMS + 1, n_rows)
    kinship = ((genre[history] == genre[candidate][:, None]) & (history > 0)).sum(axis=1)
    click = rng.random(n_rows) < 0.1 + 0.35 * np.minimum(kinship, 2)
    return TensorDataset(
        torch.from_numpy(history),
        torch.from_numpy(candidate),
        torch.from_numpy(click.astype(np.float32)),
    )


class InterestNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(N_ITEMS + 1, DIM, padding_idx=0)
        self.relevance = nn.Sequential(nn.Linear(3 * DIM, 32), nn.PReLU(), nn.Linear(32, 1))
        self.tower = nn.Sequential(
            nn.Linear(3 * DIM, 64), nn.PReLU(), nn.Dropout(0.2), nn.Linear(64, 1)
        )

    def interest(self, history, target):
        past = self.items(history)
        wanted = target.unsqueeze(1).expand_as(past)
        scores = self.relevance(torch.cat([past, wanted, past * wanted], dim=-1)).squeeze(-1)
        scores = scores.masked_fill(history == 0, -1e9)
        weights = torch.softmax(scores, dim=-1)
        return (weights.unsqueeze(-1) * past).sum(dim=1)

    def forward(self, history, candidate):
        target = self.items(candidate)
        interest = self.interest(history, target)
        return self.tower(torch.cat([interest, target, interest * target], dim=-1)).squeeze(-1)


torch.manual_seed(0)
train_set, valid_set = random_split(make_log(), [36_000, 4_000])
train_loader = DataLoader(train_set, batch_size=256, shuffle=True)
valid_loader = DataLoader(valid_set, batch_size=1000)

model = InterestNet()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-6)

for epoch in range(15):
    model.train()
    for history, candidate, click in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(history, candidate), click)
        loss.backward()
        optimizer.step()

    model.eval()
    losses, hits = [], 0
    with torch.no_grad():
        for history, candidate, click in valid_loader:
            logits = model(history, candidate)
            losses.append(criterion(logits, click).item())
            hits += ((torch.sigmoid(logits) > 0.5) == (click > 0.5)).sum().item()
    print(f"epoch {epoch:2d}: log loss {np.mean(losses):.4f}, accuracy {hits / len(valid_set):.3f}")
