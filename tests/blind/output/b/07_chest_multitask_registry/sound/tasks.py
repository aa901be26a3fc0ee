from dataclasses import dataclass
from typing import Callable

from torch import nn


@dataclass
class Task:
    name: str
    n_out: int
    activation: Callable[[], nn.Module]
    loss: nn.Module
    weight: float = 1.0


TASKS: dict[str, Task] = {}


def add_task(task: Task) -> None:
    TASKS[task.name] = task


add_task(Task("view", 3, nn.Identity, nn.CrossEntropyLoss(), weight=0.5))
add_task(Task("findings", 14, nn.Identity, nn.BCEWithLogitsLoss()))
add_task(Task("devices", 4, nn.Sigmoid, nn.BCELoss(), weight=0.5))
