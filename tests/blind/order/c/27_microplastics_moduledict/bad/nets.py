from torch import nn

POLYMERS = ("PE", "PP", "PS", "PET", "PVC", "PA", "none")


def conv_block(c_in, c_out):
    return [nn.Conv1d(c_in, c_out, 11, stride=4, padding=5), nn.BatchNorm1d(c_out), nn.ReLU()]


def build_encoder():
    return nn.Sequential(
        *conv_block(1, 16),
        *conv_block(16, 32),
        nn.AdaptiveAvgPool1d(8),
        nn.Flatten(),
    )


def build_head():
    return nn.Sequential(
        nn.Linear(32 * 8, 64),
        nn.ReLU(),
        nn.Dropout(0.4),
        nn.Linear(64, len(POLYMERS)),
    )


def build():
    return nn.ModuleDict({"encoder": build_encoder(), "head": build_head()})
