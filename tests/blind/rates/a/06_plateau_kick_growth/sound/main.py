import torch
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms

from kick import PlateauKick
from net import FashionNet


def make_loaders(batch_size=128):
    tf = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.2860,), (0.3530,))])
    full = datasets.FashionMNIST("data", train=True, download=True, transform=tf)
    train, val = random_split(full, [55_000, 5_000], generator=torch.Generator().manual_seed(1))
    return DataLoader(train, batch_size, shuffle=True), DataLoader(val, 500)


def validate(model, loader, criterion):
    model.eval()
    total = 0.0
    with torch.no_grad():
        for x, y in loader:
            total += criterion(model(x), y).item()
    return total / len(loader)


def main():
    train_loader, val_loader = make_loaders()
    model = FashionNet()
    criterion = torch.nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    kick = PlateauKick(optimizer, patience=4, strength=1.5)

    for epoch in range(80):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        val_loss = validate(model, val_loader, criterion)
        kick.observe(val_loss)
        print(f"epoch {epoch} val {val_loss:.4f} lr {optimizer.param_groups[0]['lr']:.4g}")
    torch.save(model.state_dict(), "fashion.pt")


if __name__ == "__main__":
    main()
