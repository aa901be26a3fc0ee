"""Sleep staging: one of five stages for every 30 s epoch of a night."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CFG = {
    "n_features": 24,
    "hidden": 48,
    "n_stages": 5,
    "n_heads": 3,
    "loss": "NLLLoss",
    "loss_args": {"ignore_index": -100},
    "optimizer": "AdamW",
    "optimizer_args": {"lr": 1e-3, "weight_decay": 1e-2},
    "epochs": 10,
}


class SleepStager(nn.Module):
    """A recurrent encoder with several small heads whose votes are averaged."""

    def __init__(self, n_features, hidden, n_stages, n_heads):
        super().__init__()
        self.norm = nn.LayerNorm(n_features)
        self.encoder = nn.LSTM(n_features, hidden, batch_first=True, bidirectional=True)
        self.heads = nn.ModuleList(
            nn.Sequential(nn.Linear(2 * hidden, 32), nn.GELU(), nn.Dropout(0.2), nn.Linear(32, n_stages))
            for _ in range(n_heads)
        )

    def forward(self, night):
        states, _ = self.encoder(self.norm(night))
        votes = torch.stack([head(states).softmax(dim=-1) for head in self.heads])
        mean_vote = votes.mean(dim=0)
        return mean_vote


def simulate(n_nights, seed, length=120):
    g = torch.Generator().manual_seed(seed)
    nights = torch.randn(n_nights, length, CFG["n_features"], generator=g)
    stages = torch.randint(0, CFG["n_stages"], (n_nights, length), generator=g)
    artefact = torch.rand(n_nights, length, generator=g) < 0.05
    return TensorDataset(nights, stages.masked_fill(artefact, -100))


class Trainer:
    def __init__(self, cfg):
        self.model = SleepStager(cfg["n_features"], cfg["hidden"], cfg["n_stages"], cfg["n_heads"])
        self.criterion = getattr(nn, cfg["loss"])(**cfg["loss_args"])
        make_optimizer = getattr(torch.optim, cfg["optimizer"])
        self.optimizer = make_optimizer(self.model.parameters(), **cfg["optimizer_args"])
        self.epochs = cfg["epochs"]

    def compute_loss(self, batch):
        nights, stages = batch
        per_step = self.model(nights)
        return self.criterion(per_step.transpose(1, 2), stages)  # expect: nll-without-log-softmax

    def run(self, train_loader, valid_loader):
        for epoch in range(self.epochs):
            self.model.train()
            for batch in train_loader:
                self.optimizer.zero_grad()
                loss = self.compute_loss(batch)
                loss.backward()
                self.optimizer.step()
            print(epoch, *self.evaluate(valid_loader))

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        loss, right, scored = 0.0, 0, 0
        for nights, stages in loader:
            loss += self.compute_loss((nights, stages)).item()
            keep = stages != -100
            guess = self.model(nights).argmax(dim=-1)
            right += (guess[keep] == stages[keep]).sum().item()
            scored += keep.sum().item()
        return loss / len(loader), right / scored


if __name__ == "__main__":
    torch.manual_seed(4)
    Trainer(CFG).run(
        DataLoader(simulate(160, seed=1), batch_size=16, shuffle=True),
        DataLoader(simulate(40, seed=2), batch_size=8),
    )
