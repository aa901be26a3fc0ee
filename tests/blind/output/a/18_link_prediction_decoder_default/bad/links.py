"""Graph auto-encoder for link prediction, written with plain functions and a dict of weights."""
import torch
import torch.nn.functional as F
from torch.nn.init import xavier_uniform_


def community_edges(n_nodes, n_edges, groups=8):
    src = torch.randint(n_nodes, (n_edges,))
    hop = torch.randint(1, n_nodes // groups, (n_edges,)) * groups
    return torch.stack([src, (src + hop) % n_nodes])


def normalised(edges, n_nodes):
    adj = torch.eye(n_nodes)
    adj[edges[0], edges[1]] = 1.0
    adj[edges[1], edges[0]] = 1.0
    d = adj.sum(dim=1).rsqrt()
    return d[:, None] * adj * d[None, :]


def weights(*sizes):
    return {
        f"w{i}": xavier_uniform_(torch.empty(a, b)).requires_grad_()
        for i, (a, b) in enumerate(zip(sizes, sizes[1:]))
    }


def encode(params, x, adj):
    h = adj @ F.elu(adj @ x @ params["w0"])
    return h @ params["w1"]


def decode(z, edges, sigmoid=True):
    value = (z[edges[0]] * z[edges[1]]).sum(dim=-1)
    return torch.sigmoid(value) if sigmoid else value


def recon_loss(z, pos, neg):
    both = torch.cat([decode(z, pos), decode(z, neg)])
    label = torch.cat([torch.ones(pos.size(1)), torch.zeros(neg.size(1))])
    return F.binary_cross_entropy_with_logits(both, label)  # expect: sigmoid-before-logits-loss


@torch.no_grad()
def auc(params, x, adj, pos, neg):
    z = encode(params, x, adj)
    p, q = decode(z, pos), decode(z, neg)
    return (p[:, None] > q[None, :]).float().mean().item()


def main(n_nodes=400, features=24):
    torch.manual_seed(9)
    edges = community_edges(n_nodes, 3000)
    seen, hidden = edges[:, :2600], edges[:, 2600:]
    adj = normalised(seen, n_nodes)
    x = torch.randn(8, features)[torch.arange(n_nodes) % 8] + torch.randn(n_nodes, features)

    params = weights(features, 32, 16)
    optimizer = torch.optim.Adam(params.values(), lr=0.01)
    for step in range(200):
        negative = torch.randint(n_nodes, seen.shape)
        loss = recon_loss(encode(params, x, adj), seen, negative)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 20 == 0:
            score = auc(params, x, adj, hidden, torch.randint(n_nodes, hidden.shape))
            print(f"step {step:3d}  loss {loss.item():.4f}  held-out AUC {score:.3f}")


if __name__ == "__main__":
    main()
