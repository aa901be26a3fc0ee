import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

from nmt import InverseSqrt, Seq2Seq

CONFIG = {
    "model": {"src_vocab": 12000, "tgt_vocab": 10000, "dim": 256},
    "optim": {"lr": 1.0, "betas": (0.9, 0.98)},
    "schedule": {"peak": 2e-4, "warmup": 1000},
    "epochs": 25,
}


def load(part):
    blob = torch.load(f"europarl_{part}.pt")
    return TensorDataset(blob["src"].long(), blob["tgt"].long())


def make_training(config):
    model = Seq2Seq(**config["model"])
    optimizer = torch.optim.Adam(model.parameters(), **config["optim"])
    scheduler = LambdaLR(optimizer, lr_lambda=InverseSqrt(**config["schedule"]))
    return model, optimizer, scheduler


def token_loss(model, src, tgt, criterion):
    logits = model(src, tgt[:, :-1])
    return criterion(logits.flatten(0, 1), tgt[:, 1:].flatten())


def main():
    train = DataLoader(load("train"), batch_size=64, shuffle=True)
    valid = DataLoader(load("valid"), batch_size=128)
    model, optimizer, scheduler = make_training(CONFIG)
    criterion = nn.CrossEntropyLoss(ignore_index=0)
    for epoch in range(CONFIG["epochs"]):
        model.train()
        for src, tgt in train:
            optimizer.zero_grad()
            loss = token_loss(model, src, tgt, criterion)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            scheduler.step()
        model.eval()
        with torch.no_grad():
            held_out = [token_loss(model, s, t, criterion).item() for s, t in valid]
        print(epoch, sum(held_out) / len(held_out))


if __name__ == "__main__":
    main()
