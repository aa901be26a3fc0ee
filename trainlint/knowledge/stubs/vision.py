"""torchvision.transforms: transforms made of others."""

from trainlint import anything, guarded


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, *inputs):
        outputs = inputs[0] if len(inputs) == 1 else inputs
        for transform in self.transforms:
            outputs = transform(*inputs)
            inputs = outputs if len(inputs) > 1 else (outputs,)
        return outputs


class RandomApply:
    def __init__(self, transforms, p=0.5):
        guarded("augmentation")
        self.transforms = transforms

    def __call__(self, image):
        if anything("chance"):
            for transform in self.transforms:
                image = transform(image)
        return image


class RandomChoice:
    def __init__(self, transforms, p=None):
        guarded("augmentation")
        self.transforms = transforms

    def __call__(self, image):
        for transform in self.transforms:
            if anything("chance"):
                image = transform(image)
        return image


class Lambda:
    def __init__(self, lambd, *types):
        self.lambd = lambd

    def __call__(self, *inputs):
        return self.lambd(*inputs)


class Crops:
    def __init__(self, size, vertical_flip=False):
        self.size = size

    def __call__(self, image):
        return tuple([image for _ in range(5)])
