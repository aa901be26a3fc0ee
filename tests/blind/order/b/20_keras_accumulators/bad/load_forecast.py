"""Keras: electricity demand of the next day, small batches, gradients gathered over eight of them."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

PAST, AHEAD, GATHER, EPOCHS = 168, 24, 8, 10


def demand(hours=12_000, seed=3):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    level = 50 + 10 * np.sin(2 * np.pi * t / 24) + 4 * np.sin(2 * np.pi * t / 168)
    return (level + rng.normal(0.0, 1.5, size=hours)).astype("float32")


def windows(series):
    starts = np.arange(len(series) - PAST - AHEAD)
    x = np.stack([series[i : i + PAST] for i in starts])
    y = np.stack([series[i + PAST : i + PAST + AHEAD] for i in starts])
    return x[..., None], y


def build():
    inputs = keras.Input((PAST, 1))
    h = layers.Conv1D(24, 7, strides=2, activation="relu")(inputs)
    h = layers.Conv1D(32, 7, strides=2, activation="relu")(h)
    h = layers.Flatten()(h)
    h = layers.Dropout(0.2)(h)
    h = layers.Dense(32, activation="relu")(h)
    return keras.Model(inputs, layers.Dense(AHEAD)(h))


def blank(variables):
    return [tf.zeros(v.shape) for v in variables]


def main():
    keras.utils.set_random_seed(0)
    series = demand()
    cut = 9_600
    mean, std = series[:cut].mean(), series[:cut].std()
    series = (series - mean) / std
    train = tf.data.Dataset.from_tensor_slices(windows(series[:cut])).shuffle(10_000).batch(8)
    valid = tf.data.Dataset.from_tensor_slices(windows(series[cut:])).batch(128)

    model = build()
    weights = model.trainable_variables
    loss_fn = keras.losses.MeanSquaredError()
    optimizer = keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)

    for epoch in range(EPOCHS):
        gathered = blank(weights)
        for i, (x, y) in enumerate(train, start=1):
            with tf.GradientTape() as tape:
                loss = loss_fn(y, model(x, training=True))
            gathered = [g + d for g, d in zip(gathered, tape.gradient(loss, weights))]  # expect: unscaled-accumulation
            if i % GATHER == 0:
                optimizer.apply_gradients(zip(gathered, weights))
                gathered = blank(weights)

        score = keras.metrics.MeanSquaredError()
        for x, y in valid:
            score.update_state(y, model(x, training=False))
        print(f"epoch {epoch}: last {float(loss):.4f}  held out {float(score.result()):.4f}")


if __name__ == "__main__":
    main()
