import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

DENSITY = torch.tensor([0.1, 0.2, 0.35])


def sample(n_graphs: int, n_nodes: int = 20, seed: int = 0) -> TensorDataset:
    gen = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, len(DENSITY), (n_graphs,), generator=gen)
    noise = torch.rand(n_graphs, n_nodes, n_nodes, generator=gen)
    upper = torch.triu((noise < DENSITY[labels].view(-1, 1, 1)).float(), diagonal=1)
    edges = upper + upper.transpose(1, 2)
    share = edges.mean(dim=2, keepdim=True)
    atoms = torch.randn(n_graphs, n_nodes, 7, generator=gen)
    loops = edges + torch.eye(n_nodes)
    return TensorDataset(torch.cat([atoms, share], dim=2), loops / loops.sum(dim=2, keepdim=True), labels)


def loaders(batch_size: int) -> tuple[DataLoader, DataLoader]:
    return (
        DataLoader(sample(3000, seed=1), batch_size=batch_size, shuffle=True),
        DataLoader(sample(600, seed=2), batch_size=batch_size),
    )


class MessageLayer(nn.Module):
    def __init__(self, n_in: int, n_out: int):
        super().__init__()
        self.own, self.others = nn.Linear(n_in, n_out), nn.Linear(n_in, n_out)
        self.norm = nn.LayerNorm(n_out)

    def forward(self, x, spread):
        return torch.relu(self.norm(self.own(x) + self.others(spread @ x)))


class GraphClassifier(nn.Module):
    def __init__(self, n_in: int = 8, width: int = 48, n_classes: int = 3):
        super().__init__()
        self.layers = nn.ModuleList([MessageLayer(n_in, width), MessageLayer(width, width)])
        self.readout = nn.Linear(width, n_classes)

    def forward(self, x, spread):
        for layer in self.layers:
            x = layer(x, spread)
        return self.readout(x.mean(dim=1))
