class Pacer:
    """Lets the optimizer take longer steps as long as the held-out loss improves."""

    def __init__(self, optimizer, rule, patience=0):
        self.optimizer = optimizer
        self.rule = rule
        self.patience = patience
        self.best = float("inf")
        self.good = 0

    def observe(self, loss):
        if loss >= self.best:
            self.good = 0
            return
        self.best = loss
        self.good += 1
        if self.good > self.patience:
            for group in self.optimizer.param_groups:
                group["lr"] = self.rule(group["lr"])

    @property
    def rate(self):
        return self.optimizer.param_groups[0]["lr"]
