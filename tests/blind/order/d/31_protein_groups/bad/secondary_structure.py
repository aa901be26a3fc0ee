"""Three-state protein secondary structure tagging with Accelerate."""
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

RESIDUES, LENGTH, STATES = 21, 80, 3


class Tagger(nn.Module):
    def __init__(self, dim=64, heads=4, depth=2):
        super().__init__()
        self.residue = nn.Embedding(RESIDUES, dim)
        self.position = nn.Embedding(LENGTH, dim)
        layer = nn.TransformerEncoderLayer(dim, heads, dim_feedforward=128, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth)
        self.state = nn.Linear(dim, STATES)

    def forward(self, sequence):
        place = torch.arange(sequence.size(1), device=sequence.device)
        return self.state(self.encoder(self.residue(sequence) + self.position(place)))


def parameter_groups(model, weight_decay):
    named = model.named_parameters()
    matrices = [p for _, p in named if p.ndim >= 2]
    vectors = [p for _, p in named if p.ndim < 2]
    return [
        {"params": matrices, "weight_decay": weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]


def chains(n):
    sequence = torch.randint(0, RESIDUES, (n, LENGTH))
    state = (sequence + sequence.roll(1, dims=1)) % STATES
    return TensorDataset(sequence, state)


def evaluate(accelerator, model, loader):
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for sequence, state in loader:
            guess = model(sequence).argmax(dim=-1)
            guess, state = accelerator.gather_for_metrics((guess, state))
            hits += (guess == state).sum().item()
            total += state.numel()
    return hits / total


def main():
    set_seed(4)
    accelerator = Accelerator()
    train_loader = DataLoader(chains(4000), batch_size=40, shuffle=True)
    val_loader = DataLoader(chains(400), batch_size=100)
    model = Tagger()
    optimizer = torch.optim.AdamW(parameter_groups(model, 0.05), lr=5e-4)  # expect: detached-optimizer
    criterion = nn.CrossEntropyLoss()
    model, optimizer, train_loader, val_loader = accelerator.prepare(model, optimizer, train_loader, val_loader)

    for epoch in range(12):
        model.train()
        for sequence, state in train_loader:
            optimizer.zero_grad()
            logits = model(sequence)
            loss = criterion(logits.transpose(1, 2), state)
            accelerator.backward(loss)
            accelerator.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
        accelerator.print(f"epoch {epoch}: Q3 {evaluate(accelerator, model, val_loader):.3f}")


if __name__ == "__main__":
    main()
