"""Deep knowledge tracing: will the pupil solve the next exercise? (simulated pupils)"""
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


@dataclass
class TracerConfig:
    skills: int = 60
    steps: int = 50
    embedding: int = 64
    hidden: int = 128
    depth: int = 2
    keep: float = 0.9
    lr: float = 1e-3
    epochs: int = 20

    @property
    def recurrent(self) -> dict:
        return {"num_layers": self.depth, "batch_first": True, "dropout": 1 - self.keep}


class Tracer(nn.Module):
    def __init__(self, cfg: TracerConfig):
        super().__init__()
        self.events = nn.Embedding(2 * cfg.skills, cfg.embedding)
        self.memory = nn.GRU(cfg.embedding, cfg.hidden, **cfg.recurrent)
        self.mastery = nn.Linear(cfg.hidden, cfg.skills)

    def forward(self, skill, correct, upcoming):
        event = skill + correct * (self.events.num_embeddings // 2)
        state, _ = self.memory(self.events(event))
        return self.mastery(state).gather(-1, upcoming.unsqueeze(-1)).squeeze(-1)


def simulate(cfg: TracerConfig, pupils: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    skill = torch.randint(cfg.skills, (pupils, cfg.steps + 1), generator=g)
    difficulty = torch.linspace(-2, 2, cfg.skills)
    ability = torch.randn(pupils, 1, generator=g)
    growth = 0.02 * torch.arange(cfg.steps + 1)
    chance = torch.sigmoid(ability + growth - difficulty[skill])
    correct = torch.bernoulli(chance, generator=g).long()
    return TensorDataset(skill, correct)


def shift(skill, correct):
    return (skill[:, :-1], correct[:, :-1], skill[:, 1:]), correct[:, 1:].float()


def train_epoch(model, loader, optimizer):
    model.train()
    total = 0.0
    for batch in loader:
        inputs, target = shift(*batch)
        loss = F.binary_cross_entropy_with_logits(model(*inputs), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


@torch.inference_mode()
def score(model, loader):
    model.eval()
    right, count = 0, 0
    for batch in loader:
        inputs, target = shift(*batch)
        right += ((model(*inputs) > 0) == target.bool()).sum().item()
        count += target.numel()
    return right / count


def main(cfg: TracerConfig):
    torch.manual_seed(8)
    train = DataLoader(simulate(cfg, 3000, seed=8), batch_size=64, shuffle=True)
    valid = DataLoader(simulate(cfg, 500, seed=9), batch_size=250)
    model = Tracer(cfg)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
    for epoch in range(cfg.epochs):
        loss = train_epoch(model, train, optimizer)
        print(f"{epoch + 1:2d}  loss {loss:.4f}  valid accuracy {score(model, valid):.3f}")


if __name__ == "__main__":
    main(TracerConfig())
