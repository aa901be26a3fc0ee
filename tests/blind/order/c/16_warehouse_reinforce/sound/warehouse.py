"""REINFORCE for reordering goods in a small warehouse."""
import random
from dataclasses import dataclass, field

import torch
from torch import nn
from torch.distributions import Categorical

CAPACITY, DAYS, ORDERS = 20, 30, (0, 3, 6, 9)


class Warehouse:
    def reset(self):
        self.stock, self.day = 10, 0
        return self.state()

    def state(self):
        return torch.tensor([self.stock / CAPACITY, self.day / DAYS])

    def step(self, action):
        self.stock = min(CAPACITY, self.stock + ORDERS[action])
        sold = min(self.stock, random.randint(0, 8))
        self.stock -= sold
        self.day += 1
        return self.state(), sold - 0.2 * self.stock - 0.3 * ORDERS[action], self.day == DAYS


@dataclass
class Agent:
    policy: nn.Module
    gamma: float = 0.97
    history: list = field(default_factory=list)

    def __post_init__(self):
        self.optimizer = torch.optim.Adam(self.policy.parameters(), lr=3e-3)

    def episode_loss(self, env):
        state, done, logps, rewards = env.reset(), False, [], []
        while not done:
            choice = Categorical(logits=self.policy(state))
            action = choice.sample()
            logps.append(choice.log_prob(action))
            state, reward, done = env.step(action.item())
            rewards.append(reward)
        returns, g = [], 0.0
        for r in reversed(rewards):
            g = r + self.gamma * g
            returns.insert(0, g)
        returns = torch.tensor(returns)
        advantage = (returns - returns.mean()) / (returns.std() + 1e-6)
        return -(torch.stack(logps) * advantage).mean()

    def update(self, env, episodes=8):
        self.policy.train()
        losses = []
        for _ in range(episodes):
            losses.append(self.episode_loss(env))
        loss = torch.stack(losses).mean()
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.history.append(loss.detach())

    @torch.no_grad()
    def profit(self, env, episodes=20):
        self.policy.eval()
        total = 0.0
        for _ in range(episodes):
            state, done = env.reset(), False
            while not done:
                state, reward, done = env.step(self.policy(state).argmax().item())
                total += reward
        return total / episodes


if __name__ == "__main__":
    random.seed(0)
    torch.manual_seed(0)
    agent = Agent(nn.Sequential(nn.Linear(2, 32), nn.Tanh(), nn.Linear(32, len(ORDERS))))
    env = Warehouse()
    for k in range(1, 401):
        agent.update(env)
        if k % 50 == 0:
            recent = torch.stack(agent.history[-50:]).mean().item()
            print(f"update {k}  loss {recent:.4f}  profit {agent.profit(env):.2f}")
