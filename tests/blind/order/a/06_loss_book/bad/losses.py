"""Bookkeeping for losses of several terms."""


class LossBook:
    """Takes the terms of one batch, weighs them, closes the batch and remembers the sums."""

    def __init__(self, **weights):
        self.weights = weights
        self.terms = {}
        self.sums = {}
        self.batches = 0

    def add(self, name, value):
        self.terms[name] = value

    def close(self):
        total = sum(self.weights[name] * value for name, value in self.terms.items())
        for name, value in {**self.terms, "total": total}.items():
            self.sums[name] = self.sums.get(name, 0.0) + value.item()
        self.batches += 1
        self.terms = {}

    def summary(self):
        means = {name: value / self.batches for name, value in self.sums.items()}
        self.sums, self.batches = {}, 0
        return means
