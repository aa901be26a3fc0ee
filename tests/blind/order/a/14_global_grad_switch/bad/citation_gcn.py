"""Semi-supervised node classification on a planted-partition graph, full batch."""
from types import SimpleNamespace

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(8)
NODES, TOPICS, WORDS = 900, 5, 60


def make_graph():
    y = torch.randint(TOPICS, (NODES,))
    same = y[:, None] == y[None, :]
    chance = torch.where(same, torch.tensor(0.03), torch.tensor(0.004))
    edges = torch.triu(torch.rand(NODES, NODES) < chance, diagonal=1).float()
    a = edges + edges.t() + torch.eye(NODES)
    d = a.sum(dim=1).rsqrt()
    x = torch.randn(NODES, WORDS)
    x[torch.arange(NODES), y] += 1.0
    order = torch.randperm(NODES)
    return SimpleNamespace(x=x, y=y, adj=d[:, None] * a * d[None, :],
                           train=order[:150], val=order[150:400], test=order[400:])


class GCN(nn.Module):
    def __init__(self, n_in, n_hidden, n_out, rate=0.5):
        super().__init__()
        self.w1 = nn.Linear(n_in, n_hidden)
        self.w2 = nn.Linear(n_hidden, n_out)
        self.rate = rate

    def forward(self, x, adj):
        h = F.relu(adj @ self.w1(x))
        h = F.dropout(h, self.rate, training=self.training)
        return adj @ self.w2(h)


def fit_once(net, graph, optimizer):
    net.train()
    optimizer.zero_grad()
    logits = net(graph.x, graph.adj)  # expect: training-under-no-grad
    loss = F.cross_entropy(logits[graph.train], graph.y[graph.train])
    loss.backward()
    optimizer.step()
    return loss.item()


def accuracy(net, graph, *parts):
    torch.set_grad_enabled(False)
    net.eval()
    guess = net(graph.x, graph.adj).argmax(dim=1)
    right = guess == graph.y
    return [right[getattr(graph, part)].float().mean().item() for part in parts]


graph = make_graph()
net = GCN(WORDS, 32, TOPICS)
optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)

for epoch in range(1, 201):
    loss = fit_once(net, graph, optimizer)
    (val,) = accuracy(net, graph, "val")
    if epoch % 20 == 0:
        print(f"{epoch:4d} loss {loss:.4f} val {val:.3f}")

print("test accuracy: %.3f" % accuracy(net, graph, "test")[0])
