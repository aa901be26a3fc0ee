# Bearing faults from vibration spectra: pre-train an encoder on unlabelled
# recordings, then train the classifier on the few labelled ones.
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(8)
BINS, FAULTS = 64, 4
rng = np.random.default_rng(8)


def spectra(n):
    fault = rng.integers(FAULTS, size=n)
    bins = np.arange(BINS)
    peak = 10 + 12 * fault + rng.normal(0, 1.5, n)
    shape = np.exp(-(((bins - peak[:, None]) / 3.0) ** 2)) + 0.5 * np.exp(-(((bins - 5) / 2.0) ** 2))
    return (shape + rng.normal(0, 0.15, (n, BINS))).astype("float32"), fault


x_pool, _ = spectra(5000)
x_train, y_train = spectra(800)
x_val, y_val = spectra(400)

mean, std = x_pool.mean(axis=0), x_pool.std(axis=0)
x_pool, x_train, x_val = [(x - mean) / std for x in (x_pool, x_train, x_val)]

encoder = keras.Sequential(
    [keras.Input((BINS,)), layers.Dense(48, activation="relu"), layers.Dense(16, activation="relu")]
)
autoencoder = keras.Sequential(
    [keras.Input((BINS,)), encoder, layers.Dense(48, activation="relu"), layers.Dense(BINS)]
)
autoencoder.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse")
autoencoder.fit(x_pool, x_pool, batch_size=100, epochs=20, validation_data=(x_val, x_val), verbose=2)

classifier = keras.Sequential(
    [keras.Input((BINS,)), encoder, layers.Dropout(0.2), layers.Dense(FAULTS)]
)

for epoch in range(20):
    classifier.compile(
        optimizer=keras.optimizers.Adam(1e-3 * 0.9**epoch),  # expect: optimizer-in-loop
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    classifier.fit(
        x_train, y_train, batch_size=40, epochs=epoch + 1, initial_epoch=epoch,
        validation_data=(x_val, y_val), verbose=2,
    )

classifier.save("bearings.keras")
