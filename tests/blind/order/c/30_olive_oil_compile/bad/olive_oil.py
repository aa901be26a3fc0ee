import keras
import numpy as np
from keras import layers

BANDS = 150
EPOCHS = 40
rng = np.random.default_rng(12)


def bottles(n):
    """Near-infrared spectra of olive oil cut with some share of hazelnut oil."""
    share = rng.uniform(0, 1, size=(n, 1))
    pure = np.sin(np.linspace(0, 9, BANDS))
    cut = np.sin(np.linspace(0, 9, BANDS) + 0.6)
    spectra = (1 - share) * pure + share * cut + 0.05 * rng.normal(size=(n, BANDS))
    return spectra.astype("float32"), share.astype("float32")


def build():
    return keras.Sequential(
        [
            keras.Input((BANDS,)),
            layers.Dense(48, activation="relu"),
            layers.Dropout(0.1),
            layers.Dense(24, activation="relu"),
            layers.Dense(1),
        ]
    )


def prepare(model):
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])  # expect: optimizer-in-loop
    return model


def jitter(x, level):
    return x + level * rng.normal(size=x.shape).astype("float32")


x_train, y_train = bottles(1200)
x_valid, y_valid = bottles(300)
x_test, y_test = bottles(300)
centre, spread = x_train.mean(axis=0), x_train.std(axis=0)
x_train, x_valid, x_test = [(x - centre) / spread for x in (x_train, x_valid, x_test)]

model = build()
for epoch in range(EPOCHS):
    level = 0.2 * (1 - epoch / EPOCHS)
    log = prepare(model).fit(
        jitter(x_train, level),
        y_train,
        batch_size=32,
        epochs=1,
        validation_data=(x_valid, y_valid),
        verbose=0,
    )
    print(epoch, round(level, 3), log.history["val_mae"][-1])

print("held-out bottles:", model.evaluate(x_test, y_test, verbose=0))
