"""Routing of support tickets: a small DistilBERT from scratch, effective batch of 64 on a small card."""
from dataclasses import dataclass

import torch
from torch.utils.data import DataLoader, Dataset
from transformers import DistilBertConfig, DistilBertForSequenceClassification

DEVICE = torch.device("cuda")
QUEUES = 4


@dataclass(frozen=True)
class Budget:
    effective: int = 64
    micro: int = 8
    epochs: int = 10
    lr: float = 5e-4

    @property
    def turns(self) -> int:
        return self.effective // self.micro


class Tickets(Dataset):
    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.queue = torch.randint(QUEUES, (n,), generator=g)
        self.tokens = torch.randint(100, 4000, (n, 48), generator=g)
        self.tokens[:, ::6] = torch.randint(50, (n, 8), generator=g) + 4000 + 50 * self.queue[:, None]

    def __len__(self):
        return len(self.queue)

    def __getitem__(self, i):
        return {"input_ids": self.tokens[i], "labels": self.queue[i]}


def on_device(batch):
    return {key: value.to(DEVICE, non_blocking=True) for key, value in batch.items()}


@torch.inference_mode()
def routed_well(model, loader):
    model.eval()
    right = 0
    for batch in map(on_device, loader):
        logits = model(input_ids=batch["input_ids"]).logits
        right += (logits.argmax(dim=-1) == batch["labels"]).sum().item()
    return right / len(loader.dataset)


def main(budget=Budget()):
    torch.manual_seed(6)
    train = DataLoader(Tickets(4096, seed=1), budget.micro, shuffle=True, drop_last=True)
    val = DataLoader(Tickets(512, seed=2), 64)
    config = DistilBertConfig(vocab_size=4200, max_position_embeddings=64, dim=128, hidden_dim=256,
                              n_layers=2, n_heads=4, num_labels=QUEUES)
    model = DistilBertForSequenceClassification(config).to(DEVICE)
    optimizer = torch.optim.AdamW(model.parameters(), lr=budget.lr, weight_decay=0.01)
    scaler = torch.amp.GradScaler("cuda")

    for epoch in range(budget.epochs):
        model.train()
        optimizer.zero_grad(set_to_none=True)
        seen = 0.0
        for turn, batch in enumerate(map(on_device, train), start=1):
            with torch.amp.autocast("cuda", dtype=torch.float16):
                loss = model(**batch).loss
            scaler.scale(loss).backward()  # expect: unscaled-accumulation
            seen += loss.item()
            if turn % budget.turns == 0:
                scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad(set_to_none=True)
        print(f"{epoch}: loss {seen / len(train):.4f} val {routed_well(model, val):.3f}")


if __name__ == "__main__":
    main()
