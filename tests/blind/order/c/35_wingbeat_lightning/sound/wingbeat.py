import lightning as L
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

GENERA = ["Aedes", "Anopheles", "Culex", "Culiseta"]


class WingbeatData(L.LightningDataModule):
    def __init__(self, batch_size=64):
        super().__init__()
        self.batch_size = batch_size

    @staticmethod
    def _flights(n, seed):
        g = torch.Generator().manual_seed(seed)
        genus = torch.randint(len(GENERA), (n,), generator=g)
        t = torch.arange(400) / 8000
        tone = 2 * torch.pi * (400 + 80 * genus.float())[:, None] * t[None, :]
        phase = 6.28 * torch.rand(n, 1, generator=g)
        wave = torch.sin(tone + phase) + 0.5 * torch.randn(n, 400, generator=g)
        return TensorDataset(wave.unsqueeze(1), genus)

    def setup(self, stage=None):
        self.train_set, self.valid_set = self._flights(2560, 0), self._flights(512, 1)

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.valid_set, batch_size=self.batch_size)


class WingbeatNet(L.LightningModule):
    def __init__(self, lr=2e-3, max_epochs=25):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.Conv1d(1, 16, 25, stride=4, padding=12),
            nn.BatchNorm1d(16),
            nn.ReLU(),
            nn.Conv1d(16, 32, 9, stride=2, padding=4),
            nn.BatchNorm1d(32),
            nn.ReLU(),
            nn.AdaptiveMaxPool1d(1),
            nn.Flatten(),
            nn.Linear(32, len(GENERA)),
        )

    def forward(self, wave):
        return self.net(wave)

    def training_step(self, batch, batch_idx):
        wave, genus = batch
        loss = nn.functional.cross_entropy(self(wave), genus)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        wave, genus = batch
        self.log("val_acc", (self(wave).argmax(1) == genus).float().mean(), prog_bar=True)

    def on_train_epoch_end(self):
        self.log("rate", self.annealing.get_last_lr()[0])

    def configure_optimizers(self):
        adam = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)
        self.annealing = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=self.hparams.max_epochs)
        return {"optimizer": adam, "lr_scheduler": self.annealing}


if __name__ == "__main__":
    L.seed_everything(0)
    model = WingbeatNet()
    trainer = L.Trainer(max_epochs=model.hparams.max_epochs, accelerator="auto", devices=1)
    trainer.fit(model, datamodule=WingbeatData())
