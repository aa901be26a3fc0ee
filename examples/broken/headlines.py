"""The warm-up has a beginning and no end: after ten thousand steps the rate is ten times what was wanted."""

import torch
from torch import nn

WARMUP_STEPS = 1_000
LEARNING_RATE = 5e-4


class Headlines(nn.Module):
    def __init__(self, words=30_000, width=256, topics=12):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=512, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=3)
        self.topic = nn.Linear(width, topics)

    def forward(self, words):
        return self.topic(self.encoder(self.embedding(words)).mean(dim=1))


def warm_up(optimizer, step):
    for group in optimizer.param_groups:
        group["lr"] = LEARNING_RATE * (step + 1) / WARMUP_STEPS  # expect: unbounded-learning-rate "grows"


def main():
    model = Headlines()
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=0.01)
    step = 0
    for epoch in range(30):
        for words, topic in torch.load("headlines.pt"):
            warm_up(optimizer, step)
            optimizer.zero_grad()
            loss = criterion(model(words), topic)
            loss.backward()
            optimizer.step()
            step += 1
        print(f"epoch {epoch}: {loss.item():.3f}")


if __name__ == "__main__":
    main()
