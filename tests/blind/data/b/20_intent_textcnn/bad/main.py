"""python main.py    intents.tsv: one request per line, intent <tab> sentence"""
import random
from collections import Counter
from dataclasses import asdict

import torch
from torch import nn
from torch.utils.data import DataLoader

from config import ModelConfig, TrainConfig
from textcnn import TextCNN


def read(cfg):
    with open(cfg.path, encoding="utf-8") as f:
        pairs = [line.rstrip("\n").lower().split("\t") for line in f]
    random.Random(cfg.seed).shuffle(pairs)
    cut = len(pairs) * 9 // 10
    return pairs[:cut], pairs[cut:]


class Encoder:
    def __init__(self, pairs, cfg):
        counts = Counter(w for _, text in pairs for w in text.split())
        frequent = sorted(w for w, n in counts.items() if n >= cfg.min_count)
        self.words = {w: i for i, w in enumerate(frequent, start=2)}
        self.intents = {name: i for i, name in enumerate(sorted({name for name, _ in pairs}))}
        self.length = cfg.max_words

    def __call__(self, pairs):
        pairs = [(name, text) for name, text in pairs if name in self.intents]
        ids = torch.zeros(len(pairs), self.length, dtype=torch.long)
        for row, (_, text) in enumerate(pairs):
            for col, word in enumerate(text.split()[: self.length]):
                ids[row, col] = self.words.get(word, 1)
        return list(zip(ids, torch.tensor([self.intents[name] for name, _ in pairs])))


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    hits = [(model(ids).argmax(dim=1) == intent).float() for ids, intent in loader]
    return torch.cat(hits).mean().item()


def main():
    cfg = TrainConfig()
    torch.manual_seed(cfg.seed)
    train_pairs, dev_pairs = read(cfg)
    encode = Encoder(train_pairs, cfg)
    train = DataLoader(encode(train_pairs), batch_size=cfg.batch_size, shuffle=True)
    dev = DataLoader(encode(dev_pairs), batch_size=256)

    model = TextCNN(len(encode.words) + 2, len(encode.intents), **asdict(ModelConfig()))
    optimizer = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    loss_fn = nn.CrossEntropyLoss()
    for epoch in range(cfg.epochs):
        model.train()
        running = 0.0
        for ids, intent in train:
            loss = loss_fn(model(ids), intent)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"epoch {epoch}: loss {running / len(train):.3f}, dev accuracy {evaluate(model, dev):.3f}")


if __name__ == "__main__":
    main()
