"""Scores docking poses from interaction fingerprints."""
from torch import Tensor, nn


class PoseScorer(nn.Module):
    """One number for each pose: (..., n_features) -> (..., 1)."""

    def __init__(self, n_features: int, width: int = 96, drop: float = 0.2):
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Linear(n_features, width),
            nn.LayerNorm(width),
            nn.GELU(),
            nn.Dropout(drop),
            nn.Linear(width, width // 2),
            nn.GELU(),
        )
        self.score = nn.Linear(width // 2, 1)

    def forward(self, poses: Tensor) -> Tensor:
        return self.score(self.trunk(poses))
