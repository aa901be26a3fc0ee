import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Engine:
    def __init__(self, model: nn.Module, lr: float = 1e-3, pos_weight: float = 9.0) -> None:
        self.model = model
        self.pos_weight = torch.tensor(pos_weight)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    @property
    def criterion(self) -> nn.Module:
        return nn.BCEWithLogitsLoss(pos_weight=self.pos_weight)

    def train_epoch(self, loader: DataLoader) -> float:
        self.model.train()
        total = 0.0
        for features, label in loader:
            self.optimizer.zero_grad()
            _, pred = self.model(features)
            loss = self.criterion(pred, label)  # expect: sigmoid-before-logits-loss
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def precision_at(self, data: Dataset, k: int) -> float:
        self.model.eval()
        features, label = data[:]
        top = self.model(features).logit.topk(k).indices
        return label[top].mean().item()
