class Hook:
    """Does nothing; subclasses answer the events they care about."""

    def on_epoch_start(self, run):
        pass

    def on_batch_start(self, run):
        pass

    def on_batch_end(self, run):
        pass


class ClearGradients(Hook):
    def on_batch_start(self, run):
        run.optimizer.zero_grad(set_to_none=True)


class LossMeter(Hook):
    def __init__(self):
        self.total, self.count = 0.0, 0

    def on_epoch_start(self, run):
        self.total, self.count = 0.0, 0

    def on_batch_end(self, run):
        self.total += run.loss.item()
        self.count += 1

    @property
    def mean(self):
        return self.total / max(self.count, 1)
