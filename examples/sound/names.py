"""NLLLoss after log-softmax, and BCELoss after a sigmoid: the pairs that belong together."""

import torch
from torch import nn

language_of = nn.Sequential(nn.Linear(57, 128), nn.Tanh(), nn.Linear(128, 18), nn.LogSoftmax(dim=-1))
is_name = nn.Sequential(nn.Linear(57, 32), nn.Tanh(), nn.Linear(32, 1), nn.Sigmoid())
which, whether = nn.NLLLoss(), nn.BCELoss()
parameters = [*language_of.parameters(), *is_name.parameters()]
optimizer = torch.optim.SGD(parameters, lr=0.01, momentum=0.9)

for letters, language, known in torch.load("names.pt"):
    optimizer.zero_grad()
    loss = which(language_of(letters), language) + whether(is_name(letters), known)
    loss.backward()
    optimizer.step()
