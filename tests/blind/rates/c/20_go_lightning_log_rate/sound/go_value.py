"""Score margin (in standard units) of a 9x9 Go position."""
import math
from pathlib import Path

import lightning as L
import torch
import torch.nn.functional as F
import yaml
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x):
        return F.relu(x + self.norm(self.conv(x)))


class GoValue(L.LightningModule):
    def __init__(self, channels=32, blocks=3, log_lr=-7.0, dropout=0.1):
        super().__init__()
        self.save_hyperparameters()
        self.stem = nn.Conv2d(3, channels, 3, padding=1)
        self.blocks = nn.Sequential(*[Residual(channels) for _ in range(blocks)])
        self.drop = nn.Dropout(dropout)
        self.margin = nn.Linear(channels, 1)

    def forward(self, board):
        features = self.blocks(F.relu(self.stem(board)))
        return self.margin(self.drop(features.mean(dim=(2, 3))))

    def training_step(self, batch, batch_idx):
        board, margin = batch
        loss = F.smooth_l1_loss(self(board), margin)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        board, margin = batch
        self.log("val_loss", F.smooth_l1_loss(self(board), margin))

    def configure_optimizers(self):
        rate = math.exp(self.hparams.log_lr)
        return torch.optim.AdamW(self.parameters(), lr=rate)


def positions(n):
    boards = (torch.rand(n, 3, 9, 9) > 0.6).float()
    margin = boards[:, 0].sum(dim=(1, 2)) - boards[:, 1].sum(dim=(1, 2))
    return TensorDataset(boards, (margin / 6.3).unsqueeze(1))


def main():
    config = yaml.safe_load(Path(__file__).with_name("go.yaml").read_text())
    L.seed_everything(1)
    games, size = config["data"]["games"], config["data"]["batch_size"]
    train = DataLoader(positions(games), batch_size=size, shuffle=True)
    valid = DataLoader(positions(games // 8), batch_size=size)
    L.Trainer(**config["trainer"]).fit(GoValue(**config["model"]), train, valid)


if __name__ == "__main__":
    main()
