import torch
from torch import nn

from birdnet import BirdNet
from spectrograms import loaders


class Trainer:
    def __init__(self, model, lr=1e-3):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device)
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=lr)

    def on_device(self, batch):
        pictures, species = (part.to(self.device, non_blocking=True) for part in batch)
        return pictures.float() / 255, species

    def train_epoch(self, loader):
        self.model.train()
        total = 0.0
        for batch in loader:
            pictures, species = self.on_device(batch)
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(pictures), species)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        hits = rows = 0
        for batch in loader:
            pictures, species = self.on_device(batch)
            hits += (self.model(pictures).argmax(dim=1) == species).sum().item()
            rows += species.numel()
        return hits / rows


def main():
    torch.manual_seed(1)
    train, val, classes = loaders(batch_size=32)
    trainer = Trainer(BirdNet(len(classes)))
    for epoch in range(20):
        loss = trainer.train_epoch(train)
        print(f"epoch {epoch:2d}  loss {loss:.4f}  accuracy {trainer.accuracy(val):.3f}")
    torch.save(trainer.model.state_dict(), "birdnet.pt")


if __name__ == "__main__":
    main()
