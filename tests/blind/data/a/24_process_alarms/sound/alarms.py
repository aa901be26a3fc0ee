"""Which of six plant faults does a window of process readings belong to?"""
import os

import keras
from keras import layers
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

RUN_DIR = "runs/alarms"
N_FAULTS = 6
EPOCHS = 60


def readings():
    x, y = make_classification(
        n_samples=9000, n_features=320, n_informative=40, n_redundant=60,
        n_classes=N_FAULTS, class_sep=1.2, random_state=11,
    )
    x_fit, x_test, y_fit, y_test = train_test_split(x, y, test_size=0.2, stratify=y, random_state=1)
    x_fit, x_val, y_fit, y_val = train_test_split(x_fit, y_fit, test_size=0.2, stratify=y_fit, random_state=2)
    scaler = StandardScaler().fit(x_fit)
    parts = ((x_fit, y_fit), (x_val, y_val), (x_test, y_test))
    return [(scaler.transform(part).astype("float32"), target) for part, target in parts]


def network(n_features):
    return keras.Sequential([
        keras.Input((n_features,)),
        layers.Dense(512, activation="relu"),
        layers.Dense(256, activation="relu"),
        layers.Dense(N_FAULTS, activation="softmax"),
    ])


def watchers(folder, every_epoch):
    """Log, tame the step on plateaus and store weights while training runs."""
    name = "epoch{epoch:02d}.weights.h5" if every_epoch else "alarms.weights.h5"
    keeper = keras.callbacks.ModelCheckpoint(
        os.path.join(folder, name),
        monitor="val_loss",
        save_weights_only=True,
        save_best_only=not every_epoch,
    )
    logger = keras.callbacks.CSVLogger(os.path.join(folder, "log.csv"))
    plateau = keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=5, min_lr=1e-5)
    return [logger, plateau, keeper]


def main():
    os.makedirs(RUN_DIR, exist_ok=True)
    (x_fit, y_fit), (x_val, y_val), (x_test, y_test) = readings()
    model = network(x_fit.shape[1])
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    callbacks = watchers(RUN_DIR, every_epoch=False)
    model.fit(x_fit, y_fit, batch_size=64, epochs=EPOCHS, validation_data=(x_val, y_val), callbacks=callbacks)
    model.load_weights(os.path.join(RUN_DIR, "alarms.weights.h5"))
    loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"test loss {loss:.3f}, accuracy {accuracy:.3f}")


if __name__ == "__main__":
    main()
