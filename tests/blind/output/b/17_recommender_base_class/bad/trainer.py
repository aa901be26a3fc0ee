import torch
from torch import nn


class ClickTrainer:
    def __init__(self, model, n_items, lr=5e-3, negatives=3):
        self.model = model
        self.n_items = n_items
        self.negatives = negatives
        self.criterion = nn.BCEWithLogitsLoss()
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr, weight_decay=1e-3)

    def _with_negatives(self, users, items):
        fake = torch.randint(self.n_items, (len(items) * self.negatives,))
        clicked = torch.cat([torch.ones(len(items)), torch.zeros(len(fake))])
        return torch.cat([users, users.repeat(self.negatives)]), torch.cat([items, fake]), clicked

    def train_epoch(self, loader):
        self.model.train()
        total = 0.0
        for users, items in loader:
            users, items, clicked = self._with_negatives(users, items)
            self.optimizer.zero_grad()
            output = self.model(users, items)
            loss = self.criterion(output, clicked)  # expect: sigmoid-before-logits-loss
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def pairwise_accuracy(self, loader):
        self.model.eval()
        better, seen = 0, 0
        for users, items in loader:
            fake = torch.randint(self.n_items, items.shape)
            better += (self.model(users, items) > self.model(users, fake)).sum().item()
            seen += len(users)
        return better / seen
