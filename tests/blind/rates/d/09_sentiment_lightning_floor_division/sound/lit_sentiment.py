import lightning as L
import pandas as pd
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

HASH_SIZE = 4096
LENGTH = 64
REFERENCE_BATCH = 256


def tokenise(text):
    ids = [sum(map(ord, w)) * 31 % (HASH_SIZE - 1) + 1 for w in text.lower().split()[:LENGTH]]
    return ids + [0] * (LENGTH - len(ids))


class ReviewData(L.LightningDataModule):
    def __init__(self, folder, batch_size):
        super().__init__()
        self.folder, self.batch_size = folder, batch_size

    def _read(self, part):
        frame = pd.read_csv(f"{self.folder}/{part}.tsv", sep="\t")
        tokens = torch.tensor([tokenise(t) for t in frame["review"]])
        return TensorDataset(tokens, torch.tensor(frame["positive"].to_numpy(), dtype=torch.float32))

    def setup(self, stage=None):
        self.train_set, self.val_set = self._read("train"), self._read("dev")

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=self.batch_size, shuffle=True)

    def val_dataloader(self):
        return DataLoader(self.val_set, batch_size=self.batch_size)


class LitSentiment(L.LightningModule):
    def __init__(self, base_lr, effective_batch):
        super().__init__()
        self.learning_rate = base_lr * max(1, effective_batch // REFERENCE_BATCH)
        self.embed = nn.Embedding(HASH_SIZE, 48, padding_idx=0)
        self.gru = nn.GRU(48, 48, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Dropout(0.3), nn.Linear(96, 1))

    def forward(self, tokens):
        out, _ = self.gru(self.embed(tokens))
        return self.head(out.amax(dim=1)).squeeze(-1)

    def training_step(self, batch, batch_idx):
        tokens, label = batch
        loss = F.binary_cross_entropy_with_logits(self(tokens), label)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        tokens, label = batch
        logits = self(tokens)
        self.log("val_loss", F.binary_cross_entropy_with_logits(logits, label), prog_bar=True)
        self.log("val_acc", ((logits > 0) == (label > 0.5)).float().mean(), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.AdamW(self.parameters(), lr=self.learning_rate, weight_decay=0.01)


def main():
    L.seed_everything(2)
    batch_size, accumulate = 32, 4
    data = ReviewData("data/reviews", batch_size)
    module = LitSentiment(base_lr=2e-3, effective_batch=batch_size * accumulate)
    trainer = L.Trainer(max_epochs=12, accumulate_grad_batches=accumulate, gradient_clip_val=1.0)
    trainer.fit(module, datamodule=data)


if __name__ == "__main__":
    main()
