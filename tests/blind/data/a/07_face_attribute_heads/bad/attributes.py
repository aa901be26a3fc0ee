"""Several attributes of a face from one trunk; each attribute has a head of its own."""
from typing import NamedTuple

import numpy as np
from tensorflow import keras
from tensorflow.keras import layers


class Attribute(NamedTuple):
    name: str
    units: int

    @property
    def loss(self) -> str:
        return "binary_crossentropy" if self.units == 1 else "sparse_categorical_crossentropy"

    @property
    def weight(self) -> float:
        return 0.5 if self.units == 1 else 1.0


ATTRIBUTES = [
    Attribute("hair_colour", 5),
    Attribute("smiling", 1),
    Attribute("age_group", 4),
]


def trunk(pixels):
    x = pixels
    for filters in (32, 64, 128):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling2D()(x)
    return layers.GlobalAveragePooling2D()(x)


def head(features, attribute: Attribute):
    x = layers.Dense(64, activation="relu")(features)
    x = layers.Dropout(0.3)(x)
    return layers.Dense(attribute.units, activation="softmax", name=attribute.name)(x)  # expect: softmax-over-one-unit


def build(side: int = 64) -> keras.Model:
    pixels = keras.Input((side, side, 3))
    features = trunk(pixels)
    outputs = {a.name: head(features, a) for a in ATTRIBUTES}
    model = keras.Model(pixels, outputs, name="faces")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss={a.name: a.loss for a in ATTRIBUTES},
        loss_weights={a.name: a.weight for a in ATTRIBUTES},
        metrics={a.name: "accuracy" for a in ATTRIBUTES},
    )
    return model


def load(path: str):
    with np.load(path) as archive:
        images = archive["images"].astype("float32") / 255.0
        labels = {a.name: archive[a.name].astype("int32").reshape(-1, 1) for a in ATTRIBUTES}
    return images, labels


def main() -> None:
    x_train, y_train = load("faces_train.npz")
    model = build()
    model.fit(x_train, y_train, batch_size=64, epochs=25, validation_data=load("faces_val.npz"))
    x_test, y_test = load("faces_test.npz")
    for key, value in model.evaluate(x_test, y_test, return_dict=True).items():
        print(f"{key:28s} {value:.4f}")


if __name__ == "__main__":
    main()
