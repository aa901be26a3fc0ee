"""States of a driven, damped pendulum and the angular acceleration that the equation of motion gives."""
import math

import torch
from torch.utils.data import Dataset


class PendulumStates(Dataset):
    """Rows of (sin, cos of the angle, angular velocity, drive) with the acceleration in rad/s^2."""

    def __init__(self, count: int, seed: int, damping: float = 0.15, length: float = 1.2):
        gen = torch.Generator().manual_seed(seed)
        angle = (torch.rand(count, generator=gen) * 2 - 1) * math.pi
        velocity = torch.randn(count, generator=gen)
        drive = torch.randn(count, generator=gen)
        self.states = torch.stack([angle.sin(), angle.cos(), velocity, drive], dim=1)
        acceleration = -9.81 / length * angle.sin() - damping * velocity + drive
        self.targets = acceleration.unsqueeze(1)

    def __len__(self) -> int:
        return len(self.states)

    def __getitem__(self, index):
        return self.states[index], self.targets[index]
