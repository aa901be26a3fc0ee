from dataclasses import dataclass


@dataclass
class Ramp:
    """Linear ramp of the step size, to be handed to LambdaLR."""

    warmup_steps: int = 200

    def __call__(self, step):
        scale = (step + 1) / self.warmup_steps
        return scale if step < self.warmup_steps else 1.0
