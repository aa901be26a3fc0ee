import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Cifar100(L.LightningDataModule):
    def __init__(self, root: str = "data", batch_size: int = 512):
        super().__init__()
        self.root, self.batch_size = root, batch_size
        normalize = transforms.Normalize((0.5071, 0.4865, 0.4409), (0.2673, 0.2564, 0.2762))
        self.plain = transforms.Compose([transforms.ToTensor(), normalize])
        self.augmented = transforms.Compose(
            [transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(), normalize]
        )

    def prepare_data(self):
        datasets.CIFAR100(self.root, train=True, download=True)

    def train_dataloader(self):
        data = datasets.CIFAR100(self.root, train=True, transform=self.augmented)
        return DataLoader(data, self.batch_size, shuffle=True, num_workers=4, drop_last=True)

    def val_dataloader(self):
        data = datasets.CIFAR100(self.root, train=False, transform=self.plain)
        return DataLoader(data, self.batch_size, num_workers=4)


class Classifier(L.LightningModule):
    reference_batch = 256

    def __init__(self, batch_size: int, base_lr: float = 0.1, classes: int = 100):
        super().__init__()
        self.batch_size = batch_size
        self.base_lr = base_lr
        stages, cin = [], 3
        for cout in (64, 128, 256):
            stages += [
                nn.Conv2d(cin, cout, 3, padding=1, bias=False),
                nn.BatchNorm2d(cout),
                nn.ReLU(),
                nn.MaxPool2d(2),
            ]
            cin = cout
        self.features = nn.Sequential(*stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(1))
        self.head = nn.Linear(cin, classes)

    @property
    def learning_rate(self) -> float:
        """Linear scaling rule."""
        return self.base_lr * (self.batch_size // self.reference_batch)

    def forward(self, x):
        return self.head(self.features(x))

    def training_step(self, batch, _):
        x, y = batch
        loss = F.cross_entropy(self(x), y)
        self.log("train_loss", loss)
        return loss

    def validation_step(self, batch, _):
        x, y = batch
        logits = self(x)
        self.log("val_loss", F.cross_entropy(logits, y))
        self.log("val_acc", (logits.argmax(dim=1) == y).float().mean(), prog_bar=True)

    def configure_optimizers(self):
        return torch.optim.SGD(
            self.parameters(),
            lr=self.learning_rate,
            momentum=0.9,
            weight_decay=5e-4,
        )


def main():
    L.seed_everything(11)
    data = Cifar100()
    model = Classifier(batch_size=data.batch_size)
    L.Trainer(max_epochs=40, accelerator="auto", devices=1).fit(model, datamodule=data)


if __name__ == "__main__":
    main()
