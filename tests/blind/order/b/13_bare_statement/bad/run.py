import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from wind import WindNet, skill


def hours(n, seed):
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(n, 5, 24, generator=g)
    y = torch.tanh(x[:, 0, -6:].mean(dim=1, keepdim=True)) + 0.1 * torch.randn(n, 1, generator=g)
    return TensorDataset(x, y)


def main():
    torch.manual_seed(2)
    train = DataLoader(hours(6000, 1), batch_size=64, shuffle=True, drop_last=True)
    valid = DataLoader(hours(1000, 2), batch_size=250)
    model = WindNet()
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, weight_decay=1e-4)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.3)

    for epoch in range(24):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        scheduler.step()
        print(epoch, f"loss {loss.item():.4f}", f"skill {skill(model, valid):.3f}")


if __name__ == "__main__":
    main()
