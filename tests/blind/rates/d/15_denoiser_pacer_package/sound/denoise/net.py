from torch import nn


class FrameDenoiser(nn.Module):
    """Three frames of a log spectrum in, the clean middle frame out."""

    def __init__(self, bins=129, context=3, width=160):
        super().__init__()
        self.body = nn.Sequential(
            nn.Flatten(),
            nn.Linear(bins * context, width), nn.LayerNorm(width), nn.SiLU(), nn.Dropout(0.1),
            nn.Linear(width, width), nn.LayerNorm(width), nn.SiLU(), nn.Dropout(0.1),
        )
        self.out = nn.Linear(width, bins)

    def forward(self, frames):
        return frames[:, frames.size(1) // 2] + self.out(self.body(frames))
