"""TD3 with a behaviour-cloning term on a fixed set of transitions."""
import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

OBS, ACT = 11, 3
GAMMA, TAU, ALPHA = 0.99, 0.005, 2.5
torch.manual_seed(0)


def mlp(n_in, n_out, *tail):
    return nn.Sequential(nn.Linear(n_in, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, n_out), *tail)


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.q1 = mlp(OBS + ACT, 1)
        self.q2 = mlp(OBS + ACT, 1)

    def forward(self, s, a):
        sa = torch.cat([s, a], dim=-1)
        return self.q1(sa), self.q2(sa)

    def first(self, s, a):
        return self.q1(torch.cat([s, a], dim=-1))


class Transitions:
    def __init__(self, n=20_000):
        self.s = torch.randn(n, OBS)
        self.a = torch.tanh(torch.randn(n, ACT))
        self.r = torch.randn(n, 1) * 0.1 + self.s[:, :1] * self.a[:, :1]
        self.s2 = 0.9 * self.s + 0.1 * torch.randn(n, OBS)
        self.done = (torch.rand(n, 1) < 0.01).float()

    def sample(self, n):
        i = torch.randint(0, len(self.s), (n,))
        return self.s[i], self.a[i], self.r[i], self.s2[i], self.done[i]


def follow(target, source):
    with torch.no_grad():
        for t, p in zip(target.parameters(), source.parameters()):
            t.lerp_(p, TAU)


actor, critic = mlp(OBS, ACT, nn.Tanh()), Critic()
slow_actor, slow_critic = copy.deepcopy(actor), copy.deepcopy(critic)
actor_opt = torch.optim.Adam(actor.parameters(), lr=3e-4)
critic_opt = torch.optim.Adam(critic.parameters(), lr=3e-4)
replay, held_out = Transitions(), Transitions(2_000)

for turn in range(50_000):
    s, a, r, s2, done = replay.sample(256)

    with torch.no_grad():
        jitter = (0.2 * torch.randn_like(a)).clamp(-0.5, 0.5)
        a2 = (slow_actor(s2) + jitter).clamp(-1.0, 1.0)
        backup = r + GAMMA * (1.0 - done) * torch.min(*slow_critic(s2, a2))

    q1, q2 = critic(s, a)
    critic_loss = F.mse_loss(q1, backup) + F.mse_loss(q2, backup)
    critic_opt.zero_grad()
    critic_loss.backward()
    critic_opt.step()

    if turn % 2:
        continue

    pi = actor(s)
    q = critic.first(s, pi)
    weight = ALPHA / q.abs().mean().detach()
    actor_loss = F.mse_loss(pi, a) - weight * q.mean()
    actor_opt.zero_grad()
    actor_opt.step()  # expect: step-before-backward
    actor_loss.backward()

    follow(slow_actor, actor)
    follow(slow_critic, critic)

    if turn % 5_000 == 0:
        with torch.no_grad():
            gap = (actor(held_out.s) - held_out.a).abs().mean().item()
        print(turn, f"critic {critic_loss.item():.4f}", f"distance to data {gap:.4f}")
