import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CHORDS = 48
BARS = 24


class ChordModel(nn.Module):
    def __init__(self, width=96, rate=0.2):
        super().__init__()
        self.embed = nn.Embedding(CHORDS, width)
        self.rnn = nn.GRU(width, width, num_layers=2, batch_first=True, dropout=rate)
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, CHORDS)

    def forward(self, progression):
        hidden, _ = self.rnn(self.embed(progression))
        return self.out(self.norm(hidden))


def decay_groups(model, decay):
    named = list(model.named_parameters())
    matrices = [p for name, p in named if p.ndim >= 2 and not name.startswith("embed")]
    rest = [p for name, p in named if p.ndim < 2 or name.startswith("embed")]
    return [
        {"params": matrices, "weight_decay": decay},
        {"params": rest, "weight_decay": 0.0},
    ]


def songs(n, seed):
    g = torch.Generator().manual_seed(seed)
    step = torch.tensor([5, 7, 7, 2])[torch.randint(4, (n, BARS), generator=g)]
    first = torch.randint(CHORDS, (n, 1), generator=g)
    line = (first + step.cumsum(dim=1)) % CHORDS
    return TensorDataset(line[:, :-1].contiguous(), line[:, 1:].contiguous())


def perplexity(model, loader):
    model.eval()
    total = count = 0
    with torch.no_grad():
        for progression, following in loader:
            logits = model(progression)
            loss = F.cross_entropy(logits.flatten(0, 1), following.flatten())
            total += loss.item() * following.numel()
            count += following.numel()
    return 2.718281828 ** (total / count)


def main():
    torch.manual_seed(4)
    model = ChordModel()
    optimizer = torch.optim.AdamW(decay_groups(model, decay=0.05), lr=1e-3)
    train = DataLoader(songs(3000, 0), batch_size=50, shuffle=True)
    valid = DataLoader(songs(600, 1), batch_size=100)

    for epoch in range(15):
        model.train()
        for progression, following in train:
            logits = model(progression)
            loss = F.cross_entropy(logits.flatten(0, 1), following.flatten())
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        print(epoch, perplexity(model, valid))


if __name__ == "__main__":
    main()
