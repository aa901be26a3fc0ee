from typing import NamedTuple

VOCAB = 4000
TAGS = 9
SENTENCE = 24


class Recipe(NamedTuple):
    base: float = 1e-4
    batch: int = 128
    accumulate: int = 16

    def per_example(self) -> float:
        return self.base / (self.batch * self.accumulate)


RECIPE = Recipe()
PEAK = 2e-3
WARMUP = 40
