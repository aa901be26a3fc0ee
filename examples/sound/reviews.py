"""Fine-tuning: the lower a layer, the less it moves, and the rate of all of them is checked where it comes in."""

import argparse

import torch
from torch import nn
from torch.optim.lr_scheduler import LinearLR


def rate(text):
    value = float(text)
    if not 0 < value <= 0.01:
        raise argparse.ArgumentTypeError("a learning rate lies between 0 and 0.01")
    return value


class Reviews(nn.Module):
    def __init__(self, words=30_000):
        super().__init__()
        self.embedding = nn.Embedding(words, 128)
        self.reader = nn.GRU(128, 128, batch_first=True)
        self.stars = nn.Linear(128, 5)

    def forward(self, words):
        _, last = self.reader(self.embedding(words))
        return self.stars(last.squeeze(0))


parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=rate, default=1e-4)
args = parser.parse_args()

model = Reviews()
model.load_state_dict(torch.load("language.pt"), strict=False)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(
    [
        {"params": model.embedding.parameters(), "lr": args.lr / 1000},
        {"params": model.reader.parameters(), "lr": args.lr / 10},
        {"params": model.stars.parameters()},
    ],
    lr=args.lr,
)
scheduler = LinearLR(optimizer, start_factor=0.01, total_iters=500)

for words, stars in torch.load("reviews.pt"):
    optimizer.zero_grad()
    loss = criterion(model(words), stars)
    loss.backward()
    optimizer.step()
    scheduler.step()
