"""Sleep staging from single-channel EEG epochs of 30 s."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from callbacks import Printer, RateControl

STAGES = 5


class StageNet(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 1
        for width, kernel in ((16, 25), (32, 9), (64, 5)):
            layers += [
                nn.Conv1d(channels, width, kernel, stride=3, padding=kernel // 2, bias=False),
                nn.BatchNorm1d(width),
                nn.ELU(),
            ]
            channels = width
        self.features = nn.Sequential(*layers, nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Dropout(0.3))
        self.classify = nn.Linear(4 * channels, STAGES)

    def forward(self, eeg):
        return self.classify(self.features(eeg))


def nights(n, samples=900):
    stage = torch.randint(STAGES, (n,))
    t = torch.linspace(0, 30, samples)
    rhythm = torch.sin(2 * torch.pi * (1.0 + stage[:, None]) * t)
    return TensorDataset((rhythm + 0.7 * torch.randn(n, samples)).unsqueeze(1), stage)


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    hits = sum((model(eeg).argmax(1) == stage).sum().item() for eeg, stage in loader)
    return hits / len(loader.dataset)


def fit(model, optimizer, train_loader, val_loader, epochs, callbacks):
    criterion = nn.CrossEntropyLoss()
    for epoch in range(epochs):
        for callback in callbacks:
            callback.on_epoch_begin(epoch)
        model.train()
        for eeg, stage in train_loader:
            optimizer.zero_grad()
            criterion(model(eeg), stage).backward()
            optimizer.step()
        score = accuracy(model, val_loader)
        for callback in callbacks:
            callback.on_epoch_end(epoch, score)


def main():
    torch.manual_seed(14)
    train_loader = DataLoader(nights(2000), batch_size=40, shuffle=True)
    val_loader = DataLoader(nights(400), batch_size=100)
    model = StageNet()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=8, gamma=0.5)
    fit(model, optimizer, train_loader, val_loader, 24, [RateControl(scheduler), Printer()])


if __name__ == "__main__":
    main()
