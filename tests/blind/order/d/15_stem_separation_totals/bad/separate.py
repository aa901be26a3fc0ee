"""Split a mixture into vocals and accompaniment with a small masking network on the waveform."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

STEMS = ("vocals", "accompaniment")
SAMPLES = 8000


class MaskNet(nn.Module):
    def __init__(self, filters=64, kernel=16, depth=4):
        super().__init__()
        self.analysis = nn.Conv1d(1, filters, kernel, stride=kernel // 2)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv1d(filters, filters, 3, padding=2**k, dilation=2**k), nn.GroupNorm(8, filters), nn.PReLU()
            )
            for k in range(depth)
        )
        self.masks = nn.Conv1d(filters, len(STEMS) * filters, 1)
        self.synthesis = nn.ConvTranspose1d(filters, 1, kernel, stride=kernel // 2)

    def forward(self, mixture):
        code = torch.relu(self.analysis(mixture.unsqueeze(1)))
        hidden = code
        for block in self.blocks:
            hidden = hidden + block(hidden)
        masks = torch.sigmoid(self.masks(hidden)).chunk(len(STEMS), dim=1)
        return torch.stack([self.synthesis(m * code).squeeze(1) for m in masks], dim=1)


def excerpts(n):
    stems = 0.3 * torch.randn(n, len(STEMS), SAMPLES)
    return TensorDataset(stems.sum(dim=1), stems)


def stem_losses(estimate, reference):
    return {stem: F.l1_loss(estimate[:, k], reference[:, k]) for k, stem in enumerate(STEMS)}


@torch.no_grad()
def validate(net, loader):
    net.eval()
    totals, n = dict.fromkeys(STEMS, 0.0), 0
    for mixture, stems in loader:
        for stem, value in stem_losses(net(mixture), stems).items():
            totals[stem] += value * len(mixture)
        n += len(mixture)
    return {stem: float(total) / n for stem, total in totals.items()}


def train_epoch(net, loader, optimizer):
    net.train()
    totals, n = dict.fromkeys(STEMS, 0.0), 0
    for mixture, stems in loader:
        parts = stem_losses(net(mixture), stems)
        optimizer.zero_grad()
        sum(parts.values()).backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        for stem, value in parts.items():
            totals[stem] += value * len(mixture)  # expect: loss-keeps-graph
        n += len(mixture)
    return {stem: float(total) / n for stem, total in totals.items()}


if __name__ == "__main__":
    torch.manual_seed(0)
    train_loader = DataLoader(excerpts(1000), batch_size=16, shuffle=True)
    val_loader = DataLoader(excerpts(100), batch_size=20)
    net = MaskNet()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
    for epoch in range(20):
        print(epoch, train_epoch(net, train_loader, optimizer), validate(net, val_loader))
