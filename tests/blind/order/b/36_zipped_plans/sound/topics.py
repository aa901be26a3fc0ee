import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim import Adagrad, AdamW
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

VOCAB, LENGTH, TOPICS, EPOCHS = 3000, 40, 6, 10


class BagOfWords(nn.Module):
    def __init__(self, dim=32):
        super().__init__()
        self.words = nn.EmbeddingBag(VOCAB, dim, mode="mean")
        self.head = nn.Sequential(
            nn.Linear(dim, 64),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(64, TOPICS),
        )

    def forward(self, tokens):
        return self.head(self.words(tokens))


def documents(n):
    topic = torch.randint(TOPICS, (n,))
    share = VOCAB // TOPICS
    own = topic.unsqueeze(1) * share + torch.randint(share, (n, LENGTH))
    other = torch.randint(VOCAB, (n, LENGTH))
    tokens = torch.where(torch.rand(n, LENGTH) < 0.3, own, other)
    return TensorDataset(tokens, topic)


def linear_plan(optimizer, total, floor=0.05):
    return LambdaLR(optimizer, lambda done: max(floor, 1.0 - done / total))


def evaluate(model, loader):
    was = model.training
    model.eval()
    right = 0
    with torch.no_grad():
        for tokens, topic in loader:
            right += (model(tokens).argmax(dim=1) == topic).sum().item()
    model.train(was)
    return right / len(loader.dataset)


def main():
    torch.manual_seed(16)
    train = DataLoader(documents(6000), batch_size=60, shuffle=True)
    valid = DataLoader(documents(1200), batch_size=300)
    model = BagOfWords()
    optimizers = [
        Adagrad(model.words.parameters(), lr=0.05),
        AdamW(model.head.parameters(), lr=1e-3),
    ]
    total = EPOCHS * len(train)
    plans = [linear_plan(optimizer, total) for optimizer in optimizers]

    for epoch in range(EPOCHS):
        model.train()
        running = 0.0
        for tokens, topic in train:
            for optimizer in optimizers:
                optimizer.zero_grad()
            loss = F.cross_entropy(model(tokens), topic)
            loss.backward()
            for plan, optimizer in zip(plans, optimizers):
                optimizer.step()
                plan.step()
            running += loss.item()
        rates = ", ".join(f"{plan.get_last_lr()[0]:.2e}" for plan in plans)
        print(f"epoch {epoch}: loss {running / len(train):.4f} valid {evaluate(model, valid):.3f} ({rates})")


if __name__ == "__main__":
    main()
