# Glacier fronts in SAR scenes: ice (1) against ocean (0), mini U-Net
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def double_conv(i, o):
    return nn.Sequential(
        nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(),
        nn.Conv2d(o, o, 3, padding=1, bias=False), nn.BatchNorm2d(o), nn.ReLU(),
    )


class MiniUNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down1 = double_conv(1, 12)
        self.down2 = double_conv(12, 24)
        self.up = nn.ConvTranspose2d(24, 12, 2, stride=2)
        self.merge = double_conv(24, 12)
        self.mask = nn.Conv2d(12, 1, 1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, scene):
        a = self.down1(scene)
        b = self.down2(self.pool(a))
        return self.mask(self.merge(torch.cat([a, self.up(b)], dim=1)))


def scenes(n, size=64):
    front = torch.randint(16, 48, (n, 1, 1, 1))
    mask = (torch.arange(size).view(1, 1, 1, size) < front).float().expand(n, 1, size, size)
    return TensorDataset(mask - 0.5 + 0.8 * torch.randn(n, 1, size, size), mask.clone())


torch.manual_seed(0)
data = {"train": scenes(640), "val": scenes(128)}
loaders = {p: DataLoader(d, batch_size=16, shuffle=p == "train") for p, d in data.items()}
net = MiniUNet()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5, gamma=0.3)

for epoch in range(15):
    for phase in ("train", "val"):
        net.train(phase == "train")
        loss_sum, inter, union = 0.0, 0, 0
        for scene, ice in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                logits = net(scene)
                loss = criterion(logits, ice)
            if phase == "train":
                loss.backward()
                optimizer.step()
            found, truth = logits > 0, ice > 0.5
            inter += (found & truth).sum().item()
            union += (found | truth).sum().item()
            loss_sum += loss.item() * scene.size(0)
        print(f"{epoch:02d} {phase:5s} loss {loss_sum / len(data[phase]):.4f} iou {inter / max(union, 1):.4f}")
    scheduler.step()
