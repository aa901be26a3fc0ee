import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

GUIDE = 23
WARMUP = 150


class GuideEfficiency(nn.Module):
    """Guide RNA (one-hot, 4 x 23) -> standardised cutting efficiency."""

    def __init__(self, width=40):
        super().__init__()
        self.motifs = nn.ModuleList(nn.Conv1d(4, width, k, padding=k // 2) for k in (3, 5, 7))
        self.drop = nn.Dropout(0.2)
        self.join = nn.Linear(3 * width, 32)
        self.out = nn.Linear(32, 1)

    def forward(self, guide):
        found = [torch.relu(conv(guide)).amax(dim=-1) for conv in self.motifs]
        hidden = torch.relu(self.join(self.drop(torch.cat(found, dim=1))))
        return self.out(hidden).squeeze(1)


def guides(n, seed):
    g = torch.Generator().manual_seed(seed)
    bases = torch.randint(4, (n, GUIDE), generator=g)
    onehot = nn.functional.one_hot(bases, 4).float().transpose(1, 2).contiguous()
    gc = ((bases == 1) | (bases == 2)).float().mean(1)
    score = (gc - 0.5) * 8 + (bases[:, 19] == 2).float() + 0.3 * torch.randn(n, generator=g)
    return TensorDataset(onehot, score - 0.25)


def moving_parts(params):
    optimizer = torch.optim.AdamW(params, lr=2e-3, weight_decay=0.01)
    warmup = LambdaLR(optimizer, lambda step: min(1.0, (step + 1) / WARMUP))
    return optimizer, warmup


def validate(model, loader):
    model.eval()
    guess, truth = [], []
    with torch.no_grad():
        for guide, score in loader:
            guess.append(model(guide))
            truth.append(score)
    both = torch.stack([torch.cat(guess), torch.cat(truth)])
    return torch.corrcoef(both)[0, 1].item()


def main():
    torch.manual_seed(13)
    model = GuideEfficiency()
    optimizer, warmup = moving_parts(model.parameters())
    train = DataLoader(guides(4000, 0), batch_size=80, shuffle=True)
    valid = DataLoader(guides(800, 1), batch_size=160)
    criterion = nn.MSELoss()

    for epoch in range(14):
        model.train()
        for guide, score in train:
            optimizer.zero_grad()
            criterion(model(guide), score).backward()
            for part in (optimizer, warmup):
                part.step()
        print(f"epoch {epoch} lr {warmup.get_last_lr()[0]:.1e} r {validate(model, valid):.3f}")


if __name__ == "__main__":
    main()
