import torch
from torch import nn

from config import OptimConfig


class Engine:
    def __init__(self, model: nn.Module, cfg: OptimConfig) -> None:
        self.model = model
        self.cfg = cfg
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = torch.optim.SGD(
            model.parameters(), lr=cfg.lr, momentum=cfg.momentum, weight_decay=cfg.weight_decay
        )
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, T_max=cfg.epochs)

    def step(self, images, labels) -> float:
        self.optimizer.zero_grad(set_to_none=True)
        logits, _ = self.model(images)
        loss = self.criterion(logits, labels)  # expect: softmax-before-cross-entropy
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def fit(self, train_loader, valid_loader) -> None:
        for epoch in range(self.cfg.epochs):
            self.model.train()
            losses = [self.step(images, labels) for images, labels in train_loader]
            self.scheduler.step()
            accuracy, certainty = self.evaluate(valid_loader)
            print(f"{epoch}: {sum(losses) / len(losses):.4f} acc {accuracy:.3f} p {certainty:.3f}")

    @torch.inference_mode()
    def evaluate(self, loader) -> tuple[float, float]:
        self.model.eval()
        hits, certainty = 0, 0.0
        for images, labels in loader:
            top = self.model(images).probs.max(dim=1)
            hits += (top.indices == labels).sum().item()
            certainty += top.values.sum().item()
        n = len(loader.dataset)
        return hits / n, certainty / n
