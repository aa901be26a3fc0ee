from functools import partial

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from denoise import FrameDenoiser, Pacer, grow


def spectra(count, seed):
    gen = torch.Generator().manual_seed(seed)
    clean = torch.randn(count, 3, 129, generator=gen)
    noisy = clean + 0.4 * torch.randn(clean.shape, generator=gen)
    return TensorDataset(noisy, clean[:, 1])


def held_out_loss(model, loader, criterion):
    model.eval()
    with torch.no_grad():
        return sum(criterion(model(x), y).item() for x, y in loader) / len(loader)


def main():
    torch.manual_seed(0)
    train_loader = DataLoader(spectra(8000, 1), batch_size=80, shuffle=True)
    val_loader = DataLoader(spectra(1600, 2), batch_size=160)

    model = FrameDenoiser()
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-4)
    pacer = Pacer(optimizer, rule=partial(grow, by=1.1))

    for epoch in range(30):
        model.train()
        for noisy, clean in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(noisy), clean)
            loss.backward()
            optimizer.step()
        val = held_out_loss(model, val_loader, criterion)
        pacer.observe(val)
        print(f"{epoch:2d}  val {val:.4f}  lr {pacer.rate:.2e}")


if __name__ == "__main__":
    main()
