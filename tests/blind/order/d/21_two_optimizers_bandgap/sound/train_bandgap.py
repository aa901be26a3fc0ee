"""Band-gap regression from composition descriptors (encoder and head with separate optimizers)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

N_DESCRIPTORS = 48
EPOCHS = 40


class CompositionEncoder(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(N_DESCRIPTORS, width),
            nn.SiLU(),
            nn.Linear(width, width),
            nn.SiLU(),
        )

    def forward(self, x):
        return self.body(x)


class GapHead(nn.Module):
    def __init__(self, width=64):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(width, 1)

    def forward(self, h):
        return self.out(self.drop(h)).squeeze(-1)


def make_loaders():
    x = torch.randn(2400, N_DESCRIPTORS)
    gap = 0.7 * x[:, 0] - 0.4 * x[:, 1] * x[:, 2] + 0.1 * torch.randn(2400)
    train, val = random_split(TensorDataset(x, gap), [2000, 400])
    return DataLoader(train, batch_size=50, shuffle=True), DataLoader(val, batch_size=200)


@torch.no_grad()
def mean_absolute_error(encoder, head, loader):
    encoder.eval()
    head.eval()
    total, count = 0.0, 0
    for x, gap in loader:
        total += (head(encoder(x)) - gap).abs().sum().item()
        count += len(gap)
    return total / count


def main():
    torch.manual_seed(11)
    train_loader, val_loader = make_loaders()
    encoder, head = CompositionEncoder(), GapHead()
    optimizers = {
        "encoder": torch.optim.AdamW(encoder.parameters(), lr=3e-4, weight_decay=1e-2),
        "head": torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.0),
    }
    criterion = nn.HuberLoss()

    for epoch in range(EPOCHS):
        encoder.train()
        head.train()
        running = 0.0
        for x, gap in train_loader:
            loss = criterion(head(encoder(x)), gap)
            loss.backward()
            for opt in optimizers.values():
                opt.step()
                opt.zero_grad(set_to_none=True)
            running += loss.item()
        mae = mean_absolute_error(encoder, head, val_loader)
        print(f"{epoch:3d}  train {running / len(train_loader):.4f}  val MAE {mae:.4f} eV")


if __name__ == "__main__":
    main()
