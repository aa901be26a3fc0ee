# GAN for 1-d calorimeter showers, then inversion of measured showers:
# first the latent code is searched, afterwards the generator is tuned around it.
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
LATENT = 16
CELLS = 64

depth = torch.linspace(0, 1, CELLS)
centre = 0.3 + 0.4 * torch.rand(4096, 1)
width = 0.05 + 0.1 * torch.rand(4096, 1)
showers = 2 * torch.exp(-((depth - centre) / width) ** 2) - 1
loader = DataLoader(TensorDataset(showers), batch_size=64, shuffle=True, drop_last=True)

generator = nn.Sequential(
    nn.Linear(LATENT, 64), nn.LayerNorm(64), nn.GELU(),
    nn.Linear(64, 128), nn.LayerNorm(128), nn.GELU(),
    nn.Linear(128, CELLS), nn.Tanh(),
)
critic = nn.Sequential(
    nn.Linear(CELLS, 128), nn.LeakyReLU(0.2),
    nn.Linear(128, 64), nn.LeakyReLU(0.2),
    nn.Linear(64, 1),
)
bce = nn.BCEWithLogitsLoss()
opt_g = torch.optim.Adam(generator.parameters(), lr=1e-4, betas=(0.5, 0.999))
opt_c = torch.optim.Adam(critic.parameters(), lr=4e-4, betas=(0.5, 0.999))

for epoch in range(30):
    for (real,) in loader:
        ones = torch.ones(len(real), 1)
        zeros = torch.zeros(len(real), 1)
        fake = generator(torch.randn(len(real), LATENT))

        opt_c.zero_grad()
        loss_c = bce(critic(real), ones) + bce(critic(fake.detach()), zeros)
        loss_c.backward()
        opt_c.step()

        opt_g.zero_grad()
        loss_g = bce(critic(fake), ones)
        loss_g.backward()
        opt_g.step()
    print(epoch, loss_c.item(), loss_g.item())


def descend(params, objective, steps, rate=0.1):
    opt = torch.optim.Adam(params, lr=rate)  # expect: learning-rate-too-high
    for _ in range(steps):
        opt.zero_grad()
        loss = objective()
        loss.backward()
        opt.step()
    return loss.item()


measured = (showers[:8] + 0.02 * torch.randn(8, CELLS)).clamp(-1, 1)
code = torch.zeros(8, LATENT, requires_grad=True)


def distance():
    return nn.functional.mse_loss(generator(code), measured)


generator.requires_grad_(False)
print("after the search of the code:", descend([code], distance, 300))

generator.requires_grad_(True)
code.requires_grad_(False)
print("after tuning:", descend(generator.parameters(), distance, 150))
torch.save(generator.state_dict(), "generator_tuned.pt")
