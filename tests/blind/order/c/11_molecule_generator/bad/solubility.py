"""Solubility of small molecules with a dense graph convolution."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from engine import mean_error, train_epochs

ATOMS, KINDS = 20, 9


class GraphConv(nn.Module):
    def __init__(self, fan_in, fan_out):
        super().__init__()
        self.own = nn.Linear(fan_in, fan_out)
        self.near = nn.Linear(fan_in, fan_out, bias=False)

    def forward(self, adjacency, h):
        return F.relu(self.own(h) + adjacency @ self.near(h))


class Solubility(nn.Module):
    def __init__(self, width=48, depth=3, p=0.2):
        super().__init__()
        sizes = [KINDS] + [width] * depth
        self.convs = nn.ModuleList(GraphConv(a, b) for a, b in zip(sizes, sizes[1:]))
        self.drop = nn.Dropout(p)
        self.out = nn.Linear(width, 1)

    def forward(self, adjacency, atoms):
        h = atoms
        for conv in self.convs:
            h = self.drop(conv(adjacency, h))
        return self.out(h.mean(dim=1)).squeeze(-1)


def molecules(n):
    bonds = (torch.rand(n, ATOMS, ATOMS) > 0.85).float()
    bonds = ((bonds + bonds.transpose(1, 2)) > 0).float()
    adjacency = bonds / bonds.sum(-1, keepdim=True).clamp(min=1)
    atoms = F.one_hot(torch.randint(KINDS, (n, ATOMS)), KINDS).float()
    target = 3 * (atoms[..., 0] - atoms[..., 1]).mean(1) + 0.1 * torch.randn(n)
    return TensorDataset(adjacency, atoms, target)


if __name__ == "__main__":
    torch.manual_seed(8)
    train_loader = DataLoader(molecules(2000), batch_size=40, shuffle=True)
    valid_loader = DataLoader(molecules(400), batch_size=100)
    model = Solubility()
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    best = float("inf")
    for epoch, loss in train_epochs(model, train_loader, optimizer, nn.MSELoss(), epochs=30):
        error = mean_error(model, valid_loader)
        if error < best:
            best = error
            torch.save(model.state_dict(), "solubility.pt")
        print(f"{epoch:2d}  train {loss:.4f}  validation MAE {error:.4f}")
