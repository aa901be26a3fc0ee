"""Train the volume classifier on one machine."""
import lightning.pytorch as pl
import torch
from torch.utils.data import DataLoader, TensorDataset

from lit import LitVolume

BATCH_SIZE = 64
BASE_LR = 1e-3


def volumes(n):
    grade = torch.randint(0, 3, (n,))
    volume = torch.randn(n, 1, 32, 32, 32) + 0.1 * grade.view(-1, 1, 1, 1, 1)
    return TensorDataset(volume, grade)


def main():
    pl.seed_everything(5)
    train = DataLoader(volumes(1280), batch_size=BATCH_SIZE, shuffle=True)
    val = DataLoader(volumes(256), batch_size=BATCH_SIZE)
    model = LitVolume(base_lr=BASE_LR, batch_size=BATCH_SIZE)
    trainer = pl.Trainer(max_epochs=30, gradient_clip_val=1.0, log_every_n_steps=10)
    trainer.fit(model, train, val)


if __name__ == "__main__":
    main()
