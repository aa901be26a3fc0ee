"""Land cover from Sentinel-2 patches with Lightning."""
import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms


class Classifier(L.LightningModule):
    def __init__(self, rate=1e-3, horizon=30):
        super().__init__()
        self.save_hyperparameters()

    def _shared(self, batch, stage):
        image, label = batch
        logits = self(image)
        loss = F.cross_entropy(logits, label)
        accuracy = (logits.argmax(dim=1) == label).float().mean()
        self.log_dict({f"{stage}_loss": loss, f"{stage}_accuracy": accuracy}, on_epoch=True, on_step=False)
        return loss

    def training_step(self, batch, batch_idx):
        return self._shared(batch, "train")

    def validation_step(self, batch, batch_idx):
        self._shared(batch, "val")

    def test_step(self, batch, batch_idx):
        self._shared(batch, "test")

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.rate)
        scheduler = CosineAnnealingLR(optimizer, T_max=self.hparams.horizon)
        return {"optimizer": optimizer, "lr_scheduler": scheduler}


class PatchNet(Classifier):
    def __init__(self, classes=10, width=32, **options):
        super().__init__(**options)
        self.net = nn.Sequential(
            self.stage(3, width), self.stage(width, 2 * width), self.stage(2 * width, 4 * width),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(4 * width, classes),
        )

    @staticmethod
    def stage(n_in, n_out):
        return nn.Sequential(
            nn.Conv2d(n_in, n_out, 3, padding=1, bias=False), nn.BatchNorm2d(n_out), nn.ReLU(), nn.MaxPool2d(2)
        )

    def forward(self, image):
        return self.net(image)


def loaders(batch_size=64):
    transform = transforms.Compose(
        [transforms.ToTensor(), transforms.Normalize((0.344, 0.380, 0.408), (0.204, 0.137, 0.115))]
    )
    patches = datasets.EuroSAT("data", download=True, transform=transform)
    parts = random_split(patches, [0.7, 0.15, 0.15], generator=torch.Generator().manual_seed(7))
    return [
        DataLoader(part, batch_size=batch_size, shuffle=(k == 0), drop_last=(k == 0), num_workers=4)
        for k, part in enumerate(parts)
    ]


def main(epochs=30):
    L.seed_everything(7)
    train, val, test = loaders()
    model = PatchNet(rate=2e-3, horizon=epochs)
    trainer = L.Trainer(max_epochs=epochs)
    trainer.fit(model, train, val)
    trainer.test(model, test)


if __name__ == "__main__":
    main()
