from typing import Dict, Mapping, Tuple

from torch import Tensor, nn

from .heads import HeadOutput, build_head


class TicketNet(nn.Module):
    def __init__(self, n_features: int, tasks: Mapping[str, Tuple[str, int]], width: int = 64) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(n_features, width),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(width, width),
            nn.ReLU(),
        )
        self.heads = nn.ModuleDict({name: build_head(kind, width, units) for name, (kind, units) in tasks.items()})

    def forward(self, x: Tensor) -> Dict[str, HeadOutput]:
        z = self.trunk(x)
        return {name: head(z) for name, head in self.heads.items()}
