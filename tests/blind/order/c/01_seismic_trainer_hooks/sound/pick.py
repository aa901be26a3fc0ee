"""Sort three-component seismogram windows into noise, P and S arrivals."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, random_split

from trainer import Trainer


def synthetic_windows(n, length=400):
    phase = torch.randint(0, 3, (n,))
    waves = torch.randn(n, 3, length)
    ramp = torch.linspace(0, 1, length)
    waves[phase == 1, 0] += 2 * torch.sin(60 * ramp)
    waves[phase == 2, 1:] += 2 * torch.sin(25 * ramp)
    return TensorDataset(waves, phase)


def picker():
    return nn.Sequential(
        nn.Conv1d(3, 16, 11, stride=2, padding=5), nn.BatchNorm1d(16), nn.ReLU(),
        nn.Conv1d(16, 32, 7, stride=2, padding=3), nn.BatchNorm1d(32), nn.ReLU(),
        nn.AdaptiveAvgPool1d(1), nn.Flatten(),
        nn.Linear(32, 3),
    )


class PickTrainer(Trainer):
    def on_batch_start(self, step):
        self.optimizer.zero_grad()

    def on_epoch_end(self, epoch, train_loss, score):
        print(f"epoch {epoch:2d}  loss {train_loss:.4f}  picked right {score:.3f}")


if __name__ == "__main__":
    torch.manual_seed(0)
    train, held_out = random_split(synthetic_windows(2560), [2048, 512])
    model = picker()
    trainer = PickTrainer(model, nn.CrossEntropyLoss(), torch.optim.Adam(model.parameters(), lr=1e-3))
    trainer.fit(DataLoader(train, batch_size=64, shuffle=True), DataLoader(held_out, batch_size=128), epochs=8)
