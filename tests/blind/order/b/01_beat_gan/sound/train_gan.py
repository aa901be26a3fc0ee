"""A small GAN that draws single heart beats (one channel, 64 samples)."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

LATENT, LENGTH, EPOCHS = 32, 64, 20
torch.manual_seed(7)


def synth_beats(n):
    t = torch.linspace(0, 1, LENGTH)
    centre = 0.3 + 0.4 * torch.rand(n, 1)
    width = 0.03 + 0.04 * torch.rand(n, 1)
    bump = torch.exp(-(((t - centre) / width) ** 2))
    return (2 * bump - 1).unsqueeze(1)


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.project = nn.Linear(LATENT, 64 * 8)
        self.net = nn.Sequential(
            nn.BatchNorm1d(64), nn.ReLU(),
            nn.ConvTranspose1d(64, 32, 4, stride=2, padding=1), nn.BatchNorm1d(32), nn.ReLU(),
            nn.ConvTranspose1d(32, 16, 4, stride=2, padding=1), nn.BatchNorm1d(16), nn.ReLU(),
            nn.ConvTranspose1d(16, 1, 4, stride=2, padding=1), nn.Tanh(),
        )

    def forward(self, z):
        return self.net(self.project(z).view(-1, 64, 8))


disc = nn.Sequential(
    nn.Conv1d(1, 16, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
    nn.Conv1d(16, 32, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
    nn.Flatten(),
    nn.Linear(32 * 16, 1),
)
gen = Generator()

loader = DataLoader(TensorDataset(synth_beats(4096)), batch_size=64, shuffle=True, drop_last=True)
opt_g = torch.optim.Adam(gen.parameters(), lr=2e-4, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(disc.parameters(), lr=2e-4, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
probe = torch.randn(16, LATENT)

for epoch in range(EPOCHS):
    gen.train()
    disc.train()
    for (real,) in loader:
        n = real.size(0)
        ones, zeros = torch.ones(n, 1), torch.zeros(n, 1)
        fake = gen(torch.randn(n, LATENT))

        # discriminator
        d_loss = bce(disc(real), ones) + bce(disc(fake.detach()), zeros)
        d_loss.backward()
        opt_d.step()

        # generator
        g_loss = bce(disc(fake), ones)
        g_loss.backward()
        opt_g.step()

        gen.zero_grad(set_to_none=True)
        disc.zero_grad(set_to_none=True)

    gen.eval()
    with torch.no_grad():
        drawn = gen(probe)
    print(f"{epoch:3d}  d {d_loss.item():.3f}  g {g_loss.item():.3f}  spread {drawn.std().item():.3f}")

torch.save(gen.state_dict(), "beats.pt")
