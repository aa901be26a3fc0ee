"""Does a 20-day candlestick chart tell whether the next week closes higher?

charts/labels.csv has the columns file,date,up and one greyscale PNG (black on white, 64 x 96) per row.
"""
import csv
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset

ROOT = Path("charts")
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class Charts(Dataset):
    def __init__(self, rows):
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        row = self.rows[i]
        with Image.open(ROOT / row["file"]) as im:
            ink = 255 - np.array(im.convert("L"))      # white paper becomes 0, the candles stand out
        return ink[None], float(row["up"])


def collate(samples):
    charts, ups = zip(*samples)
    return torch.from_numpy(np.stack(charts)).float(), torch.tensor(ups, dtype=torch.float32)


class ChartNet(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        stages, channels = [], 1
        for k in range(3):
            stages += [nn.Conv2d(channels, width << k, kernel_size=(5, 3), padding=(2, 1)),
                       nn.LeakyReLU(0.01),
                       nn.MaxPool2d(2)]
            channels = width << k
        self.stages = nn.Sequential(*stages)
        self.register_buffer("paper", torch.tensor(21.0))
        self.register_buffer("contrast", torch.tensor(62.0))
        self.drop = nn.Dropout(0.4)
        self.vote = nn.Linear(channels, 1)

    def forward(self, x):
        maps = self.stages((x - self.paper) / self.contrast)
        return self.vote(self.drop(maps.mean(dim=(2, 3)))).squeeze(1)


def run_epoch(net, loader, criterion, optimizer=None):
    training = optimizer is not None
    net.train(training)
    total, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for charts, ups in loader:
            charts, ups = charts.to(DEVICE), ups.to(DEVICE)
            logits = net(charts)
            loss = criterion(logits, ups)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            total += loss.item() * len(ups)
            hits += ((logits > 0) == (ups > 0.5)).sum().item()
            seen += len(ups)
    return total / seen, hits / seen


def main():
    torch.manual_seed(11)
    with open(ROOT / "labels.csv", newline="") as f:
        rows = sorted(csv.DictReader(f), key=lambda r: r["date"])
    cut = int(0.8 * len(rows))
    past = DataLoader(Charts(rows[:cut]), batch_size=128, shuffle=True, collate_fn=collate)
    future = DataLoader(Charts(rows[cut:]), batch_size=256, collate_fn=collate)

    net = ChartNet().to(DEVICE)
    criterion = nn.BCEWithLogitsLoss()
    optimizer = torch.optim.AdamW(net.parameters(), lr=5e-4, weight_decay=1e-2)
    for epoch in range(1, 9):
        fit_loss, fit_acc = run_epoch(net, past, criterion, optimizer)
        val_loss, val_acc = run_epoch(net, future, criterion)
        print(f"{epoch:2d}  fit {fit_loss:.4f} {fit_acc:.3f}   held out {val_loss:.4f} {val_acc:.3f}")


if __name__ == "__main__":
    main()
