"""Character model with Lightning Fabric, validated several times per epoch."""
from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F
from lightning.fabric import Fabric
from torch.utils.data import DataLoader, Dataset

CONTEXT, EVERY, EPOCHS = 64, 50, 5
TEXT = Path("plays.txt").read_text(encoding="utf-8")
CHARS = sorted(set(TEXT))
CODE = {c: i for i, c in enumerate(CHARS)}


class Windows(Dataset):
    def __init__(self, text):
        self.ids = torch.tensor([CODE[c] for c in text])

    def __len__(self):
        return len(self.ids) - CONTEXT

    def __getitem__(self, i):
        piece = self.ids[i : i + CONTEXT + 1]
        return piece[:-1], piece[1:]


class CharModel(nn.Module):
    def __init__(self, vocab, width=64):
        super().__init__()
        self.token = nn.Embedding(vocab, width)
        self.place = nn.Embedding(CONTEXT, width)
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=128, dropout=0.1, batch_first=True)
        self.body = nn.TransformerEncoder(layer, num_layers=2)
        self.out = nn.Linear(width, vocab)

    def forward(self, ids):
        n = ids.size(1)
        h = self.token(ids) + self.place(torch.arange(n, device=ids.device))
        mask = nn.Transformer.generate_square_subsequent_mask(n, device=ids.device)
        return self.out(self.body(h, mask=mask))


@torch.no_grad()
def validate(model, loader):
    model.eval()
    losses = [F.cross_entropy(model(x).transpose(1, 2), y).item() for x, y in loader]
    return sum(losses) / len(losses)


def main():
    fabric = Fabric(accelerator="auto", devices=1)
    fabric.launch()
    fabric.seed_everything(1)
    cut = int(0.9 * len(TEXT))
    train = DataLoader(Windows(TEXT[:cut]), batch_size=128, shuffle=True)
    valid = DataLoader(Windows(TEXT[cut:]), batch_size=256)

    model = CharModel(len(CHARS))
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-4)
    model, optimizer = fabric.setup(model, optimizer)
    train, valid = fabric.setup_dataloaders(train, valid)

    for epoch in range(EPOCHS):
        model.train()
        for step, (x, y) in enumerate(train, start=1):
            optimizer.zero_grad()
            logits = model(x)  # expect: eval-mode-not-restored
            loss = F.cross_entropy(logits.transpose(1, 2), y)
            fabric.backward(loss)
            fabric.clip_gradients(model, optimizer, max_norm=1.0)
            optimizer.step()
            if step % EVERY == 0:
                fabric.print(epoch, step, f"{loss.item():.3f}", f"{validate(model, valid):.3f}")


if __name__ == "__main__":
    main()
