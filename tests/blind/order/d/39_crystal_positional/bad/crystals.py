"""Formation energies with a dense graph network over crystal cells."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

ATOMS, FEATURES = 20, 12


class GraphLayer(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.own = nn.Linear(n_in, n_out)
        self.near = nn.Linear(n_in, n_out, bias=False)

    def forward(self, h, adjacency):
        return F.silu(self.own(h) + self.near(adjacency @ h))


class CrystalNet(nn.Module):
    def __init__(self, width=48, depth=3, rate=0.15):
        super().__init__()
        sizes = [FEATURES] + [width] * depth
        self.layers = nn.ModuleList(GraphLayer(a, b) for a, b in zip(sizes, sizes[1:]))
        self.energy = nn.Linear(width, 1)
        self.rate = rate

    def forward(self, atoms, adjacency):
        h = atoms
        for layer in self.layers:
            h = layer(h, adjacency)
        h = F.dropout(h.mean(dim=1), self.rate, True)  # expect: always-on-dropout
        return self.energy(h).squeeze(-1)


def cells(n):
    atoms = torch.randn(n, ATOMS, FEATURES)
    links = (torch.rand(n, ATOMS, ATOMS) < 0.2).float()
    links = ((links + links.transpose(1, 2)) > 0).float()
    adjacency = links / links.sum(dim=-1, keepdim=True).clamp(min=1.0)
    energy = (atoms[..., 0] * (adjacency @ atoms)[..., 1]).sum(dim=1) + atoms[..., 2].sum(dim=1) / 4
    return TensorDataset(atoms, adjacency, energy)


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    error, width, batches = 0.0, 0.0, 0
    for atoms, adjacency, energy in loader:
        prediction = model(atoms, adjacency)
        error += (prediction - energy).abs().mean().item()
        width += prediction.std().item()
        batches += 1
    return error / batches, width / batches


def main():
    torch.manual_seed(90)
    train_loader = DataLoader(cells(3000), batch_size=60, shuffle=True)
    val_loader = DataLoader(cells(600), batch_size=150)
    model = CrystalNet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(30):
        model.train()
        for atoms, adjacency, energy in train_loader:
            optimizer.zero_grad()
            loss = F.smooth_l1_loss(model(atoms, adjacency), energy)
            loss.backward()
            optimizer.step()
        print(epoch, "MAE %.3f eV, spread %.3f eV" % evaluate(model, val_loader))


if __name__ == "__main__":
    main()
