"""Phone recogniser trained with CTC."""
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader

import schedules
from acoustic import Acoustic, Utterances

HP = {
    "lr": 3e-4,
    "epochs": 40,
    "batch_size": 32,
    "schedule": {"kind": "warmup", "options": {"steps": 500}},
}

ctc = nn.CTCLoss(blank=0, zero_infinity=True)


def ctc_loss(model, mels, phones):
    log_probs = model(mels)
    frames = torch.full((len(mels),), log_probs.size(0), dtype=torch.long)
    lengths = torch.full((len(mels),), phones.size(1), dtype=torch.long)
    return ctc(log_probs, phones, frames, lengths)


def train_epoch(model, loader, optimizer, scheduler):
    model.train()
    for mels, phones in loader:
        optimizer.zero_grad()
        loss = ctc_loss(model, mels, phones)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        scheduler.step()


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    return sum(ctc_loss(model, m, p).item() for m, p in loader) / len(loader)


def main():
    train = DataLoader(Utterances(3200, seed=0), batch_size=HP["batch_size"], shuffle=True)
    dev = DataLoader(Utterances(320, seed=1), batch_size=HP["batch_size"])
    model = Acoustic()
    optimizer = torch.optim.AdamW(model.parameters(), lr=HP["lr"], weight_decay=1e-2)

    plan = HP["schedule"]
    factor = schedules.KINDS[plan["kind"]](**plan["options"])
    scheduler = LambdaLR(optimizer, factor)

    for epoch in range(HP["epochs"]):
        train_epoch(model, train, optimizer, scheduler)
        print(epoch, evaluate(model, dev))


if __name__ == "__main__":
    main()
