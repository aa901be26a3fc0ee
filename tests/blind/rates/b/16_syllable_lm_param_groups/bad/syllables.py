# homework 5: next-character model for invented names
import random

import torch
import torch.nn as nn

random.seed(5)
torch.manual_seed(5)

CONTEXT = 4
LR_START = 0.01
LR_UP = 1.03
EPOCHS = 60

parts = ["ka", "lo", "mi", "ren", "tor", "va", "shi", "bel", "dun", "e"]
names = ["".join(random.choices(parts, k=random.randint(2, 4))) for _ in range(1500)]
letters = ["."] + sorted(set("".join(names)))
index = {c: i for i, c in enumerate(letters)}


def to_pairs(some_names):
    xs, ys = [], []
    for name in some_names:
        window = [0] * CONTEXT
        for c in name + ".":
            xs.append(window)
            ys.append(index[c])
            window = window[1:] + [index[c]]
    return torch.tensor(xs), torch.tensor(ys)


x_train, y_train = to_pairs(names[:1300])
x_dev, y_dev = to_pairs(names[1300:])


class NextChar(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(len(letters), 12)
        self.hidden = nn.Linear(12 * CONTEXT, 100)
        self.out = nn.Linear(100, len(letters))

    def forward(self, x):
        e = self.emb(x).flatten(1)
        return self.out(torch.tanh(self.hidden(e)))


model = NextChar()
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=LR_START, momentum=0.9)

best = float("inf")
for epoch in range(EPOCHS):
    model.train()
    order = torch.randperm(len(x_train))
    running = 0.0
    for start in range(0, len(order), 64):
        rows = order[start:start + 64]
        optimizer.zero_grad()
        loss = loss_fn(model(x_train[rows]), y_train[rows])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(rows)
    running /= len(order)

    # still getting better: go a bit faster
    if running < best:
        best = running
        for group in optimizer.param_groups:
            group["lr"] *= LR_UP  # expect: unbounded-learning-rate

    model.eval()
    with torch.no_grad():
        dev = loss_fn(model(x_dev), y_dev).item()
    print(epoch, "train", round(running, 4), "dev", round(dev, 4))
