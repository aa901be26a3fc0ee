"""White blood cells: four types from stained smear crops (data/smears/<split>/<type>/*.png)."""
import os
import random
from glob import glob

import cv2
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

CELL_TYPES = ("eosinophil", "lymphocyte", "monocyte", "neutrophil")
SIDE = 80
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class SmearCrops(Dataset):
    def __init__(self, root, split, flip=False):
        self.flip = flip
        self.items = [(path, k) for k, kind in enumerate(CELL_TYPES)
                      for path in sorted(glob(os.path.join(root, split, kind, "*.png")))]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        path, label = self.items[index]
        rgb = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
        rgb = cv2.resize(rgb, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        if self.flip and random.random() < 0.5:
            rgb = np.ascontiguousarray(rgb[:, ::-1])
        return rgb, label


def stack(samples):
    crops, labels = zip(*samples)
    batch = torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2)
    return batch.contiguous(), torch.tensor(labels)


def prefetch(loader):
    for crops, labels in loader:
        yield crops.to(DEVICE, non_blocking=True).float(), labels.to(DEVICE, non_blocking=True)


class CellNet(nn.Module):
    def __init__(self, n_types, widths=(24, 48, 96)):
        super().__init__()
        stages, previous = [], 3
        for width in widths:
            stages += [nn.Conv2d(previous, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
            previous = width
        self.features = nn.Sequential(*stages)
        self.norm_size = nn.AdaptiveAvgPool2d(1)
        self.classify = nn.Sequential(nn.Flatten(), nn.Dropout(0.3), nn.Linear(previous, n_types))

    def forward(self, x):
        x = self.features(x)
        return self.classify(self.norm_size(x))


def run_epoch(model, loader, criterion, optimizer=None):
    training = optimizer is not None
    model.train(training)
    total, hits, seen = 0.0, 0, 0
    with torch.set_grad_enabled(training):
        for crops, labels in prefetch(loader):
            logits = model(crops)  # expect: missing-normalization
            loss = criterion(logits, labels)
            if training:
                optimizer.zero_grad(set_to_none=True)
                loss.backward()
                optimizer.step()
            total += loss.item() * len(labels)
            hits += (logits.argmax(1) == labels).sum().item()
            seen += len(labels)
    return total / seen, hits / seen


def main(root="data/smears", epochs=25):
    torch.manual_seed(3)
    train = DataLoader(SmearCrops(root, "train", flip=True), batch_size=64, shuffle=True,
                       num_workers=2, collate_fn=stack)
    valid = DataLoader(SmearCrops(root, "valid"), batch_size=128, num_workers=2, collate_fn=stack)
    model = CellNet(len(CELL_TYPES)).to(DEVICE)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for epoch in range(epochs):
        train_loss, _ = run_epoch(model, train, criterion, optimizer)
        valid_loss, accuracy = run_epoch(model, valid, criterion)
        print(f"{epoch:3d}  train {train_loss:.4f}  valid {valid_loss:.4f}  acc {accuracy:.3f}")
    torch.save(model.state_dict(), "cellnet.pt")


if __name__ == "__main__":
    main()
