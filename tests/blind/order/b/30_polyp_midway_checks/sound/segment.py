import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def block(n_in: int, n_out: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU())


class SmallUNet(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.down1, self.down2 = block(3, 16), block(16, 32)
        self.middle = block(32, 32)
        self.up1 = block(32 + 16, 16)
        self.pool = nn.MaxPool2d(2)
        self.grow = nn.Upsample(scale_factor=2, mode="nearest")
        self.out = nn.Conv2d(16, 1, 1)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        fine = self.down1(image)
        coarse = self.middle(self.down2(self.pool(fine)))
        return self.out(self.up1(torch.cat([self.grow(coarse), fine], dim=1)))


class SegmentationRun:
    def __init__(self, net: nn.Module, train: DataLoader, valid: DataLoader, every: int = 20) -> None:
        self.net, self.train, self.valid, self.every = net, train, valid, every
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-2)
        self.history: list[float] = []

    def overlap(self) -> float:
        before = self.net.training
        self.net.eval()
        shared, either = 0.0, 0.0
        try:
            with torch.no_grad():
                for image, mask in self.valid:
                    guess = self.net(image) > 0
                    truth = mask > 0.5
                    shared += (guess & truth).sum().item()
                    either += (guess | truth).sum().item()
            return shared / max(either, 1.0)
        finally:
            self.net.train(before)

    def fit(self, epochs: int) -> None:
        for epoch in range(epochs):
            self.net.train()
            total = 0.0
            for i, (image, mask) in enumerate(self.train, start=1):
                self.optimizer.zero_grad(set_to_none=True)
                logits = self.net(image)
                loss = self.criterion(logits, mask)
                loss.backward()
                self.optimizer.step()
                total += loss.item()
                if i % self.every == 0:
                    self.history.append(self.overlap())
                    print(f"  epoch {epoch} batch {i}: overlap {self.history[-1]:.3f}")
            print(f"epoch {epoch}: loss {total / len(self.train):.4f}")


def discs(n: int, size: int = 48) -> TensorDataset:
    axis = torch.linspace(-1, 1, size)
    yy, xx = torch.meshgrid(axis, axis, indexing="ij")
    cx, cy, r = (torch.rand(n, 1, 1) - 0.5), (torch.rand(n, 1, 1) - 0.5), 0.2 + 0.3 * torch.rand(n, 1, 1)
    mask = ((xx - cx) ** 2 + (yy - cy) ** 2 < r ** 2).float().unsqueeze(1)
    image = 1.5 * (mask - 0.3) + 0.6 * torch.randn(n, 3, size, size)
    return TensorDataset(image, mask)


if __name__ == "__main__":
    torch.manual_seed(9)
    run = SegmentationRun(
        SmallUNet(),
        DataLoader(discs(1600), batch_size=16, shuffle=True),
        DataLoader(discs(160), batch_size=32),
    )
    run.fit(epochs=10)
