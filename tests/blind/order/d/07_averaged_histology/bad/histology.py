"""Tumour / stroma / necrosis patches; the live network and its running average are both reported."""
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader, TensorDataset


class PatchNet(nn.Module):
    def __init__(self, classes=3, p=0.3):
        super().__init__()
        stages = []
        channels = 3
        for width in (32, 64, 128):
            stages += [
                nn.Conv2d(channels, width, 3, stride=2, padding=1),
                nn.GroupNorm(8, width),
                nn.SiLU(),
            ]
            channels = width
        self.stages = nn.Sequential(*stages)
        self.classify = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(p), nn.Linear(channels, classes)
        )

    def forward(self, patches):
        return self.classify(self.stages(patches))


def patches(n, seed):
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 3, (n,), generator=g)
    images = torch.randn(n, 3, 64, 64, generator=g) + 0.5 * labels[:, None, None, None].float()
    return TensorDataset((images - 0.5) / 1.1, labels)


@torch.inference_mode()
def report(net, smooth, loader):
    net.eval()
    right = {"live": 0, "average": 0}
    total = 0
    for images, labels in loader:
        live = net(images)
        average = smooth(images)  # expect: missing-eval-mode
        right["live"] += (live.argmax(dim=1) == labels).sum().item()
        right["average"] += (average.argmax(dim=1) == labels).sum().item()
        total += len(labels)
    return {name: hits / total for name, hits in right.items()}


def main(epochs=10):
    train_loader = DataLoader(patches(3000, 1), batch_size=64, shuffle=True)
    val_loader = DataLoader(patches(600, 2), batch_size=128)

    net = PatchNet()
    smooth = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.99))
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-4)
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)

    for epoch in range(epochs):
        net.train()
        for images, labels in train_loader:
            optimizer.zero_grad()
            criterion(net(images), labels).backward()
            optimizer.step()
            smooth.update_parameters(net)
        print(epoch, report(net, smooth, val_loader))


if __name__ == "__main__":
    main()
