"""GAN for absorption spectra, Lightning with manual optimisation."""
import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

BINS = 128


def mlp(*sizes):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


class SpectraGAN(L.LightningModule):
    def __init__(self, latent: int = 16):
        super().__init__()
        self.automatic_optimization = False
        self.latent = latent
        self.generator = nn.Sequential(mlp(latent, 64, 128, BINS), nn.Tanh())
        self.critic = mlp(BINS, 128, 64, 1)

    def forward(self, z):
        return self.generator(z)

    def on_train_batch_start(self, batch, batch_idx):
        self.generator.zero_grad(set_to_none=True)

    def training_step(self, batch, batch_idx):
        opt_g, opt_c = self.optimizers()
        (real,) = batch
        fake = self(torch.randn(real.size(0), self.latent, device=self.device))

        on_real = self.critic(real)
        on_fake = self.critic(fake.detach())
        loss_c = 0.5 * (
            F.binary_cross_entropy_with_logits(on_real, torch.ones_like(on_real))
            + F.binary_cross_entropy_with_logits(on_fake, torch.zeros_like(on_fake))
        )
        self.manual_backward(loss_c)  # expect: missing-zero-grad
        opt_c.step()

        judged = self.critic(fake)
        loss_g = F.binary_cross_entropy_with_logits(judged, torch.ones_like(judged))
        self.manual_backward(loss_g)
        opt_g.step()
        self.log_dict({"critic": loss_c, "generator": loss_g}, prog_bar=True)

    def configure_optimizers(self):
        make = lambda net: torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999))
        return make(self.generator), make(self.critic)


def spectra(n):
    grid = torch.linspace(0, 1, BINS)
    centre = torch.rand(n, 1) * 0.6 + 0.2
    depth = torch.rand(n, 1) + 0.5
    line = depth * torch.exp(-((grid - centre) / 0.05) ** 2)
    return (0.9 - line + 0.02 * torch.randn(n, BINS)).clamp(-1, 1)


if __name__ == "__main__":
    L.seed_everything(3)
    gan = SpectraGAN()
    loader = DataLoader(TensorDataset(spectra(4096)), batch_size=64, shuffle=True)
    L.Trainer(max_epochs=20, accelerator="auto", logger=False).fit(gan, loader)
    gan.eval()
    with torch.no_grad():
        torch.save(gan(torch.randn(8, gan.latent, device=gan.device)).cpu(), "samples.pt")
