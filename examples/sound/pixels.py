"""Images that are scaled where nobody looks first: by the loader, by the first layer, right behind the first weights."""

import torch
from tensorflow import keras
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms


class Behind(nn.Module):
    """The batch normalisation behind the first layer takes the size of the pixels out again."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3)
        self.norm = nn.BatchNorm2d(16)
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        return self.head(torch.relu(self.norm(self.conv(x))).mean(dim=(2, 3)))


def train(model, batches):
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for images, labels in batches:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimizer.step()


digits = datasets.MNIST("data")
train(Behind(), DataLoader(TensorDataset(digits.data.unsqueeze(1).float(), digits.targets), batch_size=64))

scale = transforms.Compose([transforms.PILToTensor(), transforms.ConvertImageDtype(torch.float32)])
plain = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
train(plain, DataLoader(datasets.MNIST("data", transform=scale), batch_size=64, shuffle=True))

(images, labels), _ = keras.datasets.cifar10.load_data()
inside = keras.Sequential(
    [
        keras.layers.Rescaling(1.0 / 127.5, offset=-1),
        keras.layers.Conv2D(16, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ]
)
inside.compile("adam", "sparse_categorical_crossentropy")
inside.fit(images, labels, epochs=5)
