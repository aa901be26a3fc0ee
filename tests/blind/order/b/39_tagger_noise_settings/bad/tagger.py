import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

TOKENS, TAGS, LENGTH = 120, 5, 30


class Tagger(nn.Module):
    def __init__(self, dim=32, hidden=48, noise=None):
        super().__init__()
        self.noise = {"p": 0.25, "inplace": False, **(noise or {})}
        self.embed = nn.Embedding(TOKENS, dim)
        self.lstm = nn.LSTM(dim, hidden, batch_first=True, bidirectional=True)
        self.norm = nn.LayerNorm(2 * hidden)
        self.out = nn.Linear(2 * hidden, TAGS)

    def forward(self, tokens):
        states, _ = self.lstm(self.embed(tokens))
        states = F.dropout(self.norm(states), **self.noise)  # expect: always-on-dropout
        return self.out(states)


def sentences(n):
    tokens = torch.randint(TOKENS, (n, LENGTH))
    before = torch.roll(tokens, 1, dims=1)
    before[:, 0] = 0
    tags = (tokens + before % 2) % TAGS
    return TensorDataset(tokens, tags)


def token_loss(scores, tags):
    return F.cross_entropy(scores.reshape(-1, TAGS), tags.reshape(-1))


def run(model, loader, optimizer=None):
    """One pass; with an optimizer it trains, without it only measures."""
    learning = optimizer is not None
    model.train(learning)
    loss_sum, right, seen = 0.0, 0, 0
    with torch.set_grad_enabled(learning):
        for tokens, tags in loader:
            scores = model(tokens)
            loss = token_loss(scores, tags)
            if learning:
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(model.parameters(), 5.0)
                optimizer.step()
            loss_sum += loss.item() * tags.numel()
            right += (scores.argmax(dim=2) == tags).sum().item()
            seen += tags.numel()
    return loss_sum / seen, right / seen


def main():
    torch.manual_seed(19)
    train = DataLoader(sentences(3000), batch_size=50, shuffle=True)
    valid = DataLoader(sentences(500), batch_size=100)
    model = Tagger(noise={"p": 0.3})
    optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(10):
        fitted, _ = run(model, train, optimizer)
        checked, accuracy = run(model, valid)
        print(f"{epoch} train {fitted:.4f} valid {checked:.4f} tags right {accuracy:.3f}")


if __name__ == "__main__":
    main()
