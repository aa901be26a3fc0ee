"""NLLLoss wants log-probabilities; given probabilities it has next to no gradient where the network is wrong."""

import torch
from torch import nn

model = nn.Sequential(nn.Linear(57, 128), nn.Tanh(), nn.Linear(128, 18), nn.Softmax(dim=-1))
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)


def train(letters, language):
    model.zero_grad()
    output = model(letters)
    loss = criterion(output, language)  # expect: nll-without-log-softmax
    loss.backward()
    optimizer.step()
    return output, loss.item()


for letters, language in torch.load("names.pt"):
    train(letters, language)
