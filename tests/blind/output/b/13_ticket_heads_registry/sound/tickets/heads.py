"""Task heads. Each maps the shared features to what the task is scored by."""
from typing import Callable, Dict, NamedTuple, Type

from torch import Tensor, nn

_HEADS: Dict[str, Type[nn.Module]] = {}


class HeadOutput(NamedTuple):
    scores: Tensor
    decision: Tensor


def register(kind: str) -> Callable[[Type[nn.Module]], Type[nn.Module]]:
    def wrap(cls: Type[nn.Module]) -> Type[nn.Module]:
        _HEADS[kind] = cls
        return cls

    return wrap


def build_head(kind: str, width: int, units: int) -> nn.Module:
    return _HEADS[kind](width, units)


@register("class")
class ClassHead(nn.Module):
    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, units)
        self.normalise = nn.Softmax(dim=-1)

    def forward(self, z: Tensor) -> HeadOutput:
        scores = self.proj(z)
        return HeadOutput(scores, self.normalise(scores).argmax(dim=-1))


@register("amount")
class AmountHead(nn.Module):
    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.proj = nn.Linear(width, units)

    def forward(self, z: Tensor) -> HeadOutput:
        value = self.proj(z).squeeze(-1)
        return HeadOutput(value, value)
