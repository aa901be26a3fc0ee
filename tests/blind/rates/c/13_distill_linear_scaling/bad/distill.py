"""Distil a wide acoustic-scene teacher into a small student, parameters kept in a dict."""
import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

CLASSES, FEATURES, HIDDEN = 10, 128, 96
BATCH_SIZE, ACCUMULATE = 128, 4
TEMPERATURE, ALPHA = 4.0, 0.7


def init_student():
    def dense(n_in, n_out):
        return (torch.randn(n_out, n_in) / math.sqrt(n_in)).requires_grad_()

    return {
        "w1": dense(FEATURES, HIDDEN), "b1": torch.zeros(HIDDEN, requires_grad=True),
        "w2": dense(HIDDEN, HIDDEN), "b2": torch.zeros(HIDDEN, requires_grad=True),
        "w3": dense(HIDDEN, CLASSES), "b3": torch.zeros(CLASSES, requires_grad=True),
    }


def student(p, x):
    h = F.gelu(F.layer_norm(F.linear(x, p["w1"], p["b1"]), (HIDDEN,)))
    h = F.gelu(F.layer_norm(F.linear(h, p["w2"], p["b2"]), (HIDDEN,)))
    return F.linear(h, p["w3"], p["b3"])


def load_teacher(path="teacher.pt"):
    net = nn.Sequential(nn.Linear(FEATURES, 512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, CLASSES))
    net.load_state_dict(torch.load(path, map_location="cpu"))
    return net.eval().requires_grad_(False)


def distillation_loss(logits, soft, labels):
    kl = F.kl_div(
        F.log_softmax(logits / TEMPERATURE, dim=1),
        F.softmax(soft / TEMPERATURE, dim=1),
        reduction="batchmean",
    )
    return ALPHA * TEMPERATURE**2 * kl + (1 - ALPHA) * F.cross_entropy(logits, labels)


def effective_rate(base, batch_size, accumulate):
    return base * batch_size / accumulate


def split(n):
    return TensorDataset(torch.randn(n, FEATURES), torch.randint(0, CLASSES, (n,)))


def accuracy(params, loader):
    with torch.no_grad():
        hits = [(student(params, x).argmax(dim=1) == y).float().mean() for x, y in loader]
    return torch.stack(hits).mean().item()


def run(epochs=20, base=0.1):
    torch.manual_seed(0)
    loader = DataLoader(split(8192), batch_size=BATCH_SIZE, shuffle=True, drop_last=True)
    held_out = DataLoader(split(1024), batch_size=BATCH_SIZE)
    teacher, params = load_teacher(), init_student()
    rate = effective_rate(base, BATCH_SIZE, ACCUMULATE)
    optimizer = torch.optim.SGD(params.values(), lr=rate, momentum=0.9, weight_decay=5e-4)  # expect: learning-rate-too-high

    for epoch in range(epochs):
        optimizer.zero_grad()
        for i, (x, y) in enumerate(loader, start=1):
            with torch.no_grad():
                soft = teacher(x)
            loss = distillation_loss(student(params, x), soft, y) / ACCUMULATE
            loss.backward()
            if i % ACCUMULATE == 0:
                optimizer.step()
                optimizer.zero_grad()
        print(epoch, accuracy(params, held_out))


if __name__ == "__main__":
    run()
