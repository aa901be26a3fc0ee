from dataclasses import dataclass


@dataclass
class OptimSpec:
    base_lr: float
    reference_batch: int
    weight_decay: float = 0.0

    def rate_for(self, batch_size: int) -> float:
        return self.base_lr * (batch_size // self.reference_batch)
