"""Click, like and share of a feed entry from one trunk, in Lightning."""
import lightning.pytorch as pl
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

TASKS = ("click", "like", "share")
FEATURES = 30


class Engagement(pl.LightningModule):
    def __init__(self, width: int = 64, lr: float = 1e-3):
        super().__init__()
        self.save_hyperparameters()
        self.trunk = nn.Sequential(
            nn.Linear(FEATURES, width), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(width, width), nn.ReLU(),
        )
        self.heads = nn.ModuleDict({task: nn.Linear(width, 1) for task in TASKS})

    def forward(self, x):
        h = self.trunk(x)
        return {task: head(h).squeeze(-1) for task, head in self.heads.items()}

    def task_losses(self, batch):
        x, wanted = batch
        logits = self(x)
        return [
            F.binary_cross_entropy_with_logits(logits[task], wanted[:, i])
            for i, task in enumerate(TASKS)
        ]

    def training_step(self, batch, batch_idx):
        losses = self.task_losses(batch)
        total = torch.tensor(losses, requires_grad=True).mean()  # expect: detached-loss
        for task, loss in zip(TASKS, losses):
            self.log(f"train/{task}", loss.item())
        self.log("train/total", total, prog_bar=True)
        return total

    def validation_step(self, batch, batch_idx):
        losses = self.task_losses(batch)
        self.log("val/total", torch.stack(losses).mean(), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.hparams.lr)


def impressions(n: int) -> TensorDataset:
    x = torch.randn(n, FEATURES)
    taste = torch.sin(torch.arange(FEATURES * len(TASKS), dtype=torch.float32)).view(FEATURES, -1)
    wanted = (x @ taste + torch.randn(n, len(TASKS)) > torch.tensor([0.0, 2.0, 4.0])).float()
    return TensorDataset(x, wanted)


def main():
    pl.seed_everything(13)
    train = DataLoader(impressions(12000), batch_size=128, shuffle=True)
    val = DataLoader(impressions(2000), batch_size=500)
    trainer = pl.Trainer(max_epochs=12, accelerator="auto", devices=1, logger=False)
    trainer.fit(Engagement(), train_dataloaders=train, val_dataloaders=val)


if __name__ == "__main__":
    main()
