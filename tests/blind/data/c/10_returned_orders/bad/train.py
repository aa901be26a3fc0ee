import torch
from torch import nn
from torch.utils.data import DataLoader

from losses import get_loss
from orders import FEATURES, load

SETTINGS = {"loss": "xent", "lr": 1e-3, "epochs": 25, "batch_size": 256, "hidden": 64}


class Trainer:
    def __init__(self, settings):
        self.settings = settings
        hidden = settings["hidden"]
        self.model = nn.Sequential(
            nn.Linear(len(FEATURES), hidden),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )
        self.criterion = get_loss(settings["loss"])
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=settings["lr"])

    def fit(self, train_set, test_set):
        train = DataLoader(train_set, batch_size=self.settings["batch_size"], shuffle=True)
        test = DataLoader(test_set, batch_size=1024)
        for epoch in range(self.settings["epochs"]):
            self.model.train()
            total = 0.0
            for inputs, returned in train:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(inputs), returned)  # expect: single-output-cross-entropy
                loss.backward()
                self.optimizer.step()
                total += loss.item()
            print(f"epoch {epoch:2d}: loss {total / len(train):.4f}, accuracy {self.accuracy(test):.3f}")

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        right = sum(((self.model(x) > 0) == (y > 0.5)).sum().item() for x, y in loader)
        return right / len(loader.dataset)


if __name__ == "__main__":
    torch.manual_seed(8)
    trainer = Trainer(SETTINGS)
    trainer.fit(*load("orders.csv"))
    torch.save(trainer.model.state_dict(), "returned.pt")
