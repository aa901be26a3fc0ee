class InverseSqrt:
    """Linear warm-up to the peak, then decay with the square root of the step."""

    def __init__(self, peak: float, warmup: int):
        self.peak = peak
        self.warmup = warmup

    def __call__(self, step: int) -> float:
        step += 1
        if step < self.warmup:
            return self.peak * step / self.warmup
        return self.peak * (self.warmup / step) ** 0.5
