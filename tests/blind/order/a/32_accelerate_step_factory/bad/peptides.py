"""Peptide families with a small transformer, run through Accelerate."""
import torch
from accelerate import Accelerator
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, TensorDataset

AMINO, LENGTH, FAMILIES, EPOCHS = 21, 48, 6, 12


def peptides(n, seed):
    g = torch.Generator().manual_seed(seed)
    tokens = torch.randint(1, AMINO, (n, LENGTH), generator=g)
    family = torch.randint(FAMILIES, (n,), generator=g)
    motif = 1 + (family[:, None] * 3 + torch.arange(5)) % (AMINO - 1)
    start = torch.randint(LENGTH - 5, (n, 1), generator=g)
    tokens.scatter_(1, start + torch.arange(5), motif)
    return TensorDataset(tokens, family)


class Encoder(nn.Module):
    def __init__(self, width=64, depth=2):
        super().__init__()
        self.token = nn.Embedding(AMINO, width)
        self.place = nn.Embedding(LENGTH, width)
        layer = nn.TransformerEncoderLayer(width, nhead=4, dim_feedforward=128, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=depth)
        self.head = nn.Linear(width, FAMILIES)

    def forward(self, tokens):
        x = self.token(tokens) + self.place(torch.arange(tokens.size(1), device=tokens.device))
        return self.head(self.encoder(x).amax(dim=1))


def make_step(accelerator, model, optimizer, scheduler):
    criterion = nn.CrossEntropyLoss()

    def step(tokens, family):
        loss = criterion(model(tokens), family)
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        scheduler.step()  # expect: scheduler-before-optimizer
        optimizer.step()
        rate = scheduler.get_last_lr()[0]
        optimizer.zero_grad()
        return loss.item(), rate

    return step


@torch.no_grad()
def accuracy(accelerator, model, loader):
    model.eval()
    right = seen = 0
    for tokens, family in loader:
        guess, truth = accelerator.gather_for_metrics((model(tokens).argmax(dim=1), family))
        right += (guess == truth).sum().item()
        seen += len(truth)
    return right / seen


def main():
    accelerator = Accelerator()
    torch.manual_seed(0)
    train = DataLoader(peptides(6000, seed=1), batch_size=60, shuffle=True)
    val = DataLoader(peptides(1000, seed=2), batch_size=100)
    model = Encoder()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    scheduler = CosineAnnealingLR(optimizer, T_max=EPOCHS * len(train))
    model, optimizer, train, val, scheduler = accelerator.prepare(model, optimizer, train, val, scheduler)

    step = make_step(accelerator, model, optimizer, scheduler)
    for epoch in range(EPOCHS):
        model.train()
        outcomes = [step(tokens, family) for tokens, family in train]
        losses, rates = zip(*outcomes)
        score = accuracy(accelerator, model, val)
        accelerator.print(f"{epoch:2d} loss {sum(losses) / len(losses):.4f} rate {rates[-1]:.2e} accuracy {score:.3f}")


if __name__ == "__main__":
    main()
