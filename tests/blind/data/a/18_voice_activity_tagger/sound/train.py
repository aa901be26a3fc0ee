import keras
import numpy as np

import settings
from tagger import FrameTagger, loss_for


def load(path):
    """`x`: (windows, context, mels) log-mel; `y`: (windows, tags) with 0.0 and 1.0."""
    with np.load(path) as archive:
        return archive["x"].astype("float32"), archive["y"].astype("float32")


def main():
    keras.utils.set_random_seed(21)
    x_train, y_train = load("intercom_train.npz")
    x_valid, y_valid = load("intercom_valid.npz")

    mean = x_train.mean(axis=(0, 1))
    std = x_train.std(axis=(0, 1)) + 1e-6
    x_train = (x_train - mean) / std
    x_valid = (x_valid - mean) / std

    model = FrameTagger(settings.TAGS)
    model.build((None, settings.CONTEXT, settings.MELS))
    model.compile(
        optimizer=keras.optimizers.Adam(settings.TRAINING["learning_rate"]),
        loss=loss_for(settings.TAGS, settings.EXCLUSIVE),
    )
    model.fit(
        x_train,
        y_train,
        validation_data=(x_valid, y_valid),
        batch_size=settings.TRAINING["batch_size"],
        epochs=settings.TRAINING["epochs"],
        callbacks=[keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)],
    )
    model.save_weights("intercom.weights.h5")
    np.savez("intercom_scale.npz", mean=mean, std=std)


if __name__ == "__main__":
    main()
