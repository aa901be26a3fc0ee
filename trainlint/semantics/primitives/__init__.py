"""What operations do to tensors, by the names under which the knowledge files refer to them."""

from trainlint.semantics.primitives import (
    curves,
    data,
    elementwise,
    layers,
    operators,
    reductions,
    selection,
    sources,
    tables,
)
from trainlint.semantics.primitives.base import BENDING, LOG_PROBABILITIES, PRIMITIVES, PROBABILITIES, Use, make, tensor

__all__ = [
    "BENDING",
    "LOG_PROBABILITIES",
    "PRIMITIVES",
    "PROBABILITIES",
    "Use",
    "curves",
    "data",
    "elementwise",
    "layers",
    "make",
    "operators",
    "reductions",
    "selection",
    "sources",
    "tables",
    "tensor",
]
