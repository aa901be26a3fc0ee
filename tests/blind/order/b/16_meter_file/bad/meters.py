from collections import defaultdict


class Meter:
    """A running mean, weighted by the size of the batch."""

    def __init__(self):
        self.reset()

    def reset(self):
        self.sum = 0.0
        self.count = 0

    def update(self, value, n=1):
        self.sum += value * n  # expect: loss-keeps-graph
        self.count += n

    @property
    def mean(self):
        return float(self.sum) / max(self.count, 1)


class Board:
    def __init__(self):
        self.meters = defaultdict(Meter)

    def log(self, n, **values):
        for name, value in values.items():
            self.meters[name].update(value, n)

    def flush(self):
        line = "  ".join(f"{name} {meter.mean:.4f}" for name, meter in self.meters.items())
        for meter in self.meters.values():
            meter.reset()
        return line
