"""albumentations: every transform takes its targets by name and gives them back under the same names."""

from torch import from_numpy
from trainlint import anything, augmenting, normalized, rescaled, standardised


class Compose:
    def __init__(self, transforms, *args, **kwargs):
        self.transforms = transforms

    def __call__(self, *args, force_apply=False, **data):
        for transform in self.transforms:
            data = transform(**data)
        return data


class OneOf(Compose):
    def __call__(self, *args, force_apply=False, **data):
        for transform in self.transforms:
            if not isinstance(transform, (Plain, Random)):
                return anything("one of several transforms")
        return data


class Plain:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, force_apply=False, **data):
        return data


class Random:
    def __init__(self, *args, **kwargs):
        augmenting()

    def __call__(self, *args, force_apply=False, **data):
        return data


class Normalize:
    def __init__(
        self,
        mean=(0.485, 0.456, 0.406),
        std=(0.229, 0.224, 0.225),
        max_pixel_value=255.0,
        normalization="standard",
        *args,
        **kwargs,
    ):
        self.mean = mean
        self.std = std
        self.max_pixel_value = max_pixel_value
        self.normalization = normalization

    def __call__(self, *args, force_apply=False, **data):
        if self.normalization == "standard":
            data["image"] = normalized(self, data["image"], self.mean, self.std, self.max_pixel_value)
        else:
            data["image"] = standardised(self, data["image"])
        return data


class ToFloat:
    def __init__(self, max_value=None, *args, **kwargs):
        self.max_value = 255.0 if max_value is None else max_value

    def __call__(self, *args, force_apply=False, **data):
        data["image"] = rescaled(self, data["image"], 1.0 / self.max_value)
        return data


class ToTensor:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, *args, force_apply=False, **data):
        data["image"] = from_numpy(data["image"])
        return data
