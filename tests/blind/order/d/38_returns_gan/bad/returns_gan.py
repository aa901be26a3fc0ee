"""GAN for windows of daily asset returns."""
import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import LinearLR
from torch.utils.data import DataLoader, TensorDataset

WINDOW, NOISE, EPOCHS = 32, 16, 30


def mlp(sizes, tail=()):
    layers = []
    for a, b in zip(sizes[:-2], sizes[1:-1]):
        layers += [nn.Linear(a, b), nn.LeakyReLU(0.2)]
    return nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]), *tail)


def historical(n=4096):
    shocks = torch.distributions.StudentT(5.0).sample((n, WINDOW))
    level = torch.exp(0.3 * torch.randn(n, 1))
    returns = shocks * level
    return (returns - returns.mean()) / returns.std()


def kurtosis(x):
    centred = x - x.mean()
    return (centred.pow(4).mean() / centred.pow(2).mean().pow(2)).item()


def main():
    torch.manual_seed(77)
    loader = DataLoader(TensorDataset(historical()), batch_size=64, shuffle=True)
    total = EPOCHS * len(loader)

    generator = mlp([NOISE, 64, 64, WINDOW])
    critic = mlp([WINDOW, 64, 64, 1])
    opt_g = torch.optim.Adam(generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
    opt_c = torch.optim.Adam(critic.parameters(), lr=2e-4, betas=(0.5, 0.999))
    sched_g, sched_c = (LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=total) for o in (opt_g, opt_c))

    for epoch in range(EPOCHS):
        sums = [0.0, 0.0]
        for (real,) in loader:
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            fake = generator(torch.randn(len(real), NOISE))

            opt_c.zero_grad()
            loss_c = F.binary_cross_entropy_with_logits(critic(real), ones)
            loss_c = loss_c + F.binary_cross_entropy_with_logits(critic(fake.detach()), zeros)
            loss_c.backward()
            for part in (opt_c, sched_c): part.step()

            opt_g.zero_grad()
            loss_g = F.binary_cross_entropy_with_logits(critic(fake), ones)
            loss_g.backward()
            for part in (sched_g, opt_g): part.step()  # expect: scheduler-before-optimizer

            sums[0] += loss_c.item()
            sums[1] += loss_g.item()

        generator.eval()
        with torch.no_grad():
            sample = generator(torch.randn(1000, NOISE))
        generator.train()
        print(epoch, [round(s / len(loader), 3) for s in sums], f"kurtosis {kurtosis(sample):.2f}")


if __name__ == "__main__":
    main()
