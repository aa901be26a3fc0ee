# German -> English on Multi30k, after "Attention is all you need"
import math

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader

PAD, D_MODEL, VOCAB = 0, 256, 8000


class NoamOpt:
    """Optimizer wrapper that sets the rate at every step."""

    def __init__(self, model_size, factor, warmup, optimizer):
        self.optimizer = optimizer
        self.model_size = model_size
        self.factor = factor
        self.warmup = warmup
        self._step = 0

    def rate(self, step):
        return self.factor * self.model_size ** 0.5 * min(step ** -0.5, step * self.warmup ** -1.5)

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step(self):
        self._step += 1
        rate = self.rate(self._step)
        for p in self.optimizer.param_groups:
            p["lr"] = rate  # expect: learning-rate-too-high
        self.optimizer.step()


class Translator(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, D_MODEL, padding_idx=PAD)
        self.position = nn.Embedding(256, D_MODEL)
        self.core = nn.Transformer(D_MODEL, 8, 3, 3, 1024, dropout=0.1, batch_first=True)
        self.out = nn.Linear(D_MODEL, VOCAB)

    def encode(self, tokens):
        places = torch.arange(tokens.size(1), device=tokens.device)
        return self.embed(tokens) * math.sqrt(D_MODEL) + self.position(places)

    def forward(self, src, tgt):
        causal = torch.triu(torch.ones(tgt.size(1), tgt.size(1), dtype=torch.bool, device=tgt.device), diagonal=1)
        hidden = self.core(self.encode(src), self.encode(tgt), tgt_mask=causal,
                           src_key_padding_mask=src == PAD, tgt_key_padding_mask=tgt == PAD,
                           memory_key_padding_mask=src == PAD)
        return self.out(hidden)


def collate(rows):
    src, tgt = zip(*rows)
    return pad_sequence(src, batch_first=True, padding_value=PAD), pad_sequence(tgt, batch_first=True, padding_value=PAD)


train_loader = DataLoader(torch.load("multi30k_train.pt"), batch_size=64, shuffle=True, collate_fn=collate)
valid_loader = DataLoader(torch.load("multi30k_valid.pt"), batch_size=64, collate_fn=collate)

model = Translator()
criterion = nn.CrossEntropyLoss(ignore_index=PAD, label_smoothing=0.1)
opt = NoamOpt(D_MODEL, 1.0, 4000, torch.optim.Adam(model.parameters(), lr=0.0, betas=(0.9, 0.98), eps=1e-9))


def batch_loss(src, tgt):
    logits = model(src, tgt[:, :-1])
    return criterion(logits.reshape(-1, VOCAB), tgt[:, 1:].reshape(-1))


for epoch in range(20):
    model.train()
    for src, tgt in train_loader:
        opt.zero_grad()
        loss = batch_loss(src, tgt)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
    model.eval()
    with torch.no_grad():
        valid = [batch_loss(src, tgt).item() for src, tgt in valid_loader]
    print(epoch, sum(valid) / len(valid))
