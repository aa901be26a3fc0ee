from torch.optim import AdamW
from torch.optim.lr_scheduler import CosineAnnealingLR


def make_optimizer(model, settings):
    return AdamW(model.parameters(), lr=settings["lr"], weight_decay=settings["decay"])


def make_scheduler(optimizer, settings):
    return CosineAnnealingLR(optimizer, T_max=settings["epochs"])
