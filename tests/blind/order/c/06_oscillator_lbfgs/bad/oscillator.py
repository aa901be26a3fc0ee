"""Physics-informed network for a damped oscillator, fitted with L-BFGS."""
import math

import torch
from torch import nn

OMEGA, ZETA = 6.0, 0.15


def network(width=32, hidden=3):
    layers = [nn.Linear(1, width), nn.Tanh()]
    for _ in range(hidden - 1):
        layers += [nn.Linear(width, width), nn.Tanh()]
    return nn.Sequential(*layers, nn.Linear(width, 1))


def motion(net, t):
    """Position, velocity and acceleration at the times t."""
    x = net(t)
    (v,) = torch.autograd.grad(x.sum(), t, create_graph=True)
    (a,) = torch.autograd.grad(v.sum(), t, create_graph=True)
    return x, v, a


def exact(t):
    wd = OMEGA * math.sqrt(1 - ZETA**2)
    decay = torch.exp(-ZETA * OMEGA * t)
    return decay * (torch.cos(wd * t) + ZETA * OMEGA / wd * torch.sin(wd * t))


def physics_loss(net, t, t0):
    x, v, a = motion(net, t)
    ode = (a + 2 * ZETA * OMEGA * v) / OMEGA**2 + x
    x0, v0, _ = motion(net, t0)
    return ode.pow(2).mean() + (x0 - 1).pow(2).mean() + (v0 / OMEGA).pow(2).mean()


def fit(net, rounds=40):
    t = torch.rand(256, 1, requires_grad=True)
    t0 = torch.zeros(1, 1, requires_grad=True)
    params = list(net.parameters())
    optimizer = torch.optim.LBFGS(params, max_iter=25, history_size=20, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = physics_loss(net, t, t0)
        return loss

    net.train()
    for k in range(rounds):
        loss = optimizer.step(closure)  # expect: missing-backward
        if k % 5 == 0:
            print(f"round {k:2d}  residual {loss.item():.3e}")


def report(net):
    net.eval()
    with torch.no_grad():
        t = torch.linspace(0, 1, 500).unsqueeze(1)
        print("largest error", (net(t) - exact(t)).abs().max().item())


if __name__ == "__main__":
    torch.manual_seed(2)
    net = network()
    fit(net)
    report(net)
