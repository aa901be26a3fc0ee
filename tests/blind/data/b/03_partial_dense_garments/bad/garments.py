"""Sort the web shop's product photos into ten garment types with a dense network."""
from functools import partial, reduce

import keras
import numpy as np
from keras import layers

GARMENTS = [
    "t-shirt", "trouser", "pullover", "dress", "coat",
    "sandal", "shirt", "sneaker", "bag", "boot",
]
WIDTHS = {"small": (64,), "medium": (256, 128), "large": (1024, 512, 256)}
SCHEDULE = {"draft": 3, "full": 60}

hidden = partial(
    layers.Dense,
    activation="relu",
    kernel_initializer="he_normal",
)


def garment_network(size):
    pixels = keras.Input((28, 28), name="pixels")
    flat = layers.Flatten()(layers.Rescaling(1.0 / 127.5, offset=-1.0)(pixels))
    top = reduce(lambda below, units: hidden(units)(below), WIDTHS[size], flat)
    scores = layers.Dense(len(GARMENTS), name="scores")(top)
    return keras.Model(pixels, scores, name=f"garments_{size}")


def watchers(log_file):
    yield keras.callbacks.CSVLogger(log_file)
    yield keras.callbacks.TerminateOnNaN()
    yield keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: print(f"{epoch}: gap {logs['val_loss'] - logs['loss']:+.3f}")
    )


def confusion(labels, guesses):
    table = np.zeros((len(GARMENTS), len(GARMENTS)), dtype=int)
    np.add.at(table, (labels, guesses), 1)
    return table


def main(size="large", schedule="full"):
    keras.utils.set_random_seed(5)
    (x_train, y_train), (x_test, y_test) = keras.datasets.fashion_mnist.load_data()
    model = garment_network(size)
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=5e-4),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.summary()
    settings = dict(batch_size=128, validation_split=0.1, verbose=0)
    model.fit(x_train, y_train, epochs=SCHEDULE[schedule], callbacks=list(watchers("garments.csv")), **settings)  # expect: missing-dropout

    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"test loss {loss:.3f}, accuracy {accuracy:.3f}")
    print(confusion(y_test, model.predict(x_test, verbose=0).argmax(axis=1)))
    model.save("garments.keras")


if __name__ == "__main__":
    main()
