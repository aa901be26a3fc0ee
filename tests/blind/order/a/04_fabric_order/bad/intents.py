"""Intent detection for a chat bot: bag of word embeddings, trained with Lightning Fabric."""
import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

VOCAB, INTENTS, LENGTH = 3000, 8, 16


class BagOfWords(nn.Module):
    def __init__(self, dim: int = 48):
        super().__init__()
        self.words = nn.EmbeddingBag(VOCAB, dim, mode="mean")
        self.body = nn.Sequential(nn.Linear(dim, 64), nn.GELU(), nn.Dropout(0.3), nn.Linear(64, INTENTS))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        return self.body(self.words(tokens))


def sentences(n: int, seed: int) -> TensorDataset:
    g = torch.Generator().manual_seed(seed)
    intent = torch.randint(INTENTS, (n,), generator=g)
    tokens = torch.randint(VOCAB, (n, LENGTH), generator=g)
    topical = torch.randint(40, (n, 4), generator=g) + 100 * intent.unsqueeze(1)
    tokens[:, :4] = topical
    return TensorDataset(tokens, intent)


@torch.no_grad()
def score(model: nn.Module, loader) -> float:
    model.eval()
    hits = total = 0
    for tokens, intent in loader:
        hits += (model(tokens).argmax(dim=-1) == intent).sum().item()
        total += intent.numel()
    return hits / total


def main() -> None:
    fabric = L.Fabric(accelerator="auto", devices=1)
    fabric.launch()
    fabric.seed_everything(5)

    model = BagOfWords()
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    criterion = nn.CrossEntropyLoss()
    model, optimizer = fabric.setup(model, optimizer)
    train_loader, val_loader = fabric.setup_dataloaders(
        DataLoader(sentences(8000, seed=1), batch_size=100, shuffle=True),
        DataLoader(sentences(1000, seed=2), batch_size=250),
    )

    for epoch in range(15):
        model.train()
        running = 0.0
        for tokens, intent in train_loader:
            optimizer.zero_grad()
            loss = criterion(model(tokens), intent)
            optimizer.step()  # expect: step-before-backward
            fabric.backward(loss)
            running += loss.item()
        fabric.print(f"{epoch}: loss {running / len(train_loader):.4f}, accuracy {score(model, val_loader):.3f}")

    fabric.save("intents.ckpt", {"model": model})


if __name__ == "__main__":
    main()
