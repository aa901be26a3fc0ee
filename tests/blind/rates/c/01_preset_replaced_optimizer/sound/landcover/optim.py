import torch

_BUILDERS = {}


def register(name):
    def add(fn):
        _BUILDERS[name] = fn
        return fn

    return add


@register("sgd")
def _sgd(params, s):
    return torch.optim.SGD(params, lr=s.base_lr, momentum=0.9, nesterov=True, weight_decay=s.weight_decay)


@register("adamw")
def _adamw(params, s):
    return torch.optim.AdamW(params, lr=s.base_lr, weight_decay=s.weight_decay)


def build_optimizer(model, settings):
    return _BUILDERS[settings.optimizer](model.parameters(), settings)
