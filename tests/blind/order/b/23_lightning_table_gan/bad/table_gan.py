import lightning as L
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset


def mlp(sizes, slope=0.2):
    layers = []
    for n_in, n_out in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(n_in, n_out), nn.LeakyReLU(slope)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))


class TableGAN(L.LightningModule):
    def __init__(self, columns: int, latent: int = 16):
        super().__init__()
        self.automatic_optimization = False
        self.latent = latent
        self.generator = mlp([latent, 64, 64, columns])
        self.critic = mlp([columns, 64, 32, 1])

    def configure_optimizers(self):
        opt_g = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        opt_d = torch.optim.Adam(self.critic.parameters(), lr=2e-4, betas=(0.5, 0.999))
        return opt_g, opt_d

    def training_step(self, batch, batch_idx):
        (real,) = batch
        opt_g, opt_d = self.optimizers()
        ones = torch.ones(real.size(0), 1, device=self.device)
        zeros = torch.zeros(real.size(0), 1, device=self.device)
        fake = self.generator(torch.randn(real.size(0), self.latent, device=self.device))

        g_loss = F.binary_cross_entropy_with_logits(self.critic(fake), ones)
        self.manual_backward(g_loss)
        opt_g.zero_grad()  # expect: zero-grad-before-step
        opt_g.step()

        d_real = F.binary_cross_entropy_with_logits(self.critic(real), ones)
        d_fake = F.binary_cross_entropy_with_logits(self.critic(fake.detach()), zeros)
        d_loss = 0.5 * (d_real + d_fake)
        opt_d.zero_grad()
        self.manual_backward(d_loss)
        opt_d.step()

        self.log_dict({"g": g_loss.detach(), "d": d_loss.detach()}, prog_bar=True)


def customers(n=8192):
    age = torch.randn(n)
    income = 0.6 * age + 0.8 * torch.randn(n)
    spending = 0.5 * income - 0.2 * age + 0.5 * torch.randn(n)
    visits = 0.7 * spending + 0.7 * torch.randn(n)
    table = torch.stack([age, income, spending, visits], dim=1)
    return (table - table.mean(dim=0)) / table.std(dim=0)


if __name__ == "__main__":
    L.seed_everything(5)
    loader = DataLoader(TensorDataset(customers()), batch_size=128, shuffle=True, drop_last=True)
    model = TableGAN(columns=4)
    trainer = L.Trainer(max_epochs=40, logger=False, enable_checkpointing=False)
    trainer.fit(model, loader)
