from torch import nn


class BearingNet(nn.Module):
    """Fault class of a roller bearing from one vibration channel."""

    def __init__(self, faults=4, widths=(16, 32, 64)):
        super().__init__()
        stages, previous = [], 1
        for w in widths:
            stages.append(nn.Sequential(
                nn.Conv1d(previous, w, 15, stride=4, padding=7, bias=False),
                nn.BatchNorm1d(w),
                nn.GELU(),
            ))
            previous = w
        self.stages = nn.ModuleList(stages)
        self.head = nn.Linear(previous, faults)

    def forward(self, x):
        for stage in self.stages:
            x = stage(x)
        return self.head(x.mean(dim=-1))
