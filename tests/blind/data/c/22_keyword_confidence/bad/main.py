import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from clips import KEYWORDS, Clips
from confidence import report
from spotter import Spotter


def train(model, loader, optimizer):
    model.train()
    for spec, kind in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(spec), kind)
        loss.backward()
        optimizer.step()


@torch.no_grad()
def score(model, loader):
    model.eval()
    scores, kinds = [], []
    for spec, kind in loader:
        scores.append(model(spec))
        kinds.append(kind)
    return torch.cat(scores), torch.cat(kinds)


def main():
    torch.manual_seed(2)
    train_loader = DataLoader(Clips(1200, seed=1), batch_size=32, shuffle=True)
    val_loader = DataLoader(Clips(240, seed=2), batch_size=120)
    model = Spotter(len(KEYWORDS))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)

    for epoch in range(8):
        train(model, train_loader, optimizer)
        scores, kinds = score(model, val_loader)
        hits = (scores.argmax(dim=1) == kinds).float().mean().item()
        print(f"epoch {epoch}: accuracy {hits:.3f}")

    scores, _ = score(model, DataLoader(Clips(20, seed=3), batch_size=20))
    report(scores.numpy(), KEYWORDS, temperature=1.5)


if __name__ == "__main__":
    main()
