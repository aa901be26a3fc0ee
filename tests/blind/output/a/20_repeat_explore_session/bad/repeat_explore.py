"""Session-based next-item recommendation that mixes repeating and exploring (after RepeatNet)."""
import torch
import torch.nn.functional as F
from torch import Tensor, nn

ITEMS, LENGTH = 300, 12


class RepeatExplore(nn.Module):
    def __init__(self, items: int, dim: int = 32):
        super().__init__()
        self.item = nn.Embedding(items, dim)
        self.gru = nn.GRU(dim, dim, batch_first=True)
        self.mode = nn.Linear(dim, 1)
        self.repeat = nn.Linear(dim, 1)
        self.explore = nn.Linear(dim, items)
        self.drop = nn.Dropout(0.2)

    def forward(self, history: Tensor) -> Tensor:
        states, last = self.gru(self.drop(self.item(history)))
        last = self.drop(last.squeeze(0))

        again = torch.sigmoid(self.mode(last))
        attention = self.repeat(torch.tanh(states + last.unsqueeze(1))).squeeze(-1).softmax(dim=-1)
        fresh = self.explore(last).softmax(dim=-1)

        copied = torch.zeros_like(fresh).scatter_add(1, history, attention)
        return again * copied + (1 - again) * fresh


def sessions(n: int) -> tuple[Tensor, Tensor]:
    start = torch.randint(ITEMS, (n, 1))
    walk = (start + torch.randint(0, 3, (n, LENGTH)).cumsum(dim=1)) % ITEMS
    pick = torch.randint(LENGTH, (n, 1))
    old = walk.gather(1, pick).squeeze(1)
    new = (walk[:, -1] + 1) % ITEMS
    return walk, torch.where(torch.rand(n) < 0.4, old, new)


def objective(model: nn.Module, history: Tensor, following: Tensor) -> Tensor:
    mixture = model(history)
    return F.nll_loss(mixture, following)  # expect: nll-without-log-softmax


@torch.no_grad()
def report(model: nn.Module, history: Tensor, following: Tensor) -> str:
    model.eval()
    mixture = model(history)
    hit = (mixture.topk(10, dim=-1).indices == following[:, None]).any(dim=-1).float().mean()
    nats = -mixture.gather(1, following[:, None]).clamp_min(1e-9).log().mean()
    return f"hit@10 {hit.item():.3f}  perplexity {nats.exp().item():.1f}"


def main() -> None:
    torch.manual_seed(17)
    history, following = sessions(8000)
    held_out = sessions(1000)
    model = RepeatExplore(ITEMS)
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=5, gamma=0.5)

    for epoch in range(12):
        model.train()
        for rows in torch.randperm(len(history)).split(100):
            optimizer.zero_grad()
            objective(model, history[rows], following[rows]).backward()
            optimizer.step()
        schedule.step()
        print(epoch, report(model, *held_out))


if __name__ == "__main__":
    main()
