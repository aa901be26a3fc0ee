"""Fifteen-minute speed forecasts for 40 road sensors."""
import lightning as L
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.data import DataLoader, TensorDataset

SENSORS = 40


class SpeedForecaster(L.LightningModule):
    def __init__(self, hidden: int = 96, horizon: int = 3, lr: float = 1e-3) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.encoder = nn.GRU(SENSORS, hidden, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(hidden, horizon * SENSORS)

    def forward(self, history: Tensor) -> Tensor:
        _, state = self.encoder(history)
        flat = self.head(self.drop(state[-1]))
        return flat.view(len(history), self.hparams.horizon, SENSORS)

    def training_step(self, batch, batch_idx):
        history, future = batch
        optimizer = self.optimizers()

        optimizer.zero_grad()
        loss = F.smooth_l1_loss(self(history), future)
        optimizer.step()  # expect: step-before-backward
        self.manual_backward(loss)

        self.log("train/loss", loss.detach(), prog_bar=True)

    def validation_step(self, batch, batch_idx):
        history, future = batch
        self.log("val/mae", F.l1_loss(self(history), future), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)


class Loops(L.LightningDataModule):
    """Standardised sensor windows: twelve readings of history, three of future."""

    def setup(self, stage: str) -> None:
        series = torch.randn(6000, SENSORS)
        windows = series.unfold(0, 15, 1).transpose(1, 2)
        history, future = windows[:, :12].contiguous(), windows[:, 12:].contiguous()
        cut = 5000
        self.train = TensorDataset(history[:cut], future[:cut])
        self.val = TensorDataset(history[cut + 15 :], future[cut + 15 :])

    def train_dataloader(self) -> DataLoader:
        return DataLoader(self.train, batch_size=64, shuffle=True)

    def val_dataloader(self) -> DataLoader:
        return DataLoader(self.val, batch_size=256)


if __name__ == "__main__":
    L.seed_everything(11)
    trainer = L.Trainer(max_epochs=15, accelerator="auto", devices=1)
    trainer.fit(SpeedForecaster(), datamodule=Loops())
