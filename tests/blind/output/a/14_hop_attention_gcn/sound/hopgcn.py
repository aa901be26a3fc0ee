"""Semi-supervised node classification; hops are weighted per node by attention."""
import torch
import torch.nn.functional as F
from torch import nn


def sbm_graph(blocks=5, size=60, p_in=0.12, p_out=0.01, features=32):
    y = torch.arange(blocks).repeat_interleave(size)
    same = y[:, None] == y[None, :]
    edge = torch.rand(len(y), len(y)) < torch.where(same, p_in, p_out)
    adj = torch.triu(edge, diagonal=1).float()
    adj = adj + adj.T + torch.eye(len(y))
    d = adj.sum(dim=1).rsqrt()
    x = torch.randn(blocks, features)[y] * 0.5 + torch.randn(len(y), features)
    return x, d[:, None] * adj * d[None, :], y


class PropagationNet(nn.Module):
    """Template: encode, merge the hops, score."""

    def __init__(self, features: int, hidden: int, classes: int, hops: int = 3):
        super().__init__()
        self.hops = hops
        self.inp = nn.Linear(features, hidden)
        self.score = nn.Linear(hidden, classes)

    def encode(self, x, adj):
        h = F.dropout(F.elu(self.inp(x)), p=0.5, training=self.training)
        out = [h]
        for _ in range(self.hops):
            out.append(adj @ out[-1])
        return torch.stack(out, dim=1)

    def merge(self, states):
        return states.mean(dim=1)

    def forward(self, x, adj):
        return self.score(self.merge(self.encode(x, adj)))


class HopAttention(PropagationNet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.query = nn.Linear(self.score.in_features, 1)

    def merge(self, states):
        weight = self.query(states).softmax(dim=1)
        return (weight * states).sum(dim=1)

    def forward(self, x, adj):
        z = super().forward(x, adj)
        return z

    @torch.no_grad()
    def confidence(self, x, adj):
        self.eval()
        return self(x, adj).softmax(dim=-1).max(dim=-1)


def run(seed: int) -> float:
    torch.manual_seed(seed)
    x, adj, y = sbm_graph()
    order = torch.randperm(len(y))
    labelled, heldout = order[:100], order[100:]

    model = HopAttention(x.size(1), 32, classes=5)
    opt = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)
    for _ in range(200):
        model.train()
        opt.zero_grad()
        z = model(x, adj)
        F.cross_entropy(z[labelled], y[labelled]).backward()
        opt.step()

    top, guess = model.confidence(x, adj)
    print(f"seed {seed}: mean confidence {top[heldout].mean().item():.3f}")
    return (guess[heldout] == y[heldout]).float().mean().item()


if __name__ == "__main__":
    scores = torch.tensor([run(seed) for seed in range(5)])
    print(f"accuracy {scores.mean():.3f} +- {scores.std():.3f}")
