import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

from modes import inference
from net import BearingNet


def recordings(n: int) -> TensorDataset:
    fault = torch.randint(0, 4, (n,))
    time = torch.arange(1024) / 1024
    tone = torch.sin(2 * torch.pi * (20 + 30 * fault).unsqueeze(1) * time)
    return TensorDataset((tone + torch.randn(n, 1024)).unsqueeze(1), fault)


@inference
def confusion(model: nn.Module, loader: DataLoader, faults: int = 4) -> torch.Tensor:
    table = torch.zeros(faults, faults, dtype=torch.long)
    for x, fault in loader:
        guess = model(x).argmax(dim=1)  # expect: missing-eval-mode
        for t, g in zip(fault.tolist(), guess.tolist()):
            table[t, g] += 1
    return table


def main() -> None:
    torch.manual_seed(0)
    train = DataLoader(recordings(3200), batch_size=64, shuffle=True)
    valid = DataLoader(recordings(640), batch_size=64)
    model = BearingNet()
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(10):
        model.train()
        for x, fault in train:
            optimizer.zero_grad()
            loss = criterion(model(x), fault)
            loss.backward()
            optimizer.step()
        table = confusion(model, valid)
        print(epoch, f"{table.diagonal().sum().item() / table.sum().item():.3f}")


if __name__ == "__main__":
    main()
