"""Activity recognition from a wrist sensor; the averaged weights are the ones that are judged."""
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, TensorDataset

from averaging import Ema
from nets import MotionNet


def windows(n, seed):
    g = torch.Generator().manual_seed(seed)
    y = torch.randint(0, 5, (n,), generator=g)
    t = torch.arange(128) / 128
    wave = torch.sin(2 * torch.pi * (1 + y[:, None]) * t)
    x = wave[:, :, None] + torch.randn(n, 128, 6, generator=g)
    return TensorDataset(x, y)


@torch.no_grad()
def score(net, loader):
    hits = total = 0
    for x, y in loader:
        hits += (net(x).argmax(1) == y).sum().item()
        total += len(y)
    return hits / total


def main():
    torch.manual_seed(0)
    train = DataLoader(windows(4000, 1), batch_size=64, shuffle=True)
    valid = DataLoader(windows(800, 2), batch_size=200)
    model = MotionNet()
    ema = Ema(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

    for epoch in range(15):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss = cross_entropy(model(x), y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            ema.update(model)

        model.eval()
        print(epoch, f"{score(ema.module, valid):.3f}")

    torch.save(ema.module.state_dict(), "motion_ema.pt")


if __name__ == "__main__":
    main()
