"""Two-layer graph convolution on a synthetic citation graph, full batch."""
from contextlib import contextmanager

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils import clip_grad_norm_

NODES, FEATURES, CLASSES = 1200, 64, 5


@contextmanager
def fresh_gradients(optimizer):
    """Leaves no gradients behind for whoever uses the parameters next."""
    yield
    optimizer.zero_grad(set_to_none=True)


def random_graph(seed: int = 1):
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, CLASSES, (NODES,), generator=g)
    same = labels[:, None] == labels[None, :]
    odds = torch.where(same, 0.02, 0.002)
    edges = (torch.rand(NODES, NODES, generator=g) < odds).float()
    adj = ((edges + edges.T) > 0).float()
    adj.fill_diagonal_(1.0)
    scale = adj.sum(1).rsqrt()
    adj = scale[:, None] * adj * scale[None, :]
    centres = torch.randn(CLASSES, FEATURES, generator=g)
    x = 0.3 * centres[labels] + torch.randn(NODES, FEATURES, generator=g)
    order = torch.randperm(NODES, generator=g)
    return x, adj, labels, order[:600], order[600:]


class GCN(nn.Module):
    def __init__(self, hidden: int = 32, drop: float = 0.5):
        super().__init__()
        self.lift = nn.Linear(FEATURES, hidden)
        self.out = nn.Linear(hidden, CLASSES)
        self.drop = drop

    def forward(self, x, adj):
        h = F.relu(adj @ self.lift(x))
        h = F.dropout(h, self.drop, training=self.training)
        return adj @ self.out(h)


def accuracy(model, x, adj, labels, nodes):
    model.eval()
    with torch.no_grad():
        guess = model(x, adj)[nodes].argmax(dim=1)
    return (guess == labels[nodes]).float().mean().item()


def main():
    torch.manual_seed(0)
    x, adj, labels, train_nodes, held_out = random_graph()
    model = GCN()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01, weight_decay=5e-4)

    for epoch in range(200):
        model.train()
        with fresh_gradients(optimizer):
            logits = model(x, adj)
            loss = F.cross_entropy(logits[train_nodes], labels[train_nodes])
            loss.backward()
            clip_grad_norm_(model.parameters(), 2.0)
            optimizer.step()

        if epoch % 20 == 0:
            print(epoch, f"{loss.item():.4f}", f"{accuracy(model, x, adj, labels, held_out):.3f}")


if __name__ == "__main__":
    main()
