import math

import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(42)
rng = np.random.default_rng(42)

EPOCHS = 40
PEAK = 5e-4


def make_beats(n):
    """Synthetic heart beats: class 1 has a late second bump."""
    t = np.linspace(0, 1, 180)
    kind = rng.integers(0, 2, size=n)
    first = np.exp(-((t - 0.3) ** 2) / 0.002)
    second = np.exp(-((t - 0.55) ** 2) / 0.004)
    late = np.exp(-((t - 0.7) ** 2) / 0.004)
    beats = first + 0.4 * np.where(kind[:, None] == 1, late, second)
    beats = beats + rng.normal(0, 0.15, size=beats.shape)
    beats = (beats - beats.mean(axis=1, keepdims=True)) / beats.std(axis=1, keepdims=True)
    x = torch.tensor(beats, dtype=torch.float32).unsqueeze(1)
    return torch.utils.data.TensorDataset(x, torch.tensor(kind, dtype=torch.long))


train_loader = torch.utils.data.DataLoader(make_beats(4000), batch_size=50, shuffle=True)
test_loader = torch.utils.data.DataLoader(make_beats(800), batch_size=50)


def conv_block(n_in, n_out):
    return nn.Sequential(
        nn.Conv1d(n_in, n_out, 7, stride=2, padding=3, bias=False),
        nn.BatchNorm1d(n_out),
        nn.ReLU(),
    )


model = nn.Sequential(
    conv_block(1, 16),
    conv_block(16, 32),
    conv_block(32, 32),
    nn.AdaptiveAvgPool1d(1),
    nn.Flatten(),
    nn.Linear(32, 2),
)


def warm_cosine(peak, warm, total):
    def at(epoch):
        if epoch < warm:
            return peak * (epoch + 1) / warm
        done = (epoch - warm) / (total - warm)
        return peak * 0.5 * (1 + math.cos(math.pi * done))

    return at


criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=PEAK)
scheduler = optim.lr_scheduler.LambdaLR(optimizer, warm_cosine(PEAK, 5, EPOCHS))  # expect: learning-rate-too-low

for epoch in range(EPOCHS):
    model.train()
    running = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    scheduler.step()

    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in test_loader:
            correct += (model(x).argmax(dim=1) == y).sum().item()
    print(epoch + 1, running / len(train_loader), correct / 800)
