"""Two networks: the generator ends in tanh, but what meets the loss are the critic's logits."""

import torch
from torch import nn

generator = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 784), nn.Tanh())
critic = nn.Sequential(nn.Linear(784, 256), nn.LeakyReLU(0.2), nn.Linear(256, 1))
criterion = nn.BCEWithLogitsLoss()
for_generator = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
for_critic = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.5, 0.999))

for real in torch.load("pictures.pt"):
    one, zero = torch.ones(len(real), 1), torch.zeros(len(real), 1)
    fake = generator(torch.randn(len(real), 64))

    loss = criterion(critic(real), one) + criterion(critic(fake.detach()), zero)
    for_critic.zero_grad()
    loss.backward()
    for_critic.step()

    loss = criterion(critic(fake), one)
    for_generator.zero_grad()
    loss.backward()
    for_generator.step()
