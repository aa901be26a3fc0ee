"""Crops of supermarket shelves: which of 20 product groups is it?"""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

GROUPS = 20
STEP = 0.2

to_input = [
    transforms.Resize((96, 96)),
    transforms.ToTensor(),
    transforms.Normalize((0.52, 0.48, 0.44), (0.25, 0.25, 0.26)),
]
train_set = datasets.ImageFolder("shelf/train", transforms.Compose([transforms.RandomHorizontalFlip(), *to_input]))
val_set = datasets.ImageFolder("shelf/val", transforms.Compose(to_input))


def make_network(channels=(32, 64, 128, 128)):
    parts = []
    before = 3
    for depth, after in enumerate(channels, 1):
        parts += [
            nn.Conv2d(before, after, kernel_size=3, padding=1),
            nn.BatchNorm2d(after),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Dropout(p=STEP * depth),  # expect: excessive-dropout
        ]
        before = after
    parts += [
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(before, 64),
        nn.ReLU(),
        nn.Linear(64, GROUPS),
    ]
    return nn.Sequential(*parts)


def score(network, loader, device):
    network.eval()
    right = 0
    with torch.inference_mode():
        for crops, groups in loader:
            guess = network(crops.to(device)).argmax(dim=1).cpu()
            right += int((guess == groups).sum())
    return right / len(loader.dataset)


if __name__ == "__main__":
    torch.manual_seed(15)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True, num_workers=2, drop_last=True)
    val_loader = DataLoader(val_set, batch_size=128, num_workers=2)

    network = make_network().to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.AdamW(network.parameters(), lr=1e-3, weight_decay=0.01)

    best = 0.0
    for epoch in range(40):
        network.train()
        for crops, groups in train_loader:
            crops, groups = crops.to(device), groups.to(device)
            optimizer.zero_grad()
            loss = criterion(network(crops), groups)
            loss.backward()
            optimizer.step()
        accuracy = score(network, val_loader, device)
        print(f"epoch {epoch + 1}: {accuracy:.3f}")
        if accuracy > best:
            best = accuracy
            torch.save(network.state_dict(), "shelf_best.pt")
