import copy
import pathlib

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm
from torch.utils.data import DataLoader, TensorDataset
from torchvision.utils import save_image

LATENT = 64
OUT = pathlib.Path("glyphs")
device = "cuda" if torch.cuda.is_available() else "cpu"


def make_generator():
    up = lambda i, o: [nn.ConvTranspose2d(i, o, 4, 2, 1, bias=False), nn.BatchNorm2d(o), nn.ReLU(True)]
    return nn.Sequential(
        nn.ConvTranspose2d(LATENT, 128, 4, 1, 0, bias=False), nn.BatchNorm2d(128), nn.ReLU(True),
        *up(128, 64),
        *up(64, 32),
        nn.ConvTranspose2d(32, 1, 4, 2, 1), nn.Tanh(),
    )


def make_critic():
    down = lambda i, o: [spectral_norm(nn.Conv2d(i, o, 4, 2, 1)), nn.LeakyReLU(0.2, inplace=True)]
    return nn.Sequential(*down(1, 32), *down(32, 64), *down(64, 128), spectral_norm(nn.Conv2d(128, 1, 4)))


def glyphs(n=4096):
    """Rings of random size on a 32 x 32 canvas, grey values in -1..1."""
    axis = torch.linspace(-1, 1, 32)
    radius = torch.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    size = 0.3 + 0.5 * torch.rand(n, 1, 1)
    return 2 * torch.exp(-((radius - size) / 0.1) ** 2).unsqueeze(1) - 1


@torch.no_grad()
def follow(slow, fast, rate=0.01):
    for s, f in zip(slow.parameters(), fast.parameters()):
        s.lerp_(f, rate)
    for s, f in zip(slow.buffers(), fast.buffers()):
        s.copy_(f)


@torch.no_grad()
def snapshot(net, noise, path):
    net.eval()
    save_image(net(noise), path, normalize=True, value_range=(-1, 1))


G, D = make_generator().to(device), make_critic().to(device)
average = copy.deepcopy(G).requires_grad_(False)
opt_g = torch.optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-4, betas=(0.5, 0.999))
loader = DataLoader(TensorDataset(glyphs()), batch_size=64, shuffle=True, drop_last=True)
fixed = torch.randn(64, LATENT, 1, 1, device=device)
OUT.mkdir(exist_ok=True)

G.train()
D.train()
for epoch in range(60):
    for (real,) in loader:
        real = real.to(device)
        fake = G(torch.randn(len(real), LATENT, 1, 1, device=device))

        d_loss = F.softplus(-D(real)).mean() + F.softplus(D(fake.detach())).mean()
        opt_d.zero_grad()
        d_loss.backward()
        opt_d.step()

        g_loss = F.softplus(-D(fake)).mean()
        opt_g.zero_grad()
        g_loss.backward()
        opt_g.step()
        follow(average, G)
    print(f"{epoch}: critic {d_loss.item():.3f} generator {g_loss.item():.3f}")
    snapshot(average, fixed, OUT / f"{epoch:03d}.png")

torch.save(average.state_dict(), OUT / "generator.pt")
