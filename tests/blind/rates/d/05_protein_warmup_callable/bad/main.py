import torch
import torch.nn.functional as F
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from stability.data import loaders
from stability.model import StabilityCNN
from stability.schedules import LinearWarmup


def evaluate(model, loader):
    model.eval()
    total, n = 0.0, 0
    with torch.no_grad():
        for tokens, target in loader:
            total += F.mse_loss(model(tokens), target, reduction="sum").item()
            n += len(target)
    return total / n


def main(epochs=20, warmup=500):
    torch.manual_seed(11)
    train_loader, valid_loader = loaders("data/stability")
    model = StabilityCNN()
    optimizer = AdamW(model.parameters(), lr=5e-4, weight_decay=0.01)
    scheduler = LambdaLR(optimizer, lr_lambda=LinearWarmup(warmup))  # expect: unbounded-learning-rate
    for epoch in range(epochs):
        model.train()
        for tokens, target in train_loader:
            optimizer.zero_grad()
            loss = F.mse_loss(model(tokens), target)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        print(f"{epoch:3d} valid mse {evaluate(model, valid_loader):.4f}")


if __name__ == "__main__":
    main()
