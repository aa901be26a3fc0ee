"""ToTensor has divided the images by 255 already; the statistics of bytes leave nothing of them."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

MEAN, STD = [87.0, 79.3, 82.1], [69.6, 66.1, 67.3]


def augmented(size):
    return transforms.Compose(
        [
            transforms.Resize((size, size)),
            transforms.RandomRotation(10),
            transforms.ToTensor(),
            transforms.Normalize(mean=MEAN, std=STD),  # expect: double-normalization "[0, 1]"
        ]
    )


class Signs(nn.Module):
    def __init__(self, classes=43):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 32, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 5), nn.ReLU())
        self.head = nn.Linear(64, classes)

    def forward(self, x):
        return self.head(self.features(x).mean(dim=(2, 3)))


def main():
    data = datasets.GTSRB("data", split="train", transform=augmented(32), download=True)
    model = Signs()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    for _ in range(20):
        for images, labels in DataLoader(data, batch_size=64, shuffle=True):
            optimizer.zero_grad()
            criterion(model(images), labels).backward()
            optimizer.step()


if __name__ == "__main__":
    main()
