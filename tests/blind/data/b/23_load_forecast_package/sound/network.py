from torch import Tensor, nn

from settings import Settings


class LoadForecaster(nn.Module):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Flatten()]
        width = settings.history * settings.channels
        for units in settings.hidden:
            layers += [nn.Linear(width, units), nn.GELU()]
            if settings.drop > 0:
                layers.append(nn.Dropout(settings.drop))
            width = units
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(width, settings.horizon)

    def forward(self, past: Tensor) -> Tensor:
        return self.head(self.body(past))
