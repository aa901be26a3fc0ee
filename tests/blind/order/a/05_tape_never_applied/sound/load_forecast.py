"""Hourly electric load: the next hour from the last two days. Plain GradientTape loop."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

WINDOW = 48
EPOCHS = 25


def load_curve(hours, seed):
    rng = np.random.default_rng(seed)
    t = np.arange(hours)
    daily = np.sin(2 * np.pi * t / 24) + 0.4 * np.sin(2 * np.pi * t / 168)
    noise = np.zeros(hours)
    for i in range(1, hours):
        noise[i] = 0.8 * noise[i - 1] + 0.1 * rng.standard_normal()
    return 300.0 + 80.0 * (daily + noise)


def windows(series):
    x = np.lib.stride_tricks.sliding_window_view(series[:-1], WINDOW)[..., None]
    y = series[WINDOW:, None]
    return x.astype("float32"), y.astype("float32")


series = load_curve(9000, seed=4)
past, future = series[:7500], series[7500:]
mean, std = past.mean(), past.std()
x_train, y_train = windows((past - mean) / std)
x_test, y_test = windows((future - mean) / std)

train_ds = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(len(x_train)).batch(64)
test_ds = tf.data.Dataset.from_tensor_slices((x_test, y_test)).batch(256)

model = keras.Sequential([
    keras.Input((WINDOW, 1)),
    layers.Conv1D(16, 5, padding="causal", activation="relu"),
    layers.Conv1D(32, 5, padding="causal", activation="relu"),
    layers.GlobalAveragePooling1D(),
    layers.Dropout(0.1),
    layers.Dense(32, activation="relu"),
    layers.Dense(1),
])
loss_fn = keras.losses.Huber()
optimizer = keras.optimizers.Adam(learning_rate=1e-3)
descend = optimizer.apply_gradients


@tf.function
def differentiate(x, y):
    with tf.GradientTape() as tape:
        loss = loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    grads, norm = tf.clip_by_global_norm(grads, 2.0)
    return loss, grads, norm


seen = {"loss": keras.metrics.Mean(), "norm": keras.metrics.Mean(), "test": keras.metrics.Mean()}
for epoch in range(EPOCHS):
    for metric in seen.values():
        metric.reset_state()
    for x, y in train_ds:
        loss, grads, norm = differentiate(x, y)
        descend(zip(grads, model.trainable_variables))
        seen["loss"].update_state(loss)
        seen["norm"].update_state(norm)
    for x, y in test_ds:
        seen["test"].update_state(loss_fn(y, model(x, training=False)))
    line = "  ".join(f"{name} {float(metric.result()):.4f}" for name, metric in seen.items())
    print(f"epoch {epoch:2d}  lr {float(optimizer.learning_rate):.1e}  {line}")

model.save("load.keras")
