"""Keras custom loop: sentiment of token sequences."""
import functools

import keras
import numpy as np
import tensorflow as tf
from keras import layers

VOCAB, STEPS, EPOCHS = 4000, 60, 8


def corpus(n, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, size=n)
    tokens = rng.integers(1, VOCAB, size=(n, STEPS))
    hints = rng.random((n, STEPS)) < 0.2
    tokens = np.where(hints, 10 + 50 * labels[:, None] + tokens % 50, tokens)
    return tokens.astype("int32"), labels.astype("float32")[:, None]


def build():
    return keras.Sequential([
        keras.Input((STEPS,), dtype="int32"),
        layers.Embedding(VOCAB, 32),
        layers.SpatialDropout1D(0.2),
        layers.Bidirectional(layers.LSTM(24)),
        layers.Dropout(0.4),
        layers.Dense(1),
    ])


def evaluate(apply, batches, loss_fn):
    loss = keras.metrics.Mean()
    hits = keras.metrics.BinaryAccuracy()
    for x, y in batches:
        logits = apply(x)  # expect: missing-eval-mode
        loss.update_state(loss_fn(y, logits))
        hits.update_state(y, tf.sigmoid(logits))
    return float(loss.result()), float(hits.result())


def main():
    keras.utils.set_random_seed(4)
    train = tf.data.Dataset.from_tensor_slices(corpus(4000, 0)).shuffle(4000).batch(32)
    valid = tf.data.Dataset.from_tensor_slices(corpus(800, 1)).batch(100)

    model = build()
    optimizer = keras.optimizers.Adam(1e-3)
    loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)
    forward = functools.partial(model, training=True)

    for epoch in range(EPOCHS):
        for x, y in train:
            with tf.GradientTape() as tape:
                loss = loss_fn(y, forward(x))
            grads = tape.gradient(loss, model.trainable_variables)
            optimizer.apply_gradients(zip(grads, model.trainable_variables))

        valid_loss, valid_acc = evaluate(forward, valid, loss_fn)
        print(f"epoch {epoch}: loss {valid_loss:.4f}  accuracy {valid_acc:.3f}")

    model.save("reviews.keras")


if __name__ == "__main__":
    main()
