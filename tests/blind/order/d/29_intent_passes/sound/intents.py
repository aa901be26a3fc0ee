"""Intent classification of short utterances with a bag of embeddings."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

VOCAB, LENGTH, INTENTS = 3000, 12, 9


class IntentNet(nn.Module):
    def __init__(self, dim=64):
        super().__init__()
        self.bag = nn.EmbeddingBag(VOCAB, dim, mode="mean")
        self.mlp = nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, 64), nn.GELU(), nn.Dropout(0.2), nn.Linear(64, INTENTS))

    def forward(self, tokens):
        return self.mlp(self.bag(tokens))


def corpus(n):
    intent = torch.randint(0, INTENTS, (n,))
    tokens = torch.randint(0, VOCAB, (n, LENGTH))
    tokens[:, 0] = intent * 20 + torch.randint(0, 20, (n,))
    return TensorDataset(tokens, intent)


def train(model, loader, passes):
    model.train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=1e-2)
    criterion = nn.CrossEntropyLoss()
    total = 0.0
    for _ in range(passes):
        for tokens, intent in loader:
            optimizer.zero_grad()
            loss = criterion(model(tokens), intent)
            loss.backward()
            optimizer.step()
            total += loss.item()
    return total / (passes * len(loader))


@torch.no_grad()
def accuracy(models, loader):
    hits = total = 0
    for tokens, intent in loader:
        votes = 0
        for model in models:
            model.eval()
            votes = votes + model(tokens).softmax(dim=-1)
        hits += (votes.argmax(dim=-1) == intent).sum().item()
        total += len(intent)
    return hits / total


def main():
    torch.manual_seed(17)
    train_loader = DataLoader(corpus(5000), batch_size=50, shuffle=True)
    dev_loader = DataLoader(corpus(1000), batch_size=250)
    models = []
    for round_ in range(5):
        models.append(IntentNet())
        loss = train(models[-1], train_loader, passes=15)
        print(f"round {round_}: loss {loss:.4f}  dev accuracy {accuracy(models, dev_loader):.3f}")


if __name__ == "__main__":
    main()
