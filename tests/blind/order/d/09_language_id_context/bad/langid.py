"""Which of six languages is this line of text in?  Character LSTM."""
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LANGUAGES = ["da", "nb", "sv", "nl", "de", "en"]
VOCAB, LENGTH = 60, 48


class CharTagger(nn.Module):
    def __init__(self, emb=32, hidden=96):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, emb, padding_idx=0)
        self.rnn = nn.LSTM(emb, hidden, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.4)
        self.out = nn.Linear(2 * hidden, len(LANGUAGES))

    def forward(self, chars):
        states, _ = self.rnn(self.embed(chars))
        return self.out(self.drop(states.mean(dim=1)))


@contextmanager
def evaluating(model):
    before = model.training
    model.eval()
    try:
        yield model
    finally:
        model.train(before)


def lines(n, seed):
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, len(LANGUAGES), (n,), generator=g)
    chars = torch.randint(1, 40, (n, LENGTH), generator=g) + 3 * labels[:, None]
    return TensorDataset(chars, labels)


def accuracy(model, loader):
    hits = total = 0
    with evaluating(model), torch.inference_mode():
        for chars, labels in loader:
            hits += (model(chars).argmax(dim=-1) == labels).sum().item()
            total += len(labels)
    return hits / total


def confusion(model, loader):
    table = torch.zeros(len(LANGUAGES), len(LANGUAGES), dtype=torch.long)
    with torch.inference_mode():
        for chars, labels in loader:
            guesses = model(chars).argmax(dim=-1)  # expect: missing-eval-mode
            for truth, guess in zip(labels.tolist(), guesses.tolist()):
                table[truth, guess] += 1
    return table


train_loader = DataLoader(lines(12000, 1), batch_size=128, shuffle=True)
val_loader = DataLoader(lines(1500, 2), batch_size=512)
test_loader = DataLoader(lines(1500, 3), batch_size=512)

model = CharTagger()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
criterion = nn.CrossEntropyLoss()

model.train()
for epoch in range(8):
    for chars, labels in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(chars), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    print(f"epoch {epoch}: {accuracy(model, val_loader):.3f}")

table = confusion(model, test_loader)
for name, row in zip(LANGUAGES, table.tolist()):
    print(name, *(f"{count:5d}" for count in row))
