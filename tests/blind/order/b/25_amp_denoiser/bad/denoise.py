import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

DEVICE = torch.device("cuda")
EPOCHS = 20


def smooth_images(n, size=32):
    coarse = torch.rand(n, 1, 8, 8)
    return nn.functional.interpolate(coarse, size=(size, size), mode="bilinear", align_corners=False)


def make_net(channels=32, depth=4):
    blocks = [nn.Conv2d(1, channels, 3, padding=1), nn.ReLU()]
    for _ in range(depth):
        blocks += [nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU()]
    blocks.append(nn.Conv2d(channels, 1, 3, padding=1))
    return nn.Sequential(*blocks)


def advance(scaler, optimizer, parameters, limit=1.0):
    scaler.unscale_(optimizer)
    norm = nn.utils.clip_grad_norm_(parameters, limit)
    scaler.update()
    return norm.item()


def train_epoch(net, loader, optimizer, scaler, sigma):
    net.train()
    running, norms = 0.0, []
    for (clean,) in loader:
        clean = clean.to(DEVICE, non_blocking=True)
        noise = sigma * torch.randn_like(clean)
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cuda", dtype=torch.float16):
            guess = net(clean + noise)
            loss = nn.functional.mse_loss(guess.float(), noise)
        scaler.scale(loss).backward()  # expect: missing-step
        norms.append(advance(scaler, optimizer, net.parameters()))
        running += loss.item()
    return running / len(loader), sum(norms) / len(norms)


@torch.inference_mode()
def psnr(net, loader, sigma):
    net.eval()
    error, count = 0.0, 0
    for (clean,) in loader:
        clean = clean.to(DEVICE)
        noisy = clean + sigma * torch.randn_like(clean)
        restored = (noisy - net(noisy)).clamp(0, 1)
        error += (restored - clean).pow(2).mean(dim=(1, 2, 3)).sum().item()
        count += clean.size(0)
    return -10 * torch.log10(torch.tensor(error / count)).item()


def main():
    torch.manual_seed(7)
    train = DataLoader(TensorDataset(smooth_images(4096)), batch_size=64, shuffle=True, pin_memory=True)
    valid = DataLoader(TensorDataset(smooth_images(512)), batch_size=128)
    net = make_net().to(DEVICE)
    optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4)
    scaler = torch.amp.GradScaler("cuda")
    for epoch in range(EPOCHS):
        loss, norm = train_epoch(net, train, optimizer, scaler, sigma=0.1)
        print(f"{epoch:2d} loss {loss:.5f} |g| {norm:.3f} psnr {psnr(net, valid, 0.1):.2f} dB")


if __name__ == "__main__":
    main()
