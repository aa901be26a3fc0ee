import torch
from torch.utils.data import DataLoader, Dataset

from heads import BatteryNet
from objectives import CRITERIA, MultiTask


class Cells(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.curve = torch.randn(n, 2, 120, generator=g)
        self.capacity = 5 * self.curve[:, 0].mean(1, keepdim=True)
        self.resistance = 5 * self.curve[:, 1].mean(1, keepdim=True)
        self.mode = torch.randint(3, (n,), generator=g)
        self.curve[:, 0] += 0.4 * self.mode.unsqueeze(1) - 0.4

    def __len__(self):
        return len(self.mode)

    def __getitem__(self, i):
        labels = {"capacity": self.capacity[i], "resistance": self.resistance[i], "mode": self.mode[i]}
        return self.curve[i], labels


@torch.no_grad()
def validate(model, loader):
    model.eval()
    sums = dict.fromkeys(CRITERIA, 0.0)
    for curve, labels in loader:
        outputs = model(curve)
        for name, criterion in CRITERIA.items():
            sums[name] += criterion(outputs[name], labels[name]).item()
    return {name: round(s / len(loader), 4) for name, s in sums.items()}


def main():
    torch.manual_seed(0)
    train_loader = DataLoader(Cells(3000, 0), batch_size=60, shuffle=True)
    valid_loader = DataLoader(Cells(600, 1), batch_size=100)
    model = BatteryNet()
    objective = MultiTask({"capacity": 1.0, "resistance": 1.0, "mode": 0.5})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for epoch in range(15):
        model.train()
        for curve, labels in train_loader:
            optimizer.zero_grad()
            loss = objective(model(curve), labels)
            loss.backward()
            optimizer.step()
        print(epoch, validate(model, valid_loader))


if __name__ == "__main__":
    main()
