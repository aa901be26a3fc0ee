"""JAX: functions that give the gradient of another one."""

from trainlint import anything, derive


class WithGradient:
    def __init__(self, fun, argnums=0, has_aux=False, *args, **kwargs):
        self.fun = fun
        self.has_aux = has_aux

    def __call__(self, *args, **kwargs):
        result = self.fun(*args, **kwargs)
        loss = result[0] if self.has_aux else result
        return (result, derive(loss, anything("weights")))


class Gradient(WithGradient):
    def __call__(self, *args, **kwargs):
        result = self.fun(*args, **kwargs)
        if self.has_aux:
            return (derive(result[0], anything("weights")), result[1])
        return derive(result, anything("weights"))
