# Keyword spotting on log-mel patches, large batches with gradual warm-up (Goyal et al., 2017).
import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.optim.lr_scheduler import LambdaLR

torch.manual_seed(0)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")

N_WORDS, N_MELS, N_FRAMES = 12, 40, 98
BATCH, REFERENCE_BATCH = 1024, 32
EPOCHS, WARMUP = 60, 5
K = BATCH // REFERENCE_BATCH

templates = torch.randn(N_WORDS, 1, N_MELS, N_FRAMES)


def record(n):
    words = torch.randint(0, N_WORDS, (n,))
    shift = torch.randint(-10, 11, (n,))
    mels = torch.stack([templates[w].roll(int(s), dims=-1) for w, s in zip(words, shift)])
    return mels + 1.5 * torch.randn_like(mels), words


x_train, y_train = record(16384)
x_val, y_val = record(2048)
mu, sigma = x_train.mean(), x_train.std()
x_train, x_val = (x_train - mu) / sigma, (x_val - mu) / sigma


def conv(cin, cout):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout), nn.SiLU(), nn.MaxPool2d(2))


net = nn.Sequential(
    conv(1, 24), conv(24, 48), conv(48, 96),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.3), nn.Linear(96, N_WORDS),
).to(device)


def ramp(epoch):
    if epoch < WARMUP:
        return 1 + (K - 1) * epoch / WARMUP
    return K * 0.5 * (1 + math.cos(math.pi * (epoch - WARMUP) / (EPOCHS - WARMUP)))


opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=0.02)
sched = LambdaLR(opt, lr_lambda=ramp)  # expect: learning-rate-too-high

for epoch in range(EPOCHS):
    net.train()
    running = 0.0
    for idx in torch.randperm(len(x_train)).split(BATCH):
        xb, yb = x_train[idx].to(device), y_train[idx].to(device)
        opt.zero_grad()
        loss = F.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    sched.step()

    net.eval()
    with torch.no_grad():
        pred = torch.cat([net(xb.to(device)).argmax(1).cpu() for xb in x_val.split(512)])
    print(f"epoch {epoch:02d}  loss {running / len(x_train):.4f}  val {(pred == y_val).float().mean():.3f}")
