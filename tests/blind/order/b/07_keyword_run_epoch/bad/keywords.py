"""Spoken keyword recognition on log-mel frames (40 bands x 100 frames)."""
from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.utils.data import DataLoader, TensorDataset, random_split

WORDS = ["yes", "no", "up", "down", "left", "right", "on", "off"]
EPOCHS = 25


def block(c_in: int, c_out: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(c_in, c_out, kernel_size=5, padding=2, bias=False),
        nn.BatchNorm1d(c_out),
        nn.ReLU(inplace=True),
        nn.MaxPool1d(2),
    )


class KeywordNet(nn.Module):
    def __init__(self, bands: int, classes: int) -> None:
        super().__init__()
        self.features = nn.Sequential(block(bands, 48), block(48, 64), block(64, 64))
        self.classify = nn.Linear(64, classes)

    def forward(self, x: Tensor) -> Tensor:
        return self.classify(self.features(x).mean(dim=-1))


def fake_corpus(n: int) -> TensorDataset:
    y = torch.randint(0, len(WORDS), (n,))
    patterns = torch.randn(len(WORDS), 40, 1)
    x = torch.randn(n, 40, 100) + 0.3 * patterns[y]
    return TensorDataset(x, y)


def run_epoch(model: nn.Module, loader: DataLoader, optimizer: Optimizer | None = None) -> tuple[float, float]:
    training = optimizer is not None
    model.train()
    criterion = nn.CrossEntropyLoss(label_smoothing=0.05)
    loss_sum, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for x, y in loader:
            logits = model(x)  # expect: missing-eval-mode
            loss = criterion(logits, y)
            if optimizer is not None:
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            loss_sum += loss.item() * y.numel()
            hits += int((logits.argmax(dim=1) == y).sum())
            seen += y.numel()
    return loss_sum / seen, hits / seen


def main() -> None:
    torch.manual_seed(11)
    train_set, valid_set = random_split(fake_corpus(5000), [4000, 1000])
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True, drop_last=True)
    valid_loader = DataLoader(valid_set, batch_size=125)

    model = KeywordNet(40, len(WORDS))
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=EPOCHS)
    for epoch in range(EPOCHS):
        train_loss, train_acc = run_epoch(model, train_loader, optimizer)
        valid_loss, valid_acc = run_epoch(model, valid_loader)
        scheduler.step()
        print(f"{epoch:2d} | {train_loss:.3f} {train_acc:.3f} | {valid_loss:.3f} {valid_acc:.3f}")


if __name__ == "__main__":
    main()
