import torch


class Episodes:
    """Draws N-way K-shot tasks from a set of classes, each a Gaussian cloud on a curved sheet."""

    def __init__(self, n_classes, dim, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.centres = torch.randn(n_classes, dim, generator=self.generator)

    def _rows(self, classes, each):
        base = self.centres[classes].repeat_interleave(each, dim=0)
        return torch.tanh(base) + 0.6 * torch.randn(base.shape, generator=self.generator)

    def draw(self, way, shot, queries):
        classes = torch.randperm(len(self.centres), generator=self.generator)[:way]
        target = torch.arange(way).repeat_interleave(queries)
        return self._rows(classes, shot), self._rows(classes, queries), target
