"""Bayesian personalised ranking on board-game ratings."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

N_USERS, N_GAMES = 2000, 600


class BPR(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.user = nn.Embedding(N_USERS, dim, sparse=True)
        self.game = nn.Embedding(N_GAMES, dim, sparse=True)
        self.popularity = nn.Parameter(torch.zeros(N_GAMES))
        nn.init.normal_(self.user.weight, std=0.1)
        nn.init.normal_(self.game.weight, std=0.1)

    def forward(self, u, g):
        return (self.user(u) * self.game(g)).sum(-1) + self.popularity[g]


def triplets(n):
    u = torch.randint(N_USERS, (n,))
    liked = (u * 7 + torch.randint(40, (n,))) % N_GAMES
    other = torch.randint(N_GAMES, (n,))
    return TensorDataset(u, liked, other)


def auc(model, loader):
    model.eval()
    wins = 0
    with torch.no_grad():
        for u, liked, other in loader:
            wins += (model(u, liked) > model(u, other)).sum().item()
    return wins / len(loader.dataset)


torch.manual_seed(11)
train_loader = DataLoader(triplets(40_000), batch_size=256, shuffle=True)
valid_loader = DataLoader(triplets(4_000), batch_size=1000)

model = BPR()
optimizers = [
    torch.optim.SparseAdam([model.user.weight, model.game.weight], lr=5e-3),
    torch.optim.Adam([model.popularity], lr=5e-3),
]

for epoch in range(10):
    model.train()
    seen = 0.0
    pending = False
    for u, liked, other in train_loader:
        if pending:
            for opt in optimizers:
                opt.step()
                opt.zero_grad()
        margin = model(u, liked) - model(u, other)
        loss = -F.logsigmoid(margin).mean()
        loss.backward()
        pending = True
        seen += loss.item()
    for opt in optimizers:
        opt.step()
        opt.zero_grad()
    print(f"{epoch:2d} loss {seen / len(train_loader):.4f} auc {auc(model, valid_loader):.4f}")
