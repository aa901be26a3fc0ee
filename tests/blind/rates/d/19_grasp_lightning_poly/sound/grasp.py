"""Will the grasp hold? Tactile and pose features, trained with Lightning."""
import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset


class GraspData(L.LightningDataModule):
    def __init__(self, batch_size: int = 64):
        super().__init__()
        self.batch_size = batch_size

    @staticmethod
    def _trials(count: int, seed: int) -> TensorDataset:
        gen = torch.Generator().manual_seed(seed)
        features = torch.randn(count, 30, generator=gen)
        margin = features[:, :10].sum(dim=1) - features[:, 10:20].pow(2).mean(dim=1)
        return TensorDataset(features, (margin > -1).float())

    def setup(self, stage=None):
        self.train_set = self._trials(6400, seed=1)
        self.val_set = self._trials(1600, seed=2)

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val_set, batch_size=self.batch_size)


class GraspNet(L.LightningModule):
    def __init__(self, width: int = 96, lr: float = 2e-4, horizon: int = 40, floor: float = 0.1):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.Linear(30, width), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(width, width), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(width, 1),
        )

    def forward(self, x):
        return self.net(x).squeeze(-1)

    def training_step(self, batch, batch_idx):
        x, held = batch
        loss = F.binary_cross_entropy_with_logits(self(x), held)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        x, held = batch
        logits = self(x)
        self.log("val_loss", F.binary_cross_entropy_with_logits(logits, held))
        self.log("val_acc", ((logits > 0) == held.bool()).float().mean())

    def rate_at(self, epoch: int) -> float:
        left = max(1 - epoch / self.hparams.horizon, 0.0)
        return self.hparams.lr * max(left ** 2, self.hparams.floor)

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=1e-2)
        scheduler = LambdaLR(optimizer, lambda epoch: self.rate_at(epoch) / self.hparams.lr)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "epoch"}}


if __name__ == "__main__":
    L.seed_everything(0)
    model = GraspNet()
    trainer = L.Trainer(max_epochs=model.hparams.horizon, log_every_n_steps=20)
    trainer.fit(model, datamodule=GraspData())
