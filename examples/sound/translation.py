"""A rate of 1 that is never used: the schedule of the Transformer returns the rate itself."""

import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

WIDTH, WARMUP = 256, 4_000


def noam(step):
    step += 1
    return WIDTH**-0.5 * min(step**-0.5, step * WARMUP**-1.5)


class Translator(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.embedding = nn.Embedding(words, WIDTH)
        self.transformer = nn.Transformer(WIDTH, nhead=4, batch_first=True)
        self.word = nn.Linear(WIDTH, words)

    def forward(self, source, target):
        return self.word(self.transformer(self.embedding(source), self.embedding(target)))


model = Translator(words=20_000)
criterion = nn.CrossEntropyLoss(ignore_index=0)
optimizer = torch.optim.Adam(model.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
scheduler = LambdaLR(optimizer, noam)

for source, target in torch.load("sentences.pt"):
    optimizer.zero_grad()
    words = model(source, target[:, :-1])
    loss = criterion(words.flatten(0, 1), target[:, 1:].flatten())
    loss.backward()
    optimizer.step()
    scheduler.step()
