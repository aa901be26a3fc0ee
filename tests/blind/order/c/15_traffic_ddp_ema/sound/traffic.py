"""Hourly vehicle counts per road sensor. Start with: torchrun --nproc_per_node=2 traffic.py"""
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel as DDP
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

WINDOW, CALENDAR = 24, 7
SMOOTH = 0.98


class CountNet(nn.Module):
    """Log-rate of a Poisson count from a past window and calendar features."""

    def __init__(self, hidden=48):
        super().__init__()
        self.rnn = nn.GRU(1, hidden, batch_first=True)
        self.mix = nn.Sequential(nn.Linear(hidden + CALENDAR, hidden), nn.ReLU(), nn.Dropout(0.1))
        self.log_rate = nn.Linear(hidden, 1)

    def forward(self, past, calendar):
        _, h = self.rnn(past)
        return self.log_rate(self.mix(torch.cat([h[-1], calendar], dim=1))).squeeze(1)


def sensors(n, seed):
    g = torch.Generator().manual_seed(seed)
    past = torch.randn(n, WINDOW, 1, generator=g)
    calendar = torch.eye(CALENDAR)[torch.randint(CALENDAR, (n,), generator=g)]
    rate = torch.exp(0.5 * past[:, -1, 0] + calendar @ torch.linspace(0.5, 1.5, CALENDAR))
    return TensorDataset(past, calendar, torch.poisson(rate, generator=g))


def deviance(model, loader, criterion):
    model.eval()
    with torch.no_grad():
        parts = [criterion(model(p, c), n).item() for p, c, n in loader]
    return sum(parts) / len(parts)


def main():
    dist.init_process_group("gloo")
    rank = dist.get_rank()
    train = sensors(8000, seed=0)
    sampler = DistributedSampler(train, shuffle=True, seed=1)
    train_loader = DataLoader(train, batch_size=64, sampler=sampler)
    valid_loader = DataLoader(sensors(1000, seed=1), batch_size=200)

    model = DDP(CountNet())
    criterion = nn.PoissonNLLLoss(log_input=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    smooth, steps = torch.zeros(()), 0
    for epoch in range(10):
        sampler.set_epoch(epoch)
        model.train()
        for past, calendar, count in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(past, calendar), count)
            loss.backward()
            optimizer.step()
            steps += 1
            with torch.no_grad():
                smooth = SMOOTH * smooth + (1 - SMOOTH) * loss
        if rank == 0:
            shown = smooth.item() / (1 - SMOOTH**steps)
            print(epoch, f"train {shown:.4f}  valid {deviance(model.module, valid_loader, criterion):.4f}")
        dist.barrier()
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
