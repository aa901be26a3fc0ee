"""Choose one of twelve grasp primitives from a point cloud."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from base import Trainer
from pointnet import PointEncoder

PRIMITIVES = 12


class GraspTrainer(Trainer):
    def __init__(self, net, primitives, lr=1e-3):
        super().__init__(net, lr)
        self.net.head = nn.Linear(self.net.head.in_features, primitives)
        self.optimizer = self.make_optimizer()
        print("parameters:", sum(p.numel() for p in self.net.parameters()))


def scenes(n, points=256):
    label = torch.randint(PRIMITIVES, (n,))
    stretch = 1.0 + 0.1 * label[:, None, None]
    return TensorDataset(torch.randn(n, 3, points) * stretch / 1.6, label)


def main():
    torch.manual_seed(21)
    train_loader = DataLoader(scenes(2400), batch_size=48, shuffle=True)
    val_loader = DataLoader(scenes(480), batch_size=96)
    trainer = GraspTrainer(PointEncoder(), PRIMITIVES)
    for epoch in range(15):
        loss = trainer.run_epoch(train_loader)
        print(f"{epoch:2d} loss {loss:.4f} accuracy {trainer.accuracy(val_loader):.3f}")


if __name__ == "__main__":
    main()
