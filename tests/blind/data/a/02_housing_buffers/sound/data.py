"""California housing, cut into three parts of float32 tensors."""
from typing import NamedTuple

import torch
from sklearn.datasets import fetch_california_housing
from sklearn.model_selection import train_test_split
from torch import Tensor


class Part(NamedTuple):
    x: Tensor
    y: Tensor


def load_parts(seed: int = 0) -> tuple[Part, Part, Part]:
    bunch = fetch_california_housing()
    x = bunch.data.astype("float32")
    y = bunch.target.astype("float32")
    x_fit, x_test, y_fit, y_test = train_test_split(x, y, test_size=0.2, random_state=seed)
    x_fit, x_val, y_fit, y_val = train_test_split(x_fit, y_fit, test_size=0.125, random_state=seed)
    pairs = [(x_fit, y_fit), (x_val, y_val), (x_test, y_test)]
    train, val, test = (Part(torch.from_numpy(a), torch.from_numpy(b)) for a, b in pairs)
    return train, val, test
