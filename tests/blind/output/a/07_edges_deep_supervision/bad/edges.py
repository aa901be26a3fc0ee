"""Holistically-nested edge detection on synthetic boxes: every stage has its own supervised edge map."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

STAGE_WEIGHTS = (0.3, 0.3, 0.3, 1.0)


class Boxes(Dataset):
    def __init__(self, n, size=64, offset=0):
        self.n, self.size, self.offset = n, size, offset

    def __len__(self):
        return self.n

    def __getitem__(self, i):
        g = torch.Generator().manual_seed(self.offset + i)
        shape = torch.zeros(1, self.size, self.size)
        for _ in range(3):
            y, x = torch.randint(4, self.size - 28, (2,), generator=g).tolist()
            h, w = torch.randint(8, 24, (2,), generator=g).tolist()
            shape[:, y:y + h, x:x + w] = 1.0
        edges = F.max_pool2d(shape, 3, stride=1, padding=1) - shape
        image = 2 * shape - 1 + 0.5 * torch.randn(shape.shape, generator=g)
        return image, edges


def stage(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(),
        nn.Conv2d(cout, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(),
    )


class HED(nn.Module):
    def __init__(self, widths=(16, 32, 64)):
        super().__init__()
        self.stages = nn.ModuleList(stage(a, b) for a, b in zip((1, *widths), widths))
        self.gates = nn.ModuleList(nn.Conv2d(w, w, 1) for w in widths)
        self.sides = nn.ModuleList(nn.Conv2d(w, 1, 1) for w in widths)

    def forward(self, image):
        maps, h = [], image
        for i, (block, gate, side) in enumerate(zip(self.stages, self.gates, self.sides)):
            h = block(h if i == 0 else F.max_pool2d(h, 2))
            h = h * torch.sigmoid(gate(h))
            maps.append(F.interpolate(side(h), image.shape[-2:], mode="bilinear", align_corners=False))
        maps.append(torch.stack(maps).mean(dim=0))
        return [torch.sigmoid(m) for m in maps]


def f_score(net, loader):
    net.eval()
    hit = claimed = real = 0.0
    with torch.no_grad():
        for image, edges in loader:
            found = (net(image)[-1] > 0.5).float()
            hit += (found * edges).sum().item()
            claimed += found.sum().item()
            real += edges.sum().item()
    return 2 * hit / max(claimed + real, 1.0)


if __name__ == "__main__":
    torch.manual_seed(0)
    train = DataLoader(Boxes(1200), batch_size=16, shuffle=True)
    test = DataLoader(Boxes(200, offset=50_000), batch_size=20)
    net = HED()
    balanced = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([6.0]))
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=2e-4)
    for epoch in range(10):
        net.train()
        for image, edges in train:
            outputs = net(image)
            loss = sum(w * balanced(out, edges) for w, out in zip(STAGE_WEIGHTS, outputs))  # expect: sigmoid-before-logits-loss
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: F {f_score(net, test):.3f}")
