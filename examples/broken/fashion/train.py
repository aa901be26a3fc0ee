"""The network ends in softmax, and the loss applies it once more: the gradients all but vanish."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from network import Clothes

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.286,), (0.353,))])
train_data = datasets.FashionMNIST("data", train=True, download=True, transform=to_tensor)
loader = DataLoader(train_data, batch_size=128, shuffle=True)

net = Clothes().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

for epoch in range(5):
    net.train()
    for images, labels in loader:
        images, labels = images.to(device), labels.to(device)
        outputs = net(images)
        loss = criterion(outputs, labels)  # expect: softmax-before-cross-entropy
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
