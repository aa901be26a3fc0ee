# Waveform speech enhancement, a small encoder-decoder with a skip connection
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)

# settings -------------------------------------------------------------
BATCH = 32
EPOCHS = 18
REFERENCE = dict(batch=256, lr=1e-3)

scaled = REFERENCE["lr"] * BATCH / REFERENCE["batch"]
options = dict(lr=scaled, eps=1e-7)
shown = dict(options, lr=round(scaled, 3))
run_name = "enhance-" + "-".join(f"{k}{v}" for k, v in shown.items())


# data: clean voices are sums of sines, noise is added on top -------------
def voices(count):
    t = torch.linspace(0, 1, 1024)
    pitch = 5 + 40 * torch.rand(count, 3, 1)
    phase = 6.28 * torch.rand(count, 3, 1)
    clean = torch.sin(6.28 * pitch * t + phase).mean(dim=1, keepdim=True)
    return TensorDataset(clean + 0.3 * torch.randn_like(clean), clean)


train_loader = DataLoader(voices(3200), batch_size=BATCH, shuffle=True)
val_loader = DataLoader(voices(640), batch_size=BATCH)


class Enhancer(nn.Module):
    def __init__(self, width=24):
        super().__init__()
        self.down = nn.Sequential(nn.Conv1d(1, width, 15, stride=4, padding=7), nn.GroupNorm(4, width), nn.PReLU())
        self.middle = nn.Sequential(nn.Conv1d(width, width, 9, padding=4), nn.GroupNorm(4, width), nn.PReLU())
        self.up = nn.ConvTranspose1d(width, 1, 4, stride=4)

    def forward(self, wave):
        low = self.down(wave)
        return wave + self.up(low + self.middle(low))


net = Enhancer()
l1 = nn.L1Loss()
optimizer = torch.optim.Adam(net.parameters(), **options)

for epoch in range(EPOCHS):
    net.train()
    for noisy, clean in train_loader:
        optimizer.zero_grad()
        loss = l1(net(noisy), clean)
        loss.backward()
        optimizer.step()

    net.eval()
    total = 0.0
    with torch.no_grad():
        for noisy, clean in val_loader:
            total += l1(net(noisy), clean).item()
    print(f"{run_name} epoch {epoch:2d}  val L1 {total / len(val_loader):.4f}")

torch.save(net.state_dict(), run_name + ".pt")
