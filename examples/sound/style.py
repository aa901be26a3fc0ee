"""What is trained are the pixels of a picture, and a step of 0.2 is small for a pixel."""

import torch
from torch import nn

looks = nn.Sequential(nn.Conv2d(3, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU())
looks.load_state_dict(torch.load("looks.pt"))
looks.requires_grad_(False)


def gram(features):
    flat = features.flatten(2)
    return flat @ flat.transpose(1, 2) / flat.shape[-1]


photograph, painting = torch.load("pictures.pt")
wanted = gram(looks(painting))
picture = photograph.clone().requires_grad_(True)
optimizer = torch.optim.Adam([picture], lr=0.2)

for _ in range(400):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(gram(looks(picture)), wanted)
    loss.backward()
    optimizer.step()
