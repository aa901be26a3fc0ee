from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

Output = dict[str, Tensor]
OBJECTIVES: dict[str, Callable[[Output, Tensor], Tensor]] = {}


def register(function):
    OBJECTIVES[function.__name__.removesuffix("_objective")] = function
    return function


@register
def clip_objective(output: Output, tags: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(output["clipwise"], tags)
