"""Click model: attend over what a user has seen, given the candidate item."""
import math

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split

N_ITEMS, HISTORY, DIM = 2000, 20, 32


class Clicks(Dataset):
    def __init__(self, rows=6000, seed=3):
        g = torch.Generator().manual_seed(seed)
        taste = torch.randn(N_ITEMS + 1, 4, generator=g)
        self.history = torch.randint(1, N_ITEMS + 1, (rows, HISTORY), generator=g)
        length = torch.randint(3, HISTORY + 1, (rows, 1), generator=g)
        self.history[torch.arange(HISTORY).expand(rows, -1) >= length] = 0
        self.item = torch.randint(1, N_ITEMS + 1, (rows,), generator=g)
        affinity = (taste[self.history].mean(1) * taste[self.item]).sum(1)
        self.clicked = (affinity > affinity.median()).float()

    def __len__(self):
        return len(self.item)

    def __getitem__(self, i):
        return self.history[i], self.item[i], self.clicked[i]


class Pooling(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.query = nn.Linear(dim, dim, bias=False)
        self.key = nn.Linear(dim, dim, bias=False)
        self.scale = 1 / math.sqrt(dim)

    def forward(self, item, history, present):
        q = self.query(item)
        k = self.key(history)
        affinity = torch.einsum("bd,btd->bt", q, k) * self.scale
        weight = affinity.exp() * present
        total = weight.sum(dim=1, keepdim=True)
        weight = weight / total  # expect: hand-rolled-softmax
        return torch.einsum("bt,btd->bd", weight, history)


class ClickModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.items = nn.Embedding(N_ITEMS + 1, DIM, padding_idx=0)
        self.pool = Pooling(DIM)
        self.head = nn.Sequential(nn.Linear(3 * DIM, 64), nn.PReLU(), nn.Dropout(0.2), nn.Linear(64, 1))

    def forward(self, history, item):
        present = (history != 0).float()
        item = self.items(item)
        interest = self.pool(item, self.items(history), present)
        return self.head(torch.cat([interest, item, interest * item], dim=1)).squeeze(1)


def main():
    torch.manual_seed(3)
    train, held_out = random_split(Clicks(), [5000, 1000])
    train_loader = DataLoader(train, batch_size=128, shuffle=True)
    held_out_loader = DataLoader(held_out, batch_size=500)

    model = ClickModel()
    loss_fn = nn.BCEWithLogitsLoss()
    opt = torch.optim.AdamW(model.parameters(), lr=2e-3)

    for epoch in range(8):
        model.train()
        for history, item, clicked in train_loader:
            opt.zero_grad()
            loss = loss_fn(model(history, item), clicked)
            loss.backward()
            opt.step()

        model.eval()
        held, right = 0.0, 0
        with torch.no_grad():
            for history, item, clicked in held_out_loader:
                logit = model(history, item)
                held += loss_fn(logit, clicked).item() * len(clicked)
                right += ((logit > 0).float() == clicked).sum().item()
        print(epoch, f"loss {held / len(held_out):.4f}", f"accuracy {right / len(held_out):.3f}")


if __name__ == "__main__":
    main()
