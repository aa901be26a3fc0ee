import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from evaluate import confusion
from nets import POLYMERS, build


def infrared(n, seed):
    """Standard-normal-variate corrected FTIR spectra of filtered particles."""
    g = torch.Generator().manual_seed(seed)
    polymer = torch.randint(len(POLYMERS), (n,), generator=g)
    wave = torch.linspace(0, 1, 600)
    centre = (polymer.float() + 1) / (len(POLYMERS) + 1)
    peak = (-((wave[None] - centre[:, None]) ** 2) / 0.001).exp()
    spectrum = peak * 2 + torch.randn(n, 600, generator=g) * 0.5
    spectrum = (spectrum - spectrum.mean(1, keepdim=True)) / spectrum.std(1, keepdim=True)
    return TensorDataset(spectrum.unsqueeze(1), polymer)


def main():
    torch.manual_seed(0)
    nets = build()
    optimizer = torch.optim.AdamW(nets.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    train = DataLoader(infrared(1920, 0), batch_size=64, shuffle=True)
    valid = DataLoader(infrared(448, 1), batch_size=64)

    for epoch in range(12):
        nets.train()
        for spectrum, polymer in train:
            optimizer.zero_grad()
            loss = criterion(nets["head"](nets["encoder"](spectrum)), polymer)
            loss.backward()
            optimizer.step()
        table = confusion(nets, valid, len(POLYMERS))
        print(epoch, (table.diagonal().sum() / table.sum()).item())


if __name__ == "__main__":
    main()
