"""Small rules that turn one learning rate into the next."""


def grow(lr, by):
    return lr * by


def shrink(lr, by, floor):
    return max(lr / by, floor)
