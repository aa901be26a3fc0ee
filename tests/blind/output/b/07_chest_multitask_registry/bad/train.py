import torch
from torch.utils.data import DataLoader, Dataset, random_split

from network import ChestNet
from tasks import TASKS


class Studies(Dataset):
    def __init__(self, n: int):
        self.images = torch.randn(n, 1, 128, 128)
        self.view = torch.randint(0, 3, (n,))
        self.findings = torch.bernoulli(torch.full((n, 14), 0.1))
        self.devices = torch.bernoulli(torch.full((n, 4), 0.3))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.images[i], {
            "view": self.view[i],
            "findings": self.findings[i],
            "devices": self.devices[i],
        }


def multitask_loss(outputs, targets):
    total = 0.0
    for name, task in TASKS.items():
        total = total + task.weight * task.loss(outputs[name], targets[name])  # expect: sigmoid-before-logits-loss
    return total


@torch.no_grad()
def validate(model, loader):
    model.eval()
    return sum(multitask_loss(model(x), y).item() for x, y in loader) / len(loader)


def main():
    torch.manual_seed(2)
    train_set, valid_set = random_split(Studies(600), [480, 120])
    train_loader = DataLoader(train_set, batch_size=24, shuffle=True)
    valid_loader = DataLoader(valid_set, batch_size=24)
    model = ChestNet(TASKS)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-4, weight_decay=1e-5)

    best = float("inf")
    for epoch in range(10):
        model.train()
        for images, targets in train_loader:
            optimizer.zero_grad()
            multitask_loss(model(images), targets).backward()
            optimizer.step()
        valid = validate(model, valid_loader)
        print(epoch, valid)
        if valid < best:
            best = valid
            torch.save(model.state_dict(), "chest_best.pt")


if __name__ == "__main__":
    main()
