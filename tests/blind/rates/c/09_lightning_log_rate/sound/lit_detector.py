import lightning as L
import torch
from torch import nn
from torch.nn import functional as F


class LitDetector(L.LightningModule):
    """Autoencoder of turbine SCADA rows; the reconstruction error is the score."""

    def __init__(self, n_features: int, width: int, code: int, lr: float):
        super().__init__()
        self.save_hyperparameters()
        self.encoder = nn.Sequential(nn.Linear(n_features, width), nn.SiLU(), nn.Linear(width, code))
        self.decoder = nn.Sequential(nn.Linear(code, width), nn.SiLU(), nn.Linear(width, n_features))

    def forward(self, x):
        return self.decoder(torch.tanh(self.encoder(x)))

    def _loss(self, batch):
        (x,) = batch
        return F.mse_loss(self(x), x)

    def training_step(self, batch, batch_idx):
        loss = self._loss(batch)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self._loss(batch), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=1e-3)
