"""Topic classifier for newsgroup posts: tf-idf rows into a plain MLP."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import fetch_20newsgroups
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, Dataset

VOCABULARY = 8000
WIDTHS = (512, 256)
EPOCHS = 25


class SparseRows(Dataset):
    def __init__(self, matrix, labels):
        self.matrix = matrix.tocsr()
        self.labels = torch.as_tensor(np.asarray(labels), dtype=torch.long)

    def __len__(self):
        return self.matrix.shape[0]

    def __getitem__(self, index):
        row = self.matrix[index].toarray().ravel().astype(np.float32)
        return torch.from_numpy(row), self.labels[index]


class TopicNet(nn.Module):
    def __init__(self, n_in, widths, n_out):
        super().__init__()
        sizes = [n_in, *widths]
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.out = nn.Linear(sizes[-1], n_out)

    def forward(self, x):
        for layer in self.hidden:
            x = F.relu(layer(x))
        return self.out(x)


class Tracker:
    """Keeps the lowest held-out loss and when it was seen."""

    def __init__(self):
        self.best = float("inf")
        self.epoch = 0

    def update(self, epoch, loss):
        if loss < self.best:
            self.best, self.epoch = loss, epoch


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    loss, hits, rows = 0.0, 0, 0
    for x, y in loader:
        logits = model(x)
        loss += F.cross_entropy(logits, y, reduction="sum").item()
        hits += (logits.argmax(dim=1) == y).sum().item()
        rows += len(y)
    return loss / rows, hits / rows


def main():
    torch.manual_seed(0)
    posts = fetch_20newsgroups(subset="train", remove=("headers", "footers", "quotes"))
    train_text, val_text, train_y, val_y = train_test_split(
        posts.data, posts.target, test_size=0.15, stratify=posts.target, random_state=0
    )
    vectorizer = TfidfVectorizer(max_features=VOCABULARY, stop_words="english", sublinear_tf=True)
    train_x = vectorizer.fit_transform(train_text)
    val_x = vectorizer.transform(val_text)

    train_loader = DataLoader(SparseRows(train_x, train_y), batch_size=64, shuffle=True)
    val_loader = DataLoader(SparseRows(val_x, val_y), batch_size=256)

    model = TopicNet(VOCABULARY, WIDTHS, len(posts.target_names))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    tracker = Tracker()

    for epoch in range(EPOCHS):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()  # expect: missing-dropout
            optimizer.step()
        loss, accuracy = evaluate(model, val_loader)
        tracker.update(epoch, loss)
        print(f"{epoch:02d} val loss {loss:.4f} accuracy {accuracy:.3f}")
    print(f"lowest val loss {tracker.best:.4f} in epoch {tracker.epoch}")


if __name__ == "__main__":
    main()
