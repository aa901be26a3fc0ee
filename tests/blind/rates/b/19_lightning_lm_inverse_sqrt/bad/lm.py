import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader


class TokenModel(L.LightningModule):
    """Small causal transformer, warm-up followed by inverse square root."""

    peak_lr = 3e-4
    warmup = 400

    def __init__(self, vocab: int = 256, width: int = 64, context: int = 64):
        super().__init__()
        self.tokens = nn.Embedding(vocab, width)
        self.places = nn.Embedding(context, width)
        layer = nn.TransformerEncoderLayer(width, 4, 4 * width, dropout=0.1, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 3, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.unembed = nn.Linear(width, vocab)

    def forward(self, ids):
        length = ids.size(1)
        x = self.tokens(ids) + self.places(torch.arange(length, device=ids.device))
        mask = nn.Transformer.generate_square_subsequent_mask(length, device=ids.device)
        return self.unembed(self.norm(self.blocks(x, mask=mask, is_causal=True)))

    def next_token_loss(self, batch):
        logits = self(batch[:, :-1])
        return F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())

    def training_step(self, batch, batch_idx):
        loss = self.next_token_loss(batch)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, batch_idx):
        self.log("val_loss", self.next_token_loss(batch), prog_bar=True)

    def rate_at(self, step: int) -> float:
        done = step + 1
        return self.peak_lr * min(done / self.warmup, (self.warmup / done) ** 0.5)

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.peak_lr, betas=(0.9, 0.95))
        schedule = LambdaLR(optimizer, self.rate_at)  # expect: learning-rate-too-low
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": schedule, "interval": "step"}}


def walks(count: int, context: int = 64) -> torch.Tensor:
    start = torch.randint(0, 256, (count, 1))
    stride = torch.randint(1, 7, (count, 1))
    return (start + stride * torch.arange(context)) % 256


if __name__ == "__main__":
    L.seed_everything(2)
    train = DataLoader(walks(8192), batch_size=64, shuffle=True)
    valid = DataLoader(walks(512), batch_size=64)
    trainer = L.Trainer(max_epochs=20, gradient_clip_val=1.0)
    trainer.fit(TokenModel(), train, valid)
