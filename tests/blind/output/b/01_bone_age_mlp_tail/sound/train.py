import torch
from torch import nn

from boneage import build_model, make_loaders


class Trainer:
    def __init__(self, model, device):
        self.model = model.to(device)
        self.device = device
        self.criterion = nn.SmoothL1Loss()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-4)

    def train_epoch(self, loader):
        self.model.train()
        total = 0.0
        for image, sex, target in loader:
            image, sex, target = (t.to(self.device) for t in (image, sex, target))
            self.optimizer.zero_grad()
            predicted = self.model(image, sex)
            loss = self.criterion(predicted, target)
            loss.backward()
            self.optimizer.step()
            total += loss.item() * len(target)
        return total / len(loader.dataset)

    @torch.no_grad()
    def mean_absolute_error(self, loader):
        self.model.eval()
        total = 0.0
        for image, sex, target in loader:
            predicted = self.model(image.to(self.device), sex.to(self.device)).cpu()
            total += (predicted - target).abs().sum().item()
        return total / len(loader.dataset)


def main():
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_loader, valid_loader, months_per_unit = make_loaders()
    trainer = Trainer(build_model("hand_small"), device)
    for epoch in range(20):
        loss = trainer.train_epoch(train_loader)
        mae = trainer.mean_absolute_error(valid_loader) * months_per_unit
        print(f"{epoch:02d} loss {loss:.4f} mae {mae:.1f} months")


if __name__ == "__main__":
    main()
