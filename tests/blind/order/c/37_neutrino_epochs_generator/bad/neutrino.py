"""Energy of a neutrino from the light it left on the strings of a detector."""
import torch
from torch import nn
from torch.optim.lr_scheduler import MultiStepLR
from torch.utils.data import DataLoader, TensorDataset

STRINGS, SENSORS = 24, 16
device = "cuda" if torch.cuda.is_available() else "cpu"
mixed = device == "cuda"


def events(n, seed):
    g = torch.Generator().manual_seed(seed)
    energy = torch.randn(n, generator=g)
    light = torch.randn(n, 1, STRINGS, SENSORS, generator=g)
    light[:, :, 8:16, 4:12] += energy[:, None, None, None]
    return TensorDataset(light, energy)


def epochs(count, schedule):
    for epoch in range(count):
        schedule.step()  # expect: scheduler-before-optimizer
        yield epoch


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ELU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1),
            nn.ELU(),
            nn.AdaptiveAvgPool2d(4),
            nn.Flatten(),
        )
        self.energy = nn.Sequential(nn.Linear(512, 48), nn.ELU(), nn.Dropout(0.1), nn.Linear(48, 1))

    def forward(self, light):
        return self.energy(self.features(light)).squeeze(-1)


@torch.no_grad()
def resolution(net, loader):
    net.eval()
    off = [(net(light.to(device)).cpu() - energy).abs() for light, energy in loader]
    return torch.cat(off).median().item()


def main():
    torch.manual_seed(6)
    net = Detector().to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, nesterov=True)
    schedule = MultiStepLR(optimizer, milestones=[12, 16], gamma=0.1)
    scaler = torch.amp.GradScaler("cuda", enabled=mixed)
    train = DataLoader(events(2400, 0), batch_size=48, shuffle=True)
    valid = DataLoader(events(480, 1), batch_size=96)

    for epoch in epochs(20, schedule):
        net.train()
        for light, energy in train:
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(device, dtype=torch.float16, enabled=mixed):
                loss = nn.functional.huber_loss(net(light.to(device)), energy.to(device))
            scaler.scale(loss).backward()
            scaler.unscale_(optimizer)
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            scaler.step(optimizer)
            scaler.update()
        print(epoch, optimizer.param_groups[0]["lr"], resolution(net, valid))


if __name__ == "__main__":
    main()
