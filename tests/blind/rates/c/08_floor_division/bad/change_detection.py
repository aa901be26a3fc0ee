"""Siamese change detection on pairs of aerial images (before / after)."""
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, Dataset

HYPER = {
    "batch_size": 96,
    "base_lr": 5e-4,
    "epochs": 30,
    "workers": 4,
}


class PairDataset(Dataset):
    """Reflectances as float tensors, standardised per band when the file was made."""

    def __init__(self, path):
        blob = torch.load(path)
        self.before, self.after, self.changed = blob["before"], blob["after"], blob["changed"]

    def __len__(self):
        return len(self.changed)

    def __getitem__(self, i):
        return self.before[i], self.after[i], self.changed[i].float()


class Siamese(nn.Module):
    def __init__(self, bands=4):
        super(Siamese, self).__init__()
        layers = []
        for c_in, c_out in [(bands, 16), (16, 32), (32, 64)]:
            layers += [nn.Conv2d(c_in, c_out, 3, stride=2, padding=1), nn.GroupNorm(4, c_out), nn.ReLU()]
        self.trunk = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classify = nn.Sequential(nn.Dropout(0.2), nn.Linear(64, 1))

    def forward(self, before, after):
        return self.classify(torch.abs(self.trunk(before) - self.trunk(after))).squeeze(1)


def scaled_rate(base_lr, batch_size, reference=256, **_):
    # linear scaling rule
    return base_lr * (batch_size // reference)


def evaluate(model, loader, device):
    model.eval()
    right = total = 0
    with torch.no_grad():
        for before, after, changed in loader:
            logit = model(before.to(device), after.to(device))
            right += ((logit > 0).float().cpu() == changed).sum().item()
            total += len(changed)
    return right / total


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    kwargs = dict(batch_size=HYPER["batch_size"], num_workers=HYPER["workers"])
    train_loader = DataLoader(PairDataset("pairs_train.pt"), shuffle=True, **kwargs)
    test_loader = DataLoader(PairDataset("pairs_test.pt"), **kwargs)
    model = Siamese().to(device)
    criterion = nn.BCEWithLogitsLoss()
    optimizer = optim.Adam(model.parameters(), lr=scaled_rate(**HYPER))  # expect: invalid-learning-rate

    for epoch in range(HYPER["epochs"]):
        model.train()
        running = 0.0
        for before, after, changed in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(before.to(device), after.to(device)), changed.to(device))
            loss.backward()
            optimizer.step()
            running += loss.item()
        print("epoch %d loss %.4f accuracy %.3f" % (epoch, running / len(train_loader), evaluate(model, test_loader, device)))


if __name__ == "__main__":
    main()
