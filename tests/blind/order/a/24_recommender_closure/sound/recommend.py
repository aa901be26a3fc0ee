# Implicit-feedback matrix factorisation.
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

USERS, ITEMS, RANK = 400, 250, 24
torch.manual_seed(11)


def interactions(n):
    taste, style = torch.randn(USERS, 6), torch.randn(ITEMS, 6)
    u = torch.randint(USERS, (n,))
    i = torch.randint(ITEMS, (n,))
    affinity = (taste[u] * style[i]).sum(dim=1)
    clicked = (torch.rand(n) < torch.sigmoid(affinity)).float()
    return u, i, clicked


class Factors(nn.Module):
    def __init__(self, users, items, rank):
        super().__init__()
        self.user = nn.Embedding(users, rank)
        self.item = nn.Embedding(items, rank)
        self.user_bias = nn.Embedding(users, 1)
        self.item_bias = nn.Embedding(items, 1)
        for table in (self.user, self.item, self.user_bias, self.item_bias):
            nn.init.normal_(table.weight, std=0.1)

    def forward(self, u, i):
        score = (self.user(u) * self.item(i)).sum(dim=1)
        return score + self.user_bias(u).squeeze(1) + self.item_bias(i).squeeze(1)


u, i, clicked = interactions(60_000)
cut = 50_000
train = DataLoader(TensorDataset(u[:cut], i[:cut], clicked[:cut]), batch_size=500, shuffle=True)
held_out = DataLoader(TensorDataset(u[cut:], i[cut:], clicked[cut:]), batch_size=1000)

model = Factors(USERS, ITEMS, RANK)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3, weight_decay=1e-5)

for epoch in range(20):
    model.train()
    total = 0.0
    for users, items, labels in train:

        def closure():
            optimizer.zero_grad()
            error = criterion(model(users, items), labels)
            error.backward()
            return error

        loss = optimizer.step(closure)
        total += loss.item()

    model.eval()
    right = 0
    with torch.no_grad():
        for users, items, labels in held_out:
            right += ((model(users, items) > 0) == (labels > 0)).sum().item()
    print(f"{epoch:2d}  loss {total / len(train):.4f}  held-out accuracy {right / (60_000 - cut):.3f}")
