"""Solubility from molecular fingerprints: Lightning with manual optimisation."""
import lightning.pytorch as pl
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

BITS = 256


class Solubility(pl.LightningModule):
    def __init__(self, width: int = 128, rate: float = 5e-4, decay: float = 1e-2, every: int = 8):
        super().__init__()
        self.save_hyperparameters()
        self.automatic_optimization = False
        self.net = nn.Sequential(
            nn.Linear(BITS, width), nn.LayerNorm(width), nn.GELU(), nn.Dropout(0.3),
            nn.Linear(width, width), nn.LayerNorm(width), nn.GELU(),
            nn.Linear(width, 1),
        )

    @property
    def share(self) -> float:
        """How far we are through the training, for the progress bar."""
        return self.current_epoch / max(self.trainer.max_epochs, 1)

    def forward(self, bits):
        return self.net(bits).squeeze(-1)

    def training_step(self, batch, batch_idx):
        bits, y = batch
        optimizer = self.optimizers()
        loss = F.mse_loss(self(bits), y)
        self.manual_backward(loss)  # expect: unscaled-accumulation
        if (batch_idx + 1) % self.hparams.every == 0:
            self.clip_gradients(optimizer, gradient_clip_val=1.0, gradient_clip_algorithm="norm")
            optimizer.step()
            optimizer.zero_grad()
        self.log("train_mse", loss.detach(), prog_bar=True)
        self.log("share", self.share, prog_bar=True)

    def validation_step(self, batch, batch_idx):
        bits, y = batch
        self.log("val_mse", F.mse_loss(self(bits), y), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.rate, weight_decay=self.hparams.decay)


class Molecules(pl.LightningDataModule):
    def setup(self, stage=None):
        g = torch.Generator().manual_seed(4)
        bits = (torch.rand(8192 + 1024, BITS, generator=g) < 0.2).float()
        effect = torch.randn(BITS, generator=g) / BITS**0.5
        y = bits @ effect + 0.1 * torch.randn(len(bits), generator=g)
        self.train_set = TensorDataset(bits[:8192], y[:8192])
        self.valid_set = TensorDataset(bits[8192:], y[8192:])

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=16, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.valid_set, batch_size=256)


def main():
    pl.seed_everything(17)
    trainer = pl.Trainer(max_epochs=25, accelerator="auto", devices=1, log_every_n_steps=20)
    trainer.fit(Solubility(), datamodule=Molecules())


if __name__ == "__main__":
    main()
