from functools import partial

from torch.optim import SGD, AdamW

OPTIMIZERS = {
    "sgd": partial(SGD, momentum=0.9, nesterov=True),
    "adamw": partial(AdamW, betas=(0.9, 0.99)),
}


def build_optimizer(model, spec):
    return OPTIMIZERS[spec["name"]](
        model.parameters(),
        lr=spec["lr"],  # expect: learning-rate-too-high
        weight_decay=spec["weight_decay"],
    )
