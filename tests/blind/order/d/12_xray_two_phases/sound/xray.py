"""Chest films, three findings; one loop body serves both phases."""
import argparse
import copy

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def get_films(n, seed):
    g = torch.Generator().manual_seed(seed)
    films = torch.randn(n, 1, 96, 96, generator=g)
    labels = torch.randint(0, 3, (n,), generator=g)
    return TensorDataset(films, labels)


class FilmNet(nn.Module):
    def __init__(self, n_classes=3):
        super(FilmNet, self).__init__()
        self.conv1 = nn.Conv2d(1, 16, 5, stride=2)
        self.bn1 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 32, 5, stride=2)
        self.bn2 = nn.BatchNorm2d(32)
        self.pool = nn.AdaptiveAvgPool2d(4)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(32 * 16, n_classes)

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = torch.relu(self.bn2(self.conv2(x)))
        x = torch.flatten(self.pool(x), 1)
        return self.fc(self.drop(x))


def train_model(model, dataloaders, criterion, optimizer, scheduler, num_epochs, device):
    best_state, best_acc = copy.deepcopy(model.state_dict()), 0.0

    for epoch in range(num_epochs):
        for phase in ["train", "val"]:
            model.train(phase == "train")
            running_loss, running_correct, seen = 0.0, 0, 0

            for inputs, labels in dataloaders[phase]:
                inputs, labels = inputs.to(device), labels.to(device)
                with torch.set_grad_enabled(model.training):
                    outputs = model(inputs)
                    loss = criterion(outputs, labels)

                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()

                running_loss += loss.item() * inputs.size(0)
                running_correct += (outputs.argmax(dim=1) == labels).sum().item()
                seen += inputs.size(0)

            if phase == "train":
                scheduler.step()
            acc = running_correct / seen
            print(f"{epoch} {phase}: loss {running_loss / seen:.4f} acc {acc:.4f}")
            if phase == "val" and acc > best_acc:
                best_acc, best_state = acc, copy.deepcopy(model.state_dict())

    model.load_state_dict(best_state)
    return model


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--out", default="filmnet.pt")
    args = parser.parse_args()

    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dataloaders = {
        "train": DataLoader(get_films(2048, 0), batch_size=32, shuffle=True),
        "val": DataLoader(get_films(512, 1), batch_size=32, shuffle=False),
    }
    model = FilmNet().to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.1)
    model = train_model(model, dataloaders, nn.CrossEntropyLoss(), optimizer, scheduler, args.epochs, device)
    torch.save(model.state_dict(), args.out)
