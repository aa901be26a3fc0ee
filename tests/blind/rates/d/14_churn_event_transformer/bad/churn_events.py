"""Churn from a customer's last 24 events, with the schedule of the transformer paper."""
import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

EVENT_KINDS, LENGTH = 40, 24


class EventEncoder(nn.Module):
    def __init__(self, d_model):
        super().__init__()
        self.kind = nn.Embedding(EVENT_KINDS, d_model)
        self.place = nn.Embedding(LENGTH, d_model)
        layer = nn.TransformerEncoderLayer(d_model, nhead=4, dim_feedforward=128, dropout=0.1, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=2)
        self.head = nn.Linear(d_model, 1)

    def forward(self, events):
        places = torch.arange(events.size(1), device=events.device)
        hidden = self.encoder(self.kind(events) + self.place(places))
        return self.head(hidden.mean(dim=1)).squeeze(1)


class Trainer:
    d_model = 64
    warmup = 25

    def __init__(self, epochs):
        self.epochs = epochs
        self.model = EventEncoder(self.d_model)
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1.0, betas=(0.9, 0.98), eps=1e-9)
        self.scheduler = LambdaLR(self.optimizer, lr_lambda=self._noam)  # expect: learning-rate-too-high

    def _noam(self, step):
        step = max(step, 1)
        return min(step ** -0.5, step * self.warmup ** -1.5)

    def train_epoch(self, loader):
        self.model.train()
        for events, left in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(events), left)
            loss.backward()
            self.optimizer.step()
            self.scheduler.step()

    @torch.no_grad()
    def score(self, loader):
        self.model.eval()
        right = total = 0
        for events, left in loader:
            said = torch.sigmoid(self.model(events)) > 0.5
            right += (said == left.bool()).sum().item()
            total += left.numel()
        return right / total

    def run(self, train_loader, val_loader):
        for epoch in range(self.epochs):
            self.train_epoch(train_loader)
            print(f"epoch {epoch + 1}: accuracy {self.score(val_loader):.3f}")


def make_set(count, seed):
    gen = torch.Generator().manual_seed(seed)
    events = torch.randint(0, EVENT_KINDS, (count, LENGTH), generator=gen)
    complaints = (events < 4).sum(dim=1)
    return TensorDataset(events, (complaints > 2).float())


if __name__ == "__main__":
    torch.manual_seed(7)
    train_loader = DataLoader(make_set(6400, 1), batch_size=64, shuffle=True)
    val_loader = DataLoader(make_set(1600, 2), batch_size=200)
    Trainer(epochs=15).run(train_loader, val_loader)
