import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def traces(n: int, seed: int) -> TensorDataset:
    """Ground-penetrating radar traces and the (standardised) depth of the pipe in them."""
    g = torch.Generator().manual_seed(seed)
    depth = torch.randn(n, generator=g)
    t = torch.linspace(-2.5, 2.5, 256)
    echo = torch.exp(-((t[None, :] - depth[:, None]) ** 2) / 0.02)
    trace = echo + 0.3 * torch.randn(n, 256, generator=g)
    return TensorDataset(trace.unsqueeze(1), depth)


class PipeDepth(L.LightningModule):
    def __init__(self) -> None:
        super().__init__()
        self.automatic_optimization = False
        self.net = nn.Sequential(
            nn.Conv1d(1, 16, 7, stride=2, padding=3),
            nn.GELU(),
            nn.Conv1d(16, 32, 5, stride=2, padding=2),
            nn.GELU(),
            nn.AdaptiveMaxPool1d(16),
            nn.Flatten(),
            nn.Linear(32 * 16, 32),
            nn.GELU(),
            nn.Linear(32, 1),
        )

    def forward(self, trace: torch.Tensor) -> torch.Tensor:
        return self.net(trace).squeeze(-1)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=1e-3)

    def _advance(self) -> None:
        opt = self.optimizers()
        opt.step()
        opt.zero_grad()

    def training_step(self, batch, batch_idx):
        trace, depth = batch
        loss = F.smooth_l1_loss(self(trace), depth)
        self.manual_backward(loss)
        self._advance()
        self.log("train_loss", loss.detach(), prog_bar=True)

    def validation_step(self, batch, batch_idx):
        trace, depth = batch
        self.log("val_mae", F.l1_loss(self(trace), depth), prog_bar=True)


def main() -> None:
    L.seed_everything(11)
    train = DataLoader(traces(3200, 0), batch_size=64, shuffle=True)
    valid = DataLoader(traces(640, 1), batch_size=128)
    trainer = L.Trainer(max_epochs=20, accelerator="auto", devices=1, logger=False)
    trainer.fit(PipeDepth(), train, valid)


if __name__ == "__main__":
    main()
