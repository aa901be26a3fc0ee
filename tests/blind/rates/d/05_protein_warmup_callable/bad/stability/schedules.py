class LinearWarmup:
    """Multiplier of the base rate while the run warms up."""

    def __init__(self, warmup_steps):
        self.warmup_steps = max(1, warmup_steps)

    def __call__(self, step):
        return max(1.0 / self.warmup_steps, (step + 1) / self.warmup_steps)
