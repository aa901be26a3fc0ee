from pathlib import Path

import torch
import torch.nn.functional as F

from lmkit.data import loaders
from lmkit.model import CausalLM
from lmkit.schedule import ramped

VOCAB, LENGTH = 8000, 128
EPOCHS, WARMUP = 40, 200


def token_loss(model, ids, targets):
    logits = model(ids)
    return F.cross_entropy(logits.reshape(-1, VOCAB), targets.reshape(-1))


def evaluate(model, loader, device):
    model.eval()
    losses = []
    with torch.no_grad():
        for ids, targets in loader:
            losses.append(token_loss(model, ids.to(device), targets.to(device)).item())
    return sum(losses) / max(1, len(losses))


def main():
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_loader, valid_loader = loaders(Path("data"), LENGTH, batch_size=32)
    model = CausalLM(VOCAB, LENGTH).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-4, betas=(0.9, 0.98), weight_decay=0.01)
    scheduler = ramped(optimizer, WARMUP)
    for epoch in range(EPOCHS):
        model.train()
        for ids, targets in train_loader:
            optimizer.zero_grad(set_to_none=True)
            loss = token_loss(model, ids.to(device), targets.to(device))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        print(epoch, evaluate(model, valid_loader, device), scheduler.get_last_lr()[0])


if __name__ == "__main__":
    main()
