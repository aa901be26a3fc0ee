"""The logits go into the loss; softmax is only for people to read."""

import torch
import torch.nn.functional as F
from torch import nn


class Clothes(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(784, 256), nn.ReLU(), nn.Dropout(0.5))
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        return self.head(self.body(x))

    @torch.no_grad()
    def probabilities(self, x):
        return F.softmax(self(x), dim=1)


model = Clothes()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for images, labels in torch.load("clothes.pt"):
    model.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

    model.eval()
    sure, guess = model.probabilities(images).max(dim=1)
    print(f"{loss.item():.3f}, {(guess == labels).float().mean():.1%} right, {sure.mean():.2f} sure")
