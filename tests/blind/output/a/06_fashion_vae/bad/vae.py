import torch
import torch.nn.functional as F
from torch import nn, optim
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms
from torchvision.utils import save_image

device = "cuda" if torch.cuda.is_available() else "cpu"
to_unit = lambda t: (t + 1) / 2


class VAE(nn.Module):
    def __init__(self, latent=16):
        super().__init__()
        self.latent = latent
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(32, 64, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 2 * latent),
        )
        self.decoder = nn.Sequential(
            nn.Linear(latent, 64 * 7 * 7),
            nn.ReLU(),
            nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, x):
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return self.decoder(z), mu, logvar

    @torch.no_grad()
    def sample(self, n):
        self.eval()
        return to_unit(self.decoder(torch.randn(n, self.latent, device=device)))


def elbo_terms(model, images):
    decoded, mu, logvar = model(images)
    reconstruction = F.binary_cross_entropy(decoded, images, reduction="sum")  # expect: logits-into-probability-loss
    divergence = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return reconstruction / images.size(0), divergence / images.size(0)


everything = datasets.FashionMNIST("data", train=True, download=True, transform=transforms.ToTensor())
train_set, val_set = random_split(everything, [55000, 5000], generator=torch.Generator().manual_seed(3))
train_loader = DataLoader(train_set, batch_size=128, shuffle=True)
val_loader = DataLoader(val_set, batch_size=250)

model = VAE().to(device)
optimizer = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(1, 21):
    model.train()
    for images, _ in train_loader:
        reconstruction, divergence = elbo_terms(model, images.to(device))
        loss = reconstruction + divergence
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    model.eval()
    val_loss = 0.0
    with torch.no_grad():
        for images, _ in val_loader:
            val_loss += sum(elbo_terms(model, images.to(device))).item()
    print("epoch", epoch, "held-out loss per image", round(val_loss / len(val_loader), 2))

save_image(model.sample(64), "samples.png", nrow=8)
