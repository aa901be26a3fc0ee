import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from hooks import PeriodicValidation, Progress
from network import DemandNet


def weeks(n):
    return TensorDataset(torch.randn(n, 168), torch.randn(n, 12), torch.randn(n, 24))


def main():
    torch.manual_seed(0)
    train_loader = DataLoader(weeks(8000), batch_size=64, shuffle=True)
    validation = PeriodicValidation(DataLoader(weeks(1000), batch_size=500), every=40)
    hooks = [Progress(every=20), validation]

    model = DemandNet()
    criterion = nn.HuberLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

    step = 0
    for epoch in range(10):
        model.train()
        for week, calendar, target in train_loader:
            prediction = model(week, calendar)
            loss = criterion(prediction, target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
            for hook in hooks:
                hook(step, model, loss.item())
        print(f"epoch {epoch}: last validation {validation.history[-1]}")


if __name__ == "__main__":
    main()
