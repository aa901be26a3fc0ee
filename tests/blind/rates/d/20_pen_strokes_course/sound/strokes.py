# Practical 3 - online handwriting: which letter did the pen draw?
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

LETTERS = 26
POINTS = 60
LR = 0.01

torch.manual_seed(26)

# every letter is a prototype path (dx, dy, pressure); writers add their own wobble
prototypes = torch.randn(LETTERS, 3, POINTS)
letter = torch.randint(0, LETTERS, (5000,))
strokes = prototypes[letter] + 0.8 * torch.randn(5000, 3, POINTS)

train_set = TensorDataset(strokes[:4000], letter[:4000])
test_set = TensorDataset(strokes[4000:], letter[4000:])


def get_model():
    layers = []
    channels = [3, 32, 64, 64]
    for a, b in zip(channels[:-1], channels[1:]):
        layers += [nn.Conv1d(a, b, 5, padding=2, bias=False), nn.BatchNorm1d(b), nn.ReLU(), nn.MaxPool1d(2)]
    layers += [nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Dropout(0.3), nn.Linear(4 * 64, LETTERS)]
    return nn.Sequential(*layers)


def get_optimizer(model, n):
    """n is the number of training strokes."""
    return optim.SGD(model.parameters(), lr=LR, weight_decay=LR / n, momentum=0.9)


def accuracy(model, data):
    model.eval()
    correct = 0
    with torch.no_grad():
        for x, y in DataLoader(data, batch_size=250):
            correct += (model(x).argmax(dim=1) == y).sum().item()
    return correct / len(data)


def train(model, data, epochs=30):
    loader = DataLoader(data, batch_size=50, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    optimizer = get_optimizer(model, n=len(data))
    for epoch in range(epochs):
        model.train()
        running = 0.0
        for x, y in loader:
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"epoch {epoch + 1}: loss {running / len(loader):.4f}")


model = get_model()
train(model, train_set)
print(f"test accuracy: {accuracy(model, test_set):.2%}")
