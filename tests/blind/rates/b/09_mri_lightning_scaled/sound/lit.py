import lightning.pytorch as pl
import torch
from torch import nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv3d(channels, channels, 3, padding=1),
            nn.GroupNorm(4, channels),
            nn.GELU(),
            nn.Conv3d(channels, channels, 3, padding=1),
            nn.GroupNorm(4, channels),
        )

    def forward(self, x):
        return F.gelu(x + self.body(x))


class LitVolume(pl.LightningModule):
    """Tumour grade (three classes) from small MRI volumes."""

    reference_batch = 256

    def __init__(self, base_lr, batch_size, channels=16):
        super().__init__()
        self.base_lr = base_lr
        self.batch_size = batch_size
        self.stem = nn.Conv3d(1, channels, 3, stride=2, padding=1)
        self.blocks = nn.Sequential(*[Residual(channels) for _ in range(3)])
        self.head = nn.Sequential(nn.AdaptiveAvgPool3d(1), nn.Flatten(), nn.Linear(channels, 3))

    def forward(self, volume):
        return self.head(self.blocks(F.gelu(self.stem(volume))))

    def training_step(self, batch, batch_idx):
        volume, grade = batch
        loss = F.cross_entropy(self(volume), grade)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        volume, grade = batch
        logits = self(volume)
        self.log("val_loss", F.cross_entropy(logits, grade))
        self.log("val_acc", (logits.argmax(dim=1) == grade).float().mean())

    def configure_optimizers(self):
        scale = max(1, self.batch_size // self.reference_batch)
        return torch.optim.AdamW(self.parameters(), lr=self.base_lr * scale, weight_decay=0.01)
