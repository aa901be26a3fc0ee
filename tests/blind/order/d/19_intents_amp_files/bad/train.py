import torch
from torch.utils.data import DataLoader, TensorDataset

from config import Config
from parts import IntentEncoder, IntentLoss


def utterances(cfg, n):
    return TensorDataset(torch.randint(1, cfg.vocab, (n, cfg.length)), torch.randint(0, cfg.intents, (n,)))


@torch.no_grad()
def accuracy(model, loader, device):
    model.eval()
    hits = total = 0
    for ids, intent in loader:
        hits += (model(ids.to(device)).argmax(dim=-1) == intent.to(device)).sum().item()
        total += len(intent)
    return hits / total


def main(cfg=Config()):
    torch.manual_seed(0)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    half = device.type == "cuda"
    train_loader = DataLoader(utterances(cfg, 4096), cfg.batch_size, shuffle=True)
    val_loader = DataLoader(utterances(cfg, 512), 128)

    model = IntentEncoder(cfg).to(device)
    criterion = IntentLoss(cfg.smoothing)
    optimizer = torch.optim.AdamW(model.parameters(), lr=cfg.lr)
    scaler = torch.amp.GradScaler(device.type, enabled=half)

    for epoch in range(cfg.epochs):
        model.train()
        optimizer.zero_grad()
        for i, (ids, intent) in enumerate(train_loader, start=1):
            ids, intent = ids.to(device), intent.to(device)
            with torch.autocast(device.type, dtype=torch.float16, enabled=half):
                loss = criterion(model(ids), intent)
            scaler.scale(loss).backward()  # expect: unscaled-accumulation
            if i % cfg.accumulate == 0:
                scaler.unscale_(optimizer)
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                scaler.step(optimizer)
                scaler.update()
                optimizer.zero_grad()
        print(f"epoch {epoch}: {accuracy(model, val_loader, device):.3f}")


if __name__ == "__main__":
    main()
