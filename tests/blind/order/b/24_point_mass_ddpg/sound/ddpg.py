import copy
import random
from collections import deque

import torch
from torch import nn
from torch.nn import functional as F


class Actor(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, state):
        return torch.tanh(self.net(state))


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))

    def forward(self, state, action):
        return self.net(torch.cat([state, action], dim=1))


def advance(state, action):
    pos, vel = state.unbind()
    vel = (vel + 0.1 * action.squeeze()).clamp(-2, 2)
    pos = (pos + 0.1 * vel).clamp(-3, 3)
    reward = -(pos ** 2 + 0.1 * vel ** 2)
    return torch.stack([pos, vel]), reward.reshape(1)


class Agent:
    def __init__(self, gamma=0.97, tau=0.01):
        self.gamma, self.tau = gamma, tau
        self.actor, self.critic = Actor(), Critic()
        self.slow_actor = copy.deepcopy(self.actor).requires_grad_(False)
        self.slow_critic = copy.deepcopy(self.critic).requires_grad_(False)
        self.opts = {
            "actor": torch.optim.Adam(self.actor.parameters(), lr=3e-4),
            "critic": torch.optim.Adam(self.critic.parameters(), lr=1e-3),
        }

    @torch.no_grad()
    def act(self, state, noise=0.2):
        action = self.actor(state.unsqueeze(0)).squeeze(0)
        return (action + noise * torch.randn_like(action)).clamp(-1, 1)

    def update(self, batch):
        state, action, reward, following = (torch.stack(part) for part in zip(*batch))
        with torch.no_grad():
            worth = self.slow_critic(following, self.slow_actor(following))
            target = reward + self.gamma * worth

        value_loss = F.mse_loss(self.critic(state, action), target)
        self.opts["critic"].zero_grad()
        value_loss.backward()

        self.opts["actor"].zero_grad()
        self.opts["critic"].step()
        policy_loss = -self.critic(state, self.actor(state)).mean()
        policy_loss.backward()
        self.opts["actor"].step()

        with torch.no_grad():
            for slow, fast in ((self.slow_actor, self.actor), (self.slow_critic, self.critic)):
                for p, q in zip(slow.parameters(), fast.parameters()):
                    p.lerp_(q, self.tau)
        return value_loss.item(), policy_loss.item()


def main():
    torch.manual_seed(0)
    random.seed(0)
    agent, memory = Agent(), deque(maxlen=20_000)
    for episode in range(150):
        state, score = torch.empty(2).uniform_(-1, 1), 0.0
        for _ in range(100):
            action = agent.act(state)
            following, reward = advance(state, action)
            memory.append((state, action, reward, following))
            state, score = following, score + reward.item()
            if len(memory) >= 1000:
                agent.update(random.sample(memory, 128))
        if episode % 10 == 0:
            print(f"episode {episode}: return {score:.2f}")


if __name__ == "__main__":
    main()
