import math


def exponential(start, decay):
    def rate(epoch):
        return start * decay ** epoch
    return rate


def half_cosine(start, epochs):
    def rate(epoch):
        return start * 0.5 * (1 + math.cos(math.pi * epoch / epochs))
    return rate
