"""Beat classification on single-lead ECG, trained on a GPU with mixed precision."""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torch.cuda.amp import GradScaler, autocast
from torch.utils.data import DataLoader, TensorDataset

BEATS = 5


@dataclass
class Settings:
    epochs: int = 12
    batch: int = 64
    lr: float = 1e-3
    check_every: int = 25
    device: str = "cuda"


class BeatNet(nn.Sequential):
    def __init__(self, *widths: int):
        layers: list[nn.Module] = []
        for c_in, c_out in zip((1, *widths), widths):
            layers += [nn.Conv1d(c_in, c_out, 7, stride=2, padding=3, bias=False), nn.BatchNorm1d(c_out), nn.ReLU()]
        super().__init__(*layers, nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(widths[-1], BEATS))


class Loop:
    """The turn of the crank; subclasses say what a step and a check are."""

    def __init__(self, net: nn.Module, settings: Settings):
        self.net = net.to(settings.device)
        self.settings = settings

    def fit(self, train: DataLoader, val: DataLoader) -> None:
        for epoch in range(self.settings.epochs):
            self.net.train()
            for i, (x, y) in enumerate(train, start=1):
                loss = self.step(x.to(self.settings.device), y.to(self.settings.device))
                if i % self.settings.check_every == 0:
                    print(f"{epoch}.{i}: train {loss:.4f}, val accuracy {self.check(val):.3f}")

    def step(self, x, y) -> float:
        raise NotImplementedError

    def check(self, loader) -> float:
        raise NotImplementedError


class BeatLoop(Loop):
    def __init__(self, net: nn.Module, settings: Settings):
        super().__init__(net, settings)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=settings.lr, weight_decay=1e-2)
        self.scaler = GradScaler()

    def step(self, x, y) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        with autocast():
            logits = self.net(x)  # expect: eval-mode-not-restored
            loss = F.cross_entropy(logits, y)
        self.scaler.scale(loss).backward()
        self.scaler.step(self.optimizer)
        self.scaler.update()
        return loss.item()

    @torch.no_grad()
    def check(self, loader) -> float:
        self.net.eval()
        hits = [(self.net(x.to(self.settings.device)).argmax(1).cpu() == y).float() for x, y in loader]
        return torch.cat(hits).mean().item()


def beats(n: int) -> TensorDataset:
    kind = torch.randint(BEATS, (n,))
    t = torch.linspace(-1, 1, 180)
    width = 0.05 + 0.04 * kind.float().unsqueeze(1)
    wave = torch.exp(-((t / width) ** 2)) + 0.2 * torch.randn(n, 180)
    wave = (wave - wave.mean(dim=1, keepdim=True)) / wave.std(dim=1, keepdim=True)
    return TensorDataset(wave.unsqueeze(1), kind)


if __name__ == "__main__":
    torch.manual_seed(1)
    cfg = Settings()
    train_loader = DataLoader(beats(8000), batch_size=cfg.batch, shuffle=True, drop_last=True)
    val_loader = DataLoader(beats(1000), batch_size=250)
    BeatLoop(BeatNet(16, 32, 64), cfg).fit(train_loader, val_loader)
