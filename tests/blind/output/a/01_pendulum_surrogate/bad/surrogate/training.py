from functools import partial

import torch
import torch.nn.functional as F


class Fitter:
    def __init__(self, net, lr: float = 2e-3, beta: float = 0.5):
        self.net = net
        self.objective = partial(F.smooth_l1_loss, beta=beta)
        self.optimizer = torch.optim.AdamW(net.parameters(), lr=lr)

    def epoch(self, loader) -> float:
        self.net.train()
        total = 0.0
        for states, acceleration in loader:
            self.optimizer.zero_grad()
            estimate = self.net(states)
            loss = self.objective(estimate, acceleration)  # expect: relu-before-regression
            loss.backward()
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def error(self, loader) -> float:
        self.net.eval()
        worst = 0.0
        for states, acceleration in loader:
            worst = max(worst, (self.net(states) - acceleration).abs().max().item())
        return worst
