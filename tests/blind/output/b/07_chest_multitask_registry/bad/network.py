from torch import nn

from tasks import Task


class ChestNet(nn.Module):
    def __init__(self, tasks: dict[str, Task], width: int = 32):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, 7, stride=4, padding=3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Dropout(0.25),
        )
        self.heads = nn.ModuleDict(
            {
                name: nn.Sequential(nn.Linear(2 * width, task.n_out), task.activation())
                for name, task in tasks.items()
            }
        )

    def forward(self, image):
        features = self.features(image)
        return {name: head(features) for name, head in self.heads.items()}
