from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class OptimConfig:
    base_lr: float = 0.02
    base_batch: int = 32
    weight_decay: float = 1e-4


@dataclass(frozen=True)
class LoaderConfig:
    batch_size: int = 32
    seq_len: int = 40
    vocab_size: int = 5000


@dataclass(frozen=True)
class Experiment:
    optim: OptimConfig = field(default_factory=OptimConfig)
    loader: LoaderConfig = field(default_factory=LoaderConfig)
    epochs: int = 8
    num_classes: int = 4

    @property
    def lr(self) -> float:
        """Linear scaling rule."""
        return self.optim.base_lr * self.loader.batch_size / self.optim.base_batch


def large_batch(exp: Experiment, times: int = 8) -> Experiment:
    loader = replace(exp.loader, batch_size=exp.loader.batch_size * times)
    return replace(exp, loader=loader)
