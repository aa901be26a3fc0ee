"""Will the grasp hold? From gripper pose and tactile readings, quick experiment."""
from functools import partial, reduce
from itertools import chain

import torch
import torch.nn.functional as F
from torch import nn

POSE, TACTILE = 7, 16


def pipeline(*stages):
    return lambda x: reduce(lambda h, stage: stage(h), stages, x)


def gated(n_in, n_out):
    return nn.Sequential(nn.Linear(n_in, 2 * n_out), nn.GLU(dim=-1), nn.LayerNorm(n_out))


def simulate(n):
    x = torch.randn(n, POSE + TACTILE)
    grip = x[:, POSE:].mean(dim=1) * 4 - x[:, 2].abs() + 0.5 * x[:, 0] * x[:, 1]
    held = (grip + 0.3 * torch.randn(n) > 0.4).float()
    return x, held


def make_step(forward, objective, opt):
    def step(x, y):
        opt.zero_grad()
        out = forward(x)
        loss = objective(out, y)
        loss.backward()
        opt.step()
        return loss.item()

    return step


def make_report(forward, x, y):
    @torch.no_grad()
    def report():
        held = forward(x) > 0.5
        return (held == y.bool()).float().mean().item()

    return report


def main():
    torch.manual_seed(0)
    x, y = simulate(6000)
    x_test, y_test = simulate(1500)

    encoder = nn.Sequential(gated(POSE + TACTILE, 64), gated(64, 32))
    head = nn.Linear(32, 1)
    flat = partial(torch.squeeze, dim=-1)
    margin = pipeline(encoder, head, flat)
    success = pipeline(margin, torch.sigmoid)

    opt = torch.optim.Adam(chain(encoder.parameters(), head.parameters()), lr=1e-3)
    odds = (1 - y).sum() / y.sum()
    objective = partial(F.binary_cross_entropy_with_logits, pos_weight=odds)
    step = make_step(margin, objective, opt)
    report = make_report(success, x_test, y_test)

    for epoch in range(20):
        losses = [step(x[rows], y[rows]) for rows in torch.randperm(len(x)).split(100)]
        print(f"{epoch:2d}  {sum(losses) / len(losses):.4f}  {report():.3f}")


if __name__ == "__main__":
    main()
