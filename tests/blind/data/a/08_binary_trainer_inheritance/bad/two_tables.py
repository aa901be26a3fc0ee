"""The same small trainer on two classic tables: wine (three cultivars) and breast cancer (yes or no)."""
import torch
from sklearn.datasets import load_breast_cancer, load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def mlp(n_in, n_out, hidden=32):
    return nn.Sequential(
        nn.Linear(n_in, hidden),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Linear(hidden, hidden),
        nn.ReLU(),
        nn.Linear(hidden, n_out),
    )


def tables(loader):
    x, y = loader(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, stratify=y, random_state=1)
    scaler = StandardScaler().fit(x_train)
    pairs = ((x_train, y_train), (x_test, y_test))
    return [
        TensorDataset(torch.tensor(scaler.transform(a), dtype=torch.float32), torch.tensor(b, dtype=torch.long))
        for a, b in pairs
    ]


class Trainer:
    """One of n classes; what differs for other kinds of answers is overridden."""

    criterion = nn.CrossEntropyLoss()

    def __init__(self, model, lr=2e-3):
        self.model = model
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=lr)

    def targets(self, y):
        return y

    def decide(self, scores):
        return scores.argmax(dim=1)

    def fit(self, data, epochs=60):
        loader = DataLoader(data, batch_size=16, shuffle=True)
        for _ in range(epochs):
            self.model.train()
            for x, y in loader:
                self.optimizer.zero_grad()
                loss = self.criterion(self.model(x), self.targets(y))  # expect: single-output-cross-entropy
                loss.backward()
                self.optimizer.step()
        return self

    @torch.no_grad()
    def score(self, data):
        self.model.eval()
        x, y = data.tensors
        return (self.decide(self.model(x)) == y).float().mean().item()


class YesNoTrainer(Trainer):
    """A single score: positive means yes."""

    def __init__(self, model, lr=1e-3):
        super().__init__(model, lr)

    def targets(self, y):
        return y.float().unsqueeze(1)

    def decide(self, scores):
        return (scores.squeeze(1) > 0).long()


if __name__ == "__main__":
    torch.manual_seed(0)
    train, test = tables(load_wine)
    print("wine  ", Trainer(mlp(13, 3)).fit(train).score(test))
    train, test = tables(load_breast_cancer)
    print("cancer", YesNoTrainer(mlp(30, 1)).fit(train).score(test))
