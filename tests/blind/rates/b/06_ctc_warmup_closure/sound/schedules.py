"""Multipliers for LambdaLR."""


def constant():
    return lambda step: 1.0


def warmup(steps):
    """Ramp the rate up over the given number of steps."""

    def factor(step):
        done = step + 1
        if done > steps:
            return (steps / done) ** 0.5
        return done / steps

    return factor


KINDS = {"constant": constant, "warmup": warmup}
