"""Support tickets: queue and priority (classes) and handling time (log minutes) from one trunk."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

from tickets import TicketNet

TASKS = {"queue": ("class", 6), "priority": ("class", 3), "minutes": ("amount", 1)}
CRITERIA = {"class": nn.CrossEntropyLoss(), "amount": nn.SmoothL1Loss()}
WEIGHTS = {"queue": 1.0, "priority": 0.7, "minutes": 0.5}
N_FEATURES = 30


def make_tickets(n: int = 5000) -> TensorDataset:
    x = torch.randn(n, N_FEATURES)
    queue = (x[:, :6] + 0.3 * torch.randn(n, 6)).argmax(dim=1)
    priority = (x[:, 6:9] + 0.3 * torch.randn(n, 3)).argmax(dim=1)
    minutes = x[:, 9] - 0.5 * x[:, 10] + 0.1 * torch.randn(n)
    return TensorDataset(x, queue, priority, minutes)


def multitask_loss(outputs, labels):
    total = torch.zeros(())
    for task, (kind, _) in TASKS.items():
        criterion = CRITERIA[kind]
        total = total + WEIGHTS[task] * criterion(outputs[task].scores, labels[task])
    return total


def evaluate(model, loader):
    model.eval()
    hits, seen = 0, 0
    with torch.no_grad():
        for x, queue, _, _ in loader:
            hits += (model(x)["queue"].decision == queue).sum().item()
            seen += len(x)
    return hits / seen


def main():
    torch.manual_seed(7)
    train_set, valid_set = random_split(make_tickets(), [4000, 1000])
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=250)

    model = TicketNet(N_FEATURES, TASKS)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    for epoch in range(15):
        model.train()
        for x, *targets in train_loader:
            labels = dict(zip(TASKS, targets))
            loss = multitask_loss(model(x), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: queue accuracy {evaluate(model, valid_loader):.3f}")


if __name__ == "__main__":
    main()
