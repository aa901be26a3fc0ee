import functools

import keras
import numpy as np
import tensorflow as tf

CLASSES = 6


def recordings(n, seed):
    rng = np.random.default_rng(seed)
    label = rng.integers(0, CLASSES, size=n)
    t = np.arange(64, dtype="float32")
    rate = 0.05 + 0.04 * label[:, None]
    phase = rng.uniform(0, 2 * np.pi, size=(n, 1))
    clean = np.sin(2 * np.pi * rate * t + phase) * np.sqrt(2.0)
    signal = (clean + rng.normal(0, 0.5, size=clean.shape)) / np.sqrt(1.25)
    return signal[..., None].astype("float32"), label.astype("int64")


def build():
    return keras.Sequential([
        keras.layers.Input((64, 1)),
        keras.layers.Conv1D(16, 5, padding="same", use_bias=False),
        keras.layers.BatchNormalization(),
        keras.layers.ReLU(),
        keras.layers.MaxPooling1D(4),
        keras.layers.Conv1D(32, 5, padding="same", activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(CLASSES),
    ])


def main():
    keras.utils.set_random_seed(2)
    train = tf.data.Dataset.from_tensor_slices(recordings(3200, seed=1)).shuffle(3200).batch(64)
    valid = tf.data.Dataset.from_tensor_slices(recordings(640, seed=2)).batch(128)

    model = build()
    forward = functools.partial(model, training=True)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimizer = keras.optimizers.Adam(learning_rate=1e-3)
    train_loss = keras.metrics.Mean()
    valid_loss = keras.metrics.Mean()
    valid_accuracy = keras.metrics.SparseCategoricalAccuracy()

    for epoch in range(12):
        for metric in (train_loss, valid_loss, valid_accuracy):
            metric.reset_state()

        for x, y in train:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, forward(x))
            gradients = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(gradients, model.trainable_variables))
            train_loss.update_state(loss)

        for x, y in valid:
            logits = forward(x, training=False)
            valid_loss.update_state(loss_fn(y, logits))
            valid_accuracy.update_state(y, logits)

        print(
            f"epoch {epoch}: train {float(train_loss.result()):.4f} "
            f"valid {float(valid_loss.result()):.4f} accuracy {float(valid_accuracy.result()):.3f}"
        )


if __name__ == "__main__":
    main()
