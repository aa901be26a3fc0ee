"""Deep Q-learning on CartPole."""
import random
from collections import deque
from typing import NamedTuple

import click
import gymnasium as gym
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Hyper(NamedTuple):
    step_size: float
    discount: float
    batch: int = 64
    sync_every: int = 250


def q_network(n_obs: int, n_actions: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(n_obs, 128), nn.LayerNorm(128), nn.SiLU(),
        nn.Linear(128, 128), nn.SiLU(),
        nn.Linear(128, n_actions),
    )


class Agent:
    def __init__(self, n_obs: int, n_actions: int, hyper: Hyper):
        self.hyper = hyper
        self.n_actions = n_actions
        self.online = q_network(n_obs, n_actions)
        self.target = q_network(n_obs, n_actions)
        self.target.load_state_dict(self.online.state_dict())
        self.memory = deque(maxlen=20_000)
        self.optimizer = torch.optim.Adam(self.online.parameters(), lr=hyper.step_size)

    def act(self, obs, epsilon: float) -> int:
        if random.random() < epsilon:
            return random.randrange(self.n_actions)
        with torch.no_grad():
            q = self.online(torch.as_tensor(obs, dtype=torch.float32).unsqueeze(0))
        return int(q.argmax(dim=1).item())

    def learn(self) -> float:
        obs, action, reward, nxt, done = zip(*random.sample(self.memory, self.hyper.batch))
        obs = torch.as_tensor(np.stack(obs), dtype=torch.float32)
        nxt = torch.as_tensor(np.stack(nxt), dtype=torch.float32)
        action = torch.as_tensor(action, dtype=torch.int64).unsqueeze(1)
        reward = torch.as_tensor(reward, dtype=torch.float32)
        done = torch.as_tensor(done, dtype=torch.float32)
        with torch.no_grad():
            best_next = self.target(nxt).max(dim=1).values
            goal = reward + self.hyper.discount * (1.0 - done) * best_next
        q = self.online(obs).gather(1, action).squeeze(1)
        loss = F.smooth_l1_loss(q, goal)
        self.optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.online.parameters(), 10.0)
        self.optimizer.step()
        return loss.item()


@click.command()
@click.option("--step-size", type=click.FloatRange(0.0, 1.0, min_open=True), default=5e-4)
@click.option("--discount", type=click.FloatRange(0.0, 1.0, min_open=True), default=0.99)
@click.option("--episodes", type=click.IntRange(1, 5000), default=400)
def main(step_size: float, discount: float, episodes: int) -> None:
    env = gym.make("CartPole-v1")
    hyper = Hyper(step_size, discount)
    agent = Agent(env.observation_space.shape[0], int(env.action_space.n), hyper)
    ticks = 0
    for episode in range(episodes):
        obs, _ = env.reset(seed=episode)
        score, over = 0.0, False
        while not over:
            action = agent.act(obs, epsilon=max(0.05, 1.0 - ticks / 10_000))
            nxt, reward, terminated, truncated, _ = env.step(action)
            agent.memory.append((obs, action, reward, nxt, terminated))
            obs, over = nxt, terminated or truncated
            score += reward
            ticks += 1
            if len(agent.memory) >= 1000:
                agent.learn()
            if ticks % hyper.sync_every == 0:
                agent.target.load_state_dict(agent.online.state_dict())
        click.echo(f"{episode}\t{score:.0f}")


if __name__ == "__main__":
    main()
