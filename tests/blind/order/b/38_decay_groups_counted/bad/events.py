import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

EVENTS, LENGTH, DIM = 64, 24, 32


class EventModel(nn.Module):
    """Will the customer come back? A transformer over the last events."""

    def __init__(self):
        super().__init__()
        self.event = nn.Embedding(EVENTS, DIM)
        self.place = nn.Parameter(0.02 * torch.randn(LENGTH, DIM))
        layer = nn.TransformerEncoderLayer(DIM, nhead=4, dim_feedforward=64, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.out = nn.Linear(DIM, 2)

    def forward(self, events):
        h = self.encoder(self.event(events) + self.place)
        return self.out(h.mean(dim=1))


def histories(n):
    events = torch.randint(EVENTS, (n, LENGTH))
    bought = (events < 8).sum(dim=1)
    complained = (events >= 58).sum(dim=1)
    return TensorDataset(events, (bought > complained).long())


def split_parameters(model):
    decayed = (p for name, p in model.named_parameters() if p.ndim > 1)
    plain = [p for name, p in model.named_parameters() if p.ndim <= 1]
    print(f"{sum(p.numel() for p in decayed):,} weights with decay")
    return decayed, plain


def train_epoch(model, loader, optimizer):
    model.train()
    running = 0.0
    for events, back in loader:
        loss = F.cross_entropy(model(events), back)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item()
    return running / len(loader)


@torch.no_grad()
def accuracy(model, loader):
    model.eval()
    hits = [(model(events).argmax(dim=1) == back).float().mean().item() for events, back in loader]
    return sum(hits) / len(hits)


def main():
    torch.manual_seed(18)
    train = DataLoader(histories(8000), batch_size=80, shuffle=True)
    valid = DataLoader(histories(1000), batch_size=250)
    model = EventModel()
    decayed, plain = split_parameters(model)
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=5e-4)  # expect: detached-optimizer
    for epoch in range(15):
        loss = train_epoch(model, train, optimizer)
        print(f"epoch {epoch:02d} loss {loss:.4f} valid {accuracy(model, valid):.3f}")


if __name__ == "__main__":
    main()
