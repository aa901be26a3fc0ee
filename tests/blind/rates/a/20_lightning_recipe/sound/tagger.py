import lightning as L
import torch
import torch.nn.functional as F
from torch import nn

from constants import PEAK, RECIPE, TAGS, VOCAB, WARMUP


class Tagger(L.LightningModule):
    def __init__(self, width: int = 64) -> None:
        super().__init__()
        self.embed = nn.Embedding(VOCAB, width)
        self.lstm = nn.LSTM(width, width, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(2 * width, TAGS)

    def forward(self, words: torch.Tensor) -> torch.Tensor:
        hidden, _ = self.lstm(self.embed(words))
        return self.head(self.dropout(hidden))

    def on_train_batch_start(self, batch, batch_idx) -> None:
        planned = PEAK * min(1.0, (self.global_step + 1) / WARMUP)
        for number, group in enumerate(self.trainer.optimizers[0].param_groups):
            group["lr"] = planned
            self.log(f"rate_{number}", group["lr"])

    def training_step(self, batch, batch_idx) -> torch.Tensor:
        words, tags = batch
        loss = F.cross_entropy(self(words).transpose(1, 2), tags)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx) -> None:
        words, tags = batch
        logits = self(words)
        self.log("valid_loss", F.cross_entropy(logits.transpose(1, 2), tags), prog_bar=True)
        self.log("valid_acc", (logits.argmax(dim=-1) == tags).float().mean(), prog_bar=True)

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.parameters(), lr=RECIPE.per_example(), weight_decay=0.01)
