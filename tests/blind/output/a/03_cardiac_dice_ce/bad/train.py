import torch
from torch.utils.data import DataLoader, TensorDataset

from losses import CompoundLoss
from model import MiniUNet


def phantoms(n, size=64, seed=0):
    """Noisy short-axis slices: a ring with a chamber inside and a second one beside it."""
    g = torch.Generator().manual_seed(seed)
    axis = torch.linspace(-1, 1, size)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    cx, cy = (torch.rand(2, n, 1, 1, generator=g) - 0.5) * 0.6
    r = torch.hypot(x - cx, y - cy)
    mask = torch.zeros(n, size, size, dtype=torch.long)
    mask[torch.hypot(x - cx - 0.5, y - cy) < 0.3] = 3
    mask[r < 0.4] = 1
    mask[r < 0.25] = 2
    level = torch.tensor([-0.8, -0.2, 1.2, 0.9])
    images = level[mask] + 0.4 * torch.randn(n, size, size, generator=g)
    return TensorDataset(images.unsqueeze(1), mask)


def main():
    train = DataLoader(phantoms(600), batch_size=12, shuffle=True)
    val = DataLoader(phantoms(120, seed=99), batch_size=12)
    net, criterion = MiniUNet(), CompoundLoss()
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4)
    for epoch in range(12):
        net.train()
        for image, mask in train:
            optimizer.zero_grad()
            criterion(net(image), mask).backward()
            optimizer.step()
        net.eval()
        right = total = 0
        with torch.no_grad():
            for image, mask in val:
                right += (net(image).argmax(dim=1) == mask).sum().item()
                total += mask.numel()
        print(f"epoch {epoch}: pixel accuracy {right / total:.3f}")


if __name__ == "__main__":
    main()
