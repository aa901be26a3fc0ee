"""What the last layer looks like for each of the shop's questions."""
from __future__ import annotations

import dataclasses

from keras import layers


@dataclasses.dataclass(frozen=True)
class Head:
    units: int
    activation: str | None
    loss: str = "categorical_crossentropy"
    metric: str = "AUC"

    def build(self) -> layers.Layer:
        return layers.Dense(self.units, activation=self.activation, name="head")


HEADS = {
    "return_reason": Head(units=6, activation="softmax", metric="categorical_accuracy"),
    "returned": Head(units=1, activation="sigmoid"),
    "basket_value": Head(units=1, activation=None, loss="huber", metric="mae"),
}
