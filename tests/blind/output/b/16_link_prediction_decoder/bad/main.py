"""Link prediction on a small citation-like graph, all nodes in one batch."""
import torch

from autoencoder import GCNEncoder, GraphAutoEncoder

N_NODES, N_FEATURES, N_GROUPS = 600, 32, 6


def planted_graph():
    group = torch.randint(N_GROUPS, (N_NODES,))
    centres = torch.randn(N_GROUPS, N_FEATURES)
    x = centres[group] + torch.randn(N_NODES, N_FEATURES)
    same = group[:, None] == group[None, :]
    chance = torch.where(same, 0.06, 0.004)
    edges = torch.bernoulli(chance).triu(diagonal=1).nonzero().T
    return x, edges[:, torch.randperm(edges.shape[1])]


def normalised_adjacency(edges):
    a = torch.eye(N_NODES)
    a[edges[0], edges[1]] = 1.0
    a[edges[1], edges[0]] = 1.0
    d = a.sum(dim=1).rsqrt()
    return d[:, None] * a * d[None, :]


def sample_pairs(count):
    return torch.randint(N_NODES, (2, count))


def main():
    torch.manual_seed(5)
    x, edges = planted_graph()
    n_held = edges.shape[1] // 10
    held, seen = edges[:, :n_held], edges[:, n_held:]
    held_negative = sample_pairs(n_held)
    adj = normalised_adjacency(seen)

    model = GraphAutoEncoder(GCNEncoder(N_FEATURES, 64, 16))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

    for epoch in range(1, 201):
        model.train()
        optimizer.zero_grad()
        z = model.encode(x, adj)
        loss = model.recon_loss(z, seen, sample_pairs(seen.shape[1]))
        loss.backward()
        optimizer.step()

        if epoch % 20 == 0:
            model.eval()
            with torch.no_grad():
                z = model.encode(x, adj)
            print(f"{epoch:4d}  loss {loss.item():.4f}  auc {model.auc(z, held, held_negative):.3f}")


if __name__ == "__main__":
    main()
