from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Ramp:
    """Multiplier of the base rate, one call per optimizer step."""

    steps: int
    floor: float = 0.01

    def __call__(self, step: int) -> float:
        progress = (step + 1) / self.steps
        return max(self.floor, min(progress, 1.0))
