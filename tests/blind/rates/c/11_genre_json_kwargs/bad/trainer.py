import torch
from torch import nn


class Trainer:
    def __init__(self, model, config, train_loader, valid_loader):
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.model = model.to(self.device)
        self.epochs = config["trainer"]["epochs"]
        self.train_loader = train_loader
        self.valid_loader = valid_loader
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = self.init_obj(config["optimizer"], torch.optim, self.model.parameters())

    @staticmethod
    def init_obj(entry, module, *args):
        cls = getattr(module, entry["type"])
        return cls(*args, **entry["args"])  # expect: learning-rate-too-high

    def _train_epoch(self):
        self.model.train()
        total = 0.0
        for mel, genre in self.train_loader:
            mel, genre = mel.to(self.device), genre.to(self.device)
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(mel), genre)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(self.train_loader)

    @torch.no_grad()
    def _valid_epoch(self):
        self.model.eval()
        hits = count = 0
        for mel, genre in self.valid_loader:
            mel, genre = mel.to(self.device), genre.to(self.device)
            hits += (self.model(mel).argmax(dim=1) == genre).sum().item()
            count += genre.numel()
        return hits / count

    def train(self):
        for epoch in range(1, self.epochs + 1):
            loss = self._train_epoch()
            accuracy = self._valid_epoch()
            print(f"epoch {epoch:3d}  loss {loss:.4f}  valid accuracy {accuracy:.3f}")
