from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


@dataclass
class Config:
    root: str = "data/bsd400"
    sigma: float = 25 / 255
    depth: int = 12
    width: int = 64
    epochs: int = 50
    log_lr: float = -3.0  # base ten

    @property
    def lr(self):
        return 10 ** -self.log_lr


PRESETS = {
    "gray": Config(),
    "fast": replace(Config(), depth=7, epochs=20, log_lr=-2.5),
}


class DnCNN(nn.Module):
    def __init__(self, depth, width):
        super().__init__()
        layers = [nn.Conv2d(1, width, 3, padding=1), nn.ReLU(inplace=True)]
        for _ in range(depth - 2):
            layers += [nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        layers.append(nn.Conv2d(width, 1, 3, padding=1))
        self.noise = nn.Sequential(*layers)

    def forward(self, noisy):
        return noisy - self.noise(noisy)


def loader(cfg, split, crop, shuffle):
    tf = transforms.Compose([transforms.Grayscale(), crop, transforms.ToTensor()])
    return DataLoader(datasets.ImageFolder(f"{cfg.root}/{split}", tf), batch_size=64, shuffle=shuffle)


def main(preset="gray"):
    cfg = PRESETS[preset]
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train = loader(cfg, "train", transforms.RandomCrop(64), shuffle=True)
    valid = loader(cfg, "valid", transforms.CenterCrop(128), shuffle=False)

    model = DnCNN(cfg.depth, cfg.width).to(device)
    criterion = nn.MSELoss()
    optimizer = torch.optim.Adam([{"params": model.parameters()}], lr=cfg.lr)  # expect: invalid-learning-rate

    for epoch in range(cfg.epochs):
        model.train()
        for clean, _ in train:
            clean = clean.to(device)
            noisy = clean + cfg.sigma * torch.randn_like(clean)
            optimizer.zero_grad()
            loss = criterion(model(noisy), clean)
            loss.backward()
            optimizer.step()

        model.eval()
        errors = []
        with torch.no_grad():
            for clean, _ in valid:
                clean = clean.to(device)
                noisy = clean + cfg.sigma * torch.randn_like(clean)
                errors.append(criterion(model(noisy), clean).item())
        print(f"{epoch:3d}  mse {sum(errors) / len(errors):.6f}")
    torch.save(model.state_dict(), f"dncnn_{preset}.pt")


if __name__ == "__main__":
    main()
