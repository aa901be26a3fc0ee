"""Customer churn from 24 weeks of activity. Losses and scorers are picked by name from the config."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

LOSSES: dict[str, Callable[[dict[str, Tensor], Tensor], Tensor]] = {}


def register(name: str):
    def wrap(fn):
        LOSSES[name] = fn
        return fn
    return wrap


@register("huber")
def huber(out: dict[str, Tensor], target: Tensor) -> Tensor:
    return F.huber_loss(out["score"], 2 * target - 1)


@register("bernoulli")
def bernoulli(out: dict[str, Tensor], target: Tensor) -> Tensor:
    p = (out["score"] + 1) / 2
    return F.binary_cross_entropy(p, target)


@dataclass(frozen=True)
class Settings:
    channels: int = 6
    hidden: int = 32
    loss: str = "bernoulli"
    lr: float = 2e-3
    epochs: int = 9
    clip: float = 1.0


class ChurnLSTM(nn.Module):
    def __init__(self, s: Settings) -> None:
        super().__init__()
        self.rnn = nn.LSTM(s.channels, s.hidden, batch_first=True)
        self.head = nn.Linear(s.hidden, 1)

    def forward(self, weeks: Tensor) -> dict[str, Tensor]:
        _, (h, _) = self.rnn(weeks)
        score = torch.tanh(self.head(h[-1])).squeeze(-1)
        return {"state": h[-1], "score": score}


def activity(n: int, channels: int) -> tuple[Tensor, Tensor]:
    churned = torch.randint(2, (n,)).float()
    fade = torch.linspace(0, 1, 24)[None, :, None] * churned[:, None, None]
    return torch.randn(n, 24, channels) - fade, churned


def main(s: Settings = Settings()) -> None:
    torch.manual_seed(5)
    train = DataLoader(TensorDataset(*activity(4000, s.channels)), batch_size=64, shuffle=True)
    x_val, y_val = activity(1000, s.channels)
    model = ChurnLSTM(s)
    objective = LOSSES[s.loss]
    optimizer = torch.optim.AdamW(model.parameters(), lr=s.lr)

    for epoch in range(s.epochs):
        for x, y in train:
            optimizer.zero_grad()
            loss = objective(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), s.clip)
            optimizer.step()
        with torch.no_grad():
            flagged = model(x_val)["score"] > 0
        print(epoch, (flagged == y_val.bool()).float().mean().item())


if __name__ == "__main__":
    main()
