"""Fully connected digits. Exercise: how far does a plain MLP get?"""
from functools import partial

import keras
import numpy as np
from keras import layers

WIDTHS = (512, 256)
EPOCHS = 2 * 20

Hidden = partial(
    layers.Dense,
    activation="relu",
    kernel_initializer="he_normal",
    kernel_regularizer=keras.regularizers.L2(1e-4),
)


def load():
    (x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()
    x_train, x_test = (x.astype("float32") / 255.0 for x in (x_train, x_test))
    return (x_train, y_train), (x_test, y_test)


def build(widths=WIDTHS):
    inputs = keras.Input(shape=(28, 28), name="image")
    x = layers.Flatten()(inputs)
    for number, width in enumerate(widths, start=1):
        x = Hidden(width, name=f"hidden_{number}")(x)
    outputs = layers.Dense(10, activation="softmax", name="digit")(x)
    return keras.Model(inputs, outputs)


def confusion(truth, guess, n=10):
    table = np.zeros((n, n), dtype=int)
    np.add.at(table, (truth, guess), 1)
    return table


def main():
    keras.utils.set_random_seed(3)
    (x_train, y_train), (x_test, y_test) = load()
    order = np.random.permutation(len(x_train))
    held, kept = order[:6_000], order[6_000:]

    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(5e-4),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    log = keras.callbacks.CSVLogger("digits.csv")
    held_out = (x_train[held], y_train[held])
    model.fit(x_train[kept], y_train[kept], batch_size=128, epochs=EPOCHS, validation_data=held_out, callbacks=[log])

    guess = model.predict(x_test, verbose=0).argmax(axis=1)
    print("test accuracy:", (guess == y_test).mean())
    print(confusion(y_test, guess))


if __name__ == "__main__":
    main()
