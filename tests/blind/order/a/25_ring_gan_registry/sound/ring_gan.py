"""A small GAN on a ring of eight Gaussians."""
import math

import torch
from torch import nn

LATENT = 8


def ring(n, modes=8, spread=0.05):
    angle = 2 * math.pi * torch.randint(modes, (n,)) / modes
    centre = torch.stack([angle.cos(), angle.sin()], dim=1)
    return centre + spread * torch.randn(n, 2)


def perceptron(n_in, n_out, width=64):
    return nn.Sequential(
        nn.Linear(n_in, width), nn.LeakyReLU(0.2),
        nn.Linear(width, width), nn.LeakyReLU(0.2),
        nn.Linear(width, n_out),
    )


class RingGAN:
    def __init__(self, rate=2e-4):
        self.gen = perceptron(LATENT, 2)
        self.disc = perceptron(2, 1)
        self.bce = nn.BCEWithLogitsLoss()
        self.optimizers = []
        self.opt_d = self._adam(self.disc, rate)
        self.opt_g = self._adam(self.gen, rate)

    def _adam(self, net, rate):
        optimizer = torch.optim.Adam(net.parameters(), lr=rate, betas=(0.5, 0.999))
        self.optimizers.append(optimizer)
        return optimizer

    def update(self, real):
        n = len(real)
        ones, zeros = torch.ones(n, 1), torch.zeros(n, 1)
        self.gen.zero_grad()
        self.disc.zero_grad()

        fake = self.gen(torch.randn(n, LATENT))
        d_loss = self.bce(self.disc(real), ones) + self.bce(self.disc(fake.detach()), zeros)
        d_loss.backward(inputs=list(self.disc.parameters()))

        g_loss = self.bce(self.disc(fake), ones)
        g_loss.backward(inputs=list(self.gen.parameters()))

        for optimizer in self.optimizers:
            optimizer.step()
        return d_loss.item(), g_loss.item()

    @torch.no_grad()
    def sample(self, n):
        self.gen.eval()
        points = self.gen(torch.randn(n, LATENT))
        self.gen.train()
        return points

    def save(self, path):
        torch.save(
            {
                "gen": self.gen.state_dict(),
                "disc": self.disc.state_dict(),
                "opt_d": self.opt_d.state_dict(),
                "opt_g": self.opt_g.state_dict(),
            },
            path,
        )


def main():
    torch.manual_seed(0)
    gan = RingGAN()
    for step in range(20_000):
        d_loss, g_loss = gan.update(ring(256))
        if step % 1000 == 0:
            radius = gan.sample(512).norm(dim=1)
            print(f"{step:6d}  D {d_loss:.3f}  G {g_loss:.3f}  radius {radius.mean():.2f} ± {radius.std():.2f}")
    gan.save("ring_gan.pt")


if __name__ == "__main__":
    main()
