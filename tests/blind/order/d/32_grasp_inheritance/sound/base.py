"""Trainer shared by all manipulation tasks."""
import torch
from torch import nn


class Trainer:
    def __init__(self, net, lr):
        self.net = net
        self.lr = lr
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = self.make_optimizer()

    def make_optimizer(self):
        return torch.optim.AdamW(self.net.parameters(), lr=self.lr, weight_decay=1e-2)

    def run_epoch(self, loader):
        self.net.train()
        total = 0.0
        for cloud, label in loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.net(cloud), label)
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def accuracy(self, loader):
        self.net.eval()
        hits = sum((self.net(cloud).argmax(1) == label).sum().item() for cloud, label in loader)
        return hits / len(loader.dataset)
