"""Tempo regression from mel spectrograms, Lightning with manual optimisation."""
import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

N_MELS, FRAMES = 64, 128


class TempoEstimator(L.LightningModule):
    def __init__(self, lr: float = 1e-3):
        super().__init__()
        self.automatic_optimization = False
        self.lr = lr
        self.features = nn.Sequential(
            nn.Conv1d(N_MELS, 48, kernel_size=5, padding=2, bias=False),
            nn.BatchNorm1d(48),
            nn.ReLU(),
            nn.Conv1d(48, 48, kernel_size=5, padding=2, bias=False),
            nn.BatchNorm1d(48),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
        )
        self.head = nn.Linear(48, 1)

    def forward(self, mel):
        return self.head(self.features(mel)).squeeze(-1)

    def training_step(self, batch, batch_idx):
        mel, log_bpm = batch
        loss = F.smooth_l1_loss(self(mel), log_bpm)
        self.manual_backward(loss)  # expect: missing-step
        self.log("train_loss", loss.detach(), prog_bar=True)

    def on_train_batch_end(self, outputs, batch, batch_idx):
        optimizer = self.optimizers()
        self.log("lr", optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()

    def validation_step(self, batch, batch_idx):
        mel, log_bpm = batch
        self.log("val_mae", F.l1_loss(self(mel), log_bpm), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.lr, weight_decay=1e-2)


def clips(n):
    mel = torch.randn(n, N_MELS, FRAMES)
    log_bpm = mel[:, :8].mean(dim=(1, 2)) * 10.0 + 0.05 * torch.randn(n)
    return TensorDataset(mel, log_bpm)


def main():
    L.seed_everything(7)
    train_loader = DataLoader(clips(1600), batch_size=32, shuffle=True)
    val_loader = DataLoader(clips(320), batch_size=64)
    trainer = L.Trainer(max_epochs=20, logger=False, enable_checkpointing=False)
    trainer.fit(TempoEstimator(), train_loader, val_loader)


if __name__ == "__main__":
    main()
