# Node classification: one expert per neighbourhood radius, their opinions are pooled.
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(9)

# ---- graph with planted communities
n, n_feat, n_class, n_hop = 900, 24, 5, 3
y = torch.randint(n_class, (n,))
x = torch.randn(n_class, n_feat)[y] + 1.5 * torch.randn(n, n_feat)
same = y[:, None] == y[None, :]
upper = torch.bernoulli(torch.where(same, 0.03, 0.003)).triu(diagonal=1)
adj = upper + upper.T + torch.eye(n)
adj = adj / adj.sum(dim=1, keepdim=True)

order = torch.randperm(n)
train_idx, val_idx, test_idx = order[:300], order[300:500], order[500:]

# ---- features seen from 0, 1, 2, 3 hops away
hops = [x]
for _ in range(n_hop):
    hops.append(adj @ hops[-1])


class Expert(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.hidden = nn.Linear(n_feat, width)
        self.out = nn.Linear(width, n_class)

    def forward(self, h):
        h = F.dropout(F.relu(self.hidden(h)), p=0.5, training=self.training)
        return F.log_softmax(self.out(h), dim=1)


class HopEnsemble(nn.Module):
    def __init__(self):
        super().__init__()
        self.experts = nn.ModuleList([Expert() for _ in range(n_hop + 1)])

    def forward(self, hops):
        opinions = torch.stack([expert(h) for expert, h in zip(self.experts, hops)])
        return torch.logsumexp(opinions, dim=0) - math.log(len(self.experts))


net = HopEnsemble()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01, weight_decay=5e-4)

best_val, best_test = 0.0, 0.0
for epoch in range(200):
    net.train()
    optimizer.zero_grad()
    log_p = net(hops)
    loss = F.nll_loss(log_p[train_idx], y[train_idx])
    loss.backward()
    optimizer.step()

    net.eval()
    with torch.no_grad():
        right = net(hops).argmax(dim=1) == y
    val_acc = right[val_idx].float().mean().item()
    if val_acc > best_val:
        best_val, best_test = val_acc, right[test_idx].float().mean().item()
    if epoch % 20 == 0:
        print(f"{epoch:3d}  loss {loss.item():.4f}  val {val_acc:.3f}")

print(f"test accuracy at best validation epoch: {best_test:.3f}")
