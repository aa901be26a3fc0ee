class PlateauKick:
    """Shake the weights out of a flat region: a stalled loss gets larger steps."""

    def __init__(self, optimizer, patience, strength):
        self.optimizer = optimizer
        self.patience = patience
        self.strength = strength
        self.best = float("inf")
        self.stalled = 0

    def observe(self, loss):
        self.stalled = 0 if loss < self.best else self.stalled + 1
        self.best = min(self.best, loss)
        if self.stalled >= self.patience:
            self.stalled = 0
            self._kick()

    def _kick(self):
        for group in self.optimizer.param_groups:
            group["lr"] *= self.strength  # expect: unbounded-learning-rate
