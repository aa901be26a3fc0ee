"""Speech emotion from log-mel frames: GRU encoder, attentive pooling, linear classifier."""
from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset, random_split

EMOTIONS = ("angry", "happy", "neutral", "sad")


class AttentivePooling(nn.Module):
    """Weighs the frames of an utterance: (batch, time, dim) -> (batch, heads * dim)."""

    def __init__(self, dim: int, heads: int = 1, inner: int = 64) -> None:
        super().__init__()
        self.energy = nn.Sequential(nn.Linear(dim, inner), nn.Tanh(), nn.Linear(inner, heads))

    def forward(self, frames: Tensor) -> Tensor:
        weights = self.energy(frames).transpose(1, 2).softmax(dim=-1)
        return (weights @ frames).flatten(1)


class EmotionNet(nn.Module):
    def __init__(self, mels: int, hidden: int = 96, classes: int = len(EMOTIONS)) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(mels)
        self.encoder = nn.GRU(mels, hidden, batch_first=True, bidirectional=True)
        self.pool = AttentivePooling(2 * hidden)
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(2 * hidden, classes))

    def forward(self, mel: Tensor) -> Tensor:
        frames, _ = self.encoder(self.norm(mel))
        return self.head(self.pool(frames))


@dataclass
class Trainer:
    model: EmotionNet
    device: torch.device
    lr: float = 1e-3

    def __post_init__(self) -> None:
        self.model.to(self.device)
        self.loss = nn.CrossEntropyLoss(label_smoothing=0.05)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=self.lr)

    def step(self, mel: Tensor, target: Tensor) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.model(mel), target)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        return loss.item()

    def fit(self, train: DataLoader, valid: DataLoader, epochs: int) -> None:
        for epoch in range(1, epochs + 1):
            self.model.train()
            losses = [self.step(m.to(self.device), t.to(self.device)) for m, t in train]
            print(f"{epoch:02d} loss {sum(losses) / len(losses):.3f} valid acc {self.accuracy(valid):.3f}")

    @torch.no_grad()
    def accuracy(self, loader: DataLoader) -> float:
        self.model.eval()
        right = total = 0
        for mel, target in loader:
            guess = self.model(mel.to(self.device)).argmax(dim=1).cpu()
            right += int((guess == target).sum())
            total += target.numel()
        return right / total


def corpus(utterances: int = 2_000, time: int = 200, mels: int = 40) -> TensorDataset:
    target = torch.randint(len(EMOTIONS), (utterances,))
    tilt = torch.linspace(-1, 1, mels) * (target[:, None, None] - 1.5)
    return TensorDataset(torch.randn(utterances, time, mels) + 0.2 * tilt, target)


def main() -> None:
    torch.manual_seed(0)
    train, valid = random_split(corpus(), [1_600, 400])
    trainer = Trainer(EmotionNet(mels=40), torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    trainer.fit(DataLoader(train, batch_size=32, shuffle=True), DataLoader(valid, batch_size=64), epochs=15)


if __name__ == "__main__":
    main()
