import csv
from collections import Counter

import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, random_split

D_MODEL = 64
MAX_LEN = 128
EPOCHS = 15
NOAM = {"factor": 20, "warmup": 400}


def read_reviews(path):
    with open(path, newline="", encoding="utf-8") as f:
        rows = [(r["text"].lower().split()[:MAX_LEN], int(r["label"])) for r in csv.DictReader(f)]
    counts = Counter(w for words, _ in rows for w in words)
    vocab = {w: i + 2 for i, (w, _) in enumerate(counts.most_common(8000))}
    data = [(torch.tensor([vocab.get(w, 1) for w in words]), label) for words, label in rows if words]
    return data, len(vocab) + 2


def collate(batch):
    texts, labels = zip(*batch)
    return pad_sequence(texts, batch_first=True), torch.tensor(labels)


class SentimentTransformer(nn.Module):
    def __init__(self, vocab_size, d_model=D_MODEL):
        super().__init__()
        self.embed = nn.Embedding(vocab_size, d_model, padding_idx=0)
        self.position = nn.Embedding(MAX_LEN, d_model)
        layer = nn.TransformerEncoderLayer(d_model, 4, 128, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.out = nn.Linear(d_model, 2)

    def forward(self, tokens):
        pad = tokens.eq(0)
        pos = torch.arange(tokens.size(1), device=tokens.device)
        h = self.encoder(self.embed(tokens) + self.position(pos), src_key_padding_mask=pad)
        keep = (~pad).unsqueeze(-1).float()
        return self.out((h * keep).sum(1) / keep.sum(1).clamp(min=1.0))


def noam(d_model, factor, warmup):
    """Vaswani et al., section 5.3; the optimizer's own rate stays at 1."""

    def rate(step):
        step = max(step, 1)
        return factor * d_model ** -0.5 * min(step ** -0.5, step * warmup ** -1.5)

    return rate


def accuracy(model, loader):
    model.eval()
    hits = seen = 0
    with torch.no_grad():
        for tokens, labels in loader:
            hits += (model(tokens).argmax(dim=1) == labels).sum().item()
            seen += len(labels)
    return hits / seen


def main():
    torch.manual_seed(1)
    data, vocab_size = read_reviews("data/reviews.csv")
    n_val = len(data) // 10
    train_set, val_set = random_split(data, [len(data) - n_val, n_val])
    train_loader = DataLoader(train_set, batch_size=32, shuffle=True, collate_fn=collate)
    val_loader = DataLoader(val_set, batch_size=64, collate_fn=collate)

    model = SentimentTransformer(vocab_size)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.Adam(model.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
    scheduler = LambdaLR(optimizer, noam(D_MODEL, **NOAM))  # expect: learning-rate-too-high

    for epoch in range(EPOCHS):
        model.train()
        for tokens, labels in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(tokens), labels)
            loss.backward()
            optimizer.step()
            scheduler.step()
        print(epoch, f"accuracy {accuracy(model, val_loader):.3f}", scheduler.get_last_lr())


if __name__ == "__main__":
    main()
