"""Node classification on a block-structured graph with a two-layer GCN."""
import torch
import torch.nn.functional as F
from torch import nn

NODES, BLOCKS, FEATURES = 600, 4, 50


def block_graph(seed=0):
    g = torch.Generator().manual_seed(seed)
    block = torch.arange(NODES) % BLOCKS
    same = block[:, None] == block[None, :]
    chance = torch.where(same, 0.04, 0.004)
    upper = torch.triu(torch.rand(NODES, NODES, generator=g) < chance, diagonal=1)
    adjacency = (upper | upper.T).float() + torch.eye(NODES)
    scale = adjacency.sum(dim=1).rsqrt()
    x = torch.randn(NODES, FEATURES, generator=g) + 0.4 * F.one_hot(block, FEATURES).float()
    order = torch.randperm(NODES, generator=g)
    return scale[:, None] * adjacency * scale, x, block, order[:120], order[120:320], order[320:]


class GCN(nn.Module):
    def __init__(self, n_in, hidden, n_out, dropout=0.5):
        super().__init__()
        self.first = nn.Linear(n_in, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.second = nn.Linear(hidden, n_out)
        self.dropout = nn.Dropout(dropout)

    def forward(self, adjacency, x):
        x = F.relu(self.norm(adjacency @ self.first(self.dropout(x))))
        return adjacency @ self.second(self.dropout(x))


def by_rank(model):
    matrices = (p for p in model.parameters() if p.ndim > 1)
    vectors = (p for p in model.parameters() if p.ndim <= 1)
    return matrices, vectors


def describe(matrices, vectors):
    print(sum(p.numel() for p in matrices), "decayed,", sum(p.numel() for p in vectors), "plain")


def main():
    torch.manual_seed(0)
    adjacency, x, label, train, val, test = block_graph()
    model = GCN(FEATURES, 32, BLOCKS)

    describe(*by_rank(model))
    matrices, vectors = by_rank(model)
    groups = [{"params": matrices, "weight_decay": 5e-3}, {"params": vectors, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=1e-2)

    for epoch in range(200):
        model.train()
        optimizer.zero_grad()
        loss = F.cross_entropy(model(adjacency, x)[train], label[train])
        loss.backward()
        optimizer.step()
        if epoch % 20 == 19:
            model.eval()
            with torch.no_grad():
                guess = model(adjacency, x).argmax(dim=1)
            print(epoch + 1, f"{loss.item():.4f}", f"{(guess == label)[val].float().mean().item():.3f}")

    model.eval()
    with torch.no_grad():
        guess = model(adjacency, x).argmax(dim=1)
    print("test", f"{(guess == label)[test].float().mean().item():.3f}")


if __name__ == "__main__":
    main()
