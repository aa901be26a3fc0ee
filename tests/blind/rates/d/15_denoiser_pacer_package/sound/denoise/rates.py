"""Small rules that turn one learning rate into the next."""


def grow(lr, by, ceiling):
    return min(lr * by, ceiling)


def shrink(lr, by, floor):
    return max(lr / by, floor)
