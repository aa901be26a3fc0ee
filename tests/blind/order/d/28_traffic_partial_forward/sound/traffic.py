"""Loop-detector speed forecast, custom Keras loop with GradientTape."""
import functools

import keras
import numpy as np
import tensorflow as tf
from keras import layers

HISTORY, DETECTORS, BATCH = 24, 6, 64

keras.utils.set_random_seed(2)


def detector_data(days=60):
    rng = np.random.default_rng(9)
    t = np.arange(days * 96)
    base = np.sin(2 * np.pi * t / 96)[:, None] * np.linspace(0.5, 1.5, DETECTORS)
    speed = 80 - 15 * base + rng.normal(scale=3.0, size=base.shape)
    cut = int(0.8 * len(t))
    mean, std = speed[:cut].mean(axis=0), speed[:cut].std(axis=0)
    speed = ((speed - mean) / std).astype("float32")
    x = np.stack([speed[i:i + HISTORY] for i in range(len(t) - HISTORY)])
    y = speed[HISTORY:, :1]
    cut -= HISTORY
    return (x[:cut], y[:cut]), (x[cut:], y[cut:])


(x_train, y_train), (x_test, y_test) = detector_data()
train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train)).batch(BATCH)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(256)

model = keras.Sequential([
    keras.Input((HISTORY, DETECTORS)),
    layers.GRU(48),
    layers.Dropout(0.25),
    layers.Dense(32, activation="relu"),
    layers.Dense(1),
])
forward = functools.partial(model, training=True)
optimizer = keras.optimizers.Adam(learning_rate=1e-3)
loss_fn = keras.losses.Huber()
train_loss = keras.metrics.Mean()
test_mae = keras.metrics.MeanAbsoluteError()


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, forward(x))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    train_loss.update_state(loss)


@tf.function
def test_step(x, y):
    prediction = forward(x, training=False)
    test_mae.update_state(y, prediction)


for epoch in range(15):
    train_loss.reset_state()
    test_mae.reset_state()
    for x, y in train_ds:
        train_step(x, y)
    for x, y in test_ds:
        test_step(x, y)
    print(f"epoch {epoch + 1}: loss {float(train_loss.result()):.4f}, test MAE {float(test_mae.result()):.4f}")
