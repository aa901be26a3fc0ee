# Exercise 6: old Japanese characters with a one-cycle schedule
from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

EPOCHS = 12
START = 0.004
PEAK_TO_START = 25

makers = {
    "sgd": partial(SGD, momentum=0.9, nesterov=True, weight_decay=5e-4),
    "adam": partial(Adam, betas=(0.9, 0.99)),
}
choice = "sgd"

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
to_input = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize((0.1918,), (0.3483,)),
])
train_set = datasets.KMNIST("data", train=True, download=True, transform=to_input)
val_set = datasets.KMNIST("data", train=False, download=True, transform=to_input)
train_loader = DataLoader(train_set, batch_size=100, shuffle=True)
val_loader = DataLoader(val_set, batch_size=500)


def stage(cin, cout):
    return nn.Sequential(
        nn.Conv2d(cin, cout, 3, padding=1, bias=False),
        nn.BatchNorm2d(cout),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )


net = nn.Sequential(
    stage(1, 32), stage(32, 64), stage(64, 128),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10),
).to(device)

optimizer = makers[choice](net.parameters(), lr=START)
steps = EPOCHS * len(train_loader)
scheduler = OneCycleLR(optimizer, max_lr=START * PEAK_TO_START, total_steps=steps)

for epoch in range(EPOCHS):
    net.train()
    for images, labels in train_loader:
        images, labels = images.to(device), labels.to(device)
        optimizer.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        optimizer.step()
        scheduler.step()

    net.eval()
    hits = 0
    with torch.no_grad():
        for images, labels in val_loader:
            guess = net(images.to(device)).argmax(dim=1)
            hits += (guess == labels.to(device)).sum().item()
    print(epoch, f"accuracy {hits / len(val_set):.4f}", f"lr {scheduler.get_last_lr()[0]:.5f}")
