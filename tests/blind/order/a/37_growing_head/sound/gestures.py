# New gestures arrive in three rounds; the classifier grows with them.
import torch
from torch import nn
from torch.utils.data import ConcatDataset, DataLoader, TensorDataset

torch.manual_seed(21)
CHANNELS, STEPS = 6, 64


def recordings(gestures, per_gesture, seed):
    g = torch.Generator().manual_seed(seed)
    t = torch.linspace(0, 6.283, STEPS)
    signals, labels = [], []
    for gesture in gestures:
        phase = torch.arange(CHANNELS)[:, None] * (0.3 + 0.4 * gesture)
        clean = torch.sin((1 + gesture) * t + phase)
        signals.append(clean + 0.7 * torch.randn(per_gesture, CHANNELS, STEPS, generator=g))
        labels.append(torch.full((per_gesture,), gesture))
    return TensorDataset(torch.cat(signals), torch.cat(labels))


class GestureNet(nn.Module):
    def __init__(self, gestures):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv1d(CHANNELS, 32, 5, padding=2), nn.BatchNorm1d(32), nn.ReLU(),
            nn.Conv1d(32, 64, 5, padding=2), nn.BatchNorm1d(64), nn.ReLU(),
            nn.AdaptiveAvgPool1d(1), nn.Flatten(),
        )
        self.head = nn.Linear(64, gestures)

    def forward(self, x):
        return self.head(self.body(x))

    def grow(self, extra):
        old = self.head
        self.head = nn.Linear(old.in_features, old.out_features + extra)
        with torch.no_grad():
            self.head.weight[: old.out_features] = old.weight
            self.head.bias[: old.out_features] = old.bias


model = GestureNet(gestures=2)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)

memory, checks = [], []
for round_, gestures in enumerate([(0, 1), (2, 3), (4, 5)]):
    if round_ > 0:
        model.grow(len(gestures))
        optimizer.add_param_group({"params": model.head.parameters()})

    memory.append(recordings(gestures, 400, seed=round_))
    checks.append(recordings(gestures, 100, seed=100 + round_))
    train = DataLoader(ConcatDataset(memory), batch_size=40, shuffle=True)
    val = DataLoader(ConcatDataset(checks), batch_size=100)

    for epoch in range(10):
        model.train()
        for x, y in train:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()

    model.eval()
    right = 0
    with torch.no_grad():
        for x, y in val:
            right += (model(x).argmax(dim=1) == y).sum().item()
    print(f"round {round_}: {right / len(val.dataset):.3f} over {model.head.out_features} gestures")
