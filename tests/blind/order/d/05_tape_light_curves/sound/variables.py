"""Classify variable stars from folded light curves with a hand-written TensorFlow loop."""
import keras
import numpy as np
import tensorflow as tf

CLASSES = ("RRab", "RRc", "EB", "LPV")
rng = np.random.default_rng(8)


def curves(n):
    kind = rng.integers(0, len(CLASSES), size=n)
    phase = np.linspace(0, 1, 128)[None, :]
    flux = np.sin(2 * np.pi * (kind[:, None] + 1) * phase) + rng.normal(0, 0.3, (n, 128))
    flux = (flux - flux.mean(axis=1, keepdims=True)) / flux.std(axis=1, keepdims=True)
    return flux[..., None].astype("float32"), kind.astype("int32")


x_train, y_train = curves(4096)
x_val, y_val = curves(1024)
train = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(4096).batch(64)
val = tf.data.Dataset.from_tensor_slices((x_val, y_val)).batch(256)

model = keras.Sequential(
    [
        keras.Input((128, 1)),
        keras.layers.Conv1D(32, 7, strides=2, activation="relu"),
        keras.layers.Conv1D(64, 5, strides=2, activation="relu"),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dropout(0.25),
        keras.layers.Dense(len(CLASSES)),
    ]
)
optimizer = keras.optimizers.Adam(learning_rate=1e-3)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
train_loss = keras.metrics.Mean()
grad_norm = keras.metrics.Mean()
val_accuracy = keras.metrics.SparseCategoricalAccuracy()


@tf.function
def gradients_of(x, y):
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_fn(y, logits)
    grads = tape.gradient(loss, model.trainable_variables)
    grads, norm = tf.clip_by_global_norm(grads, 1.0)
    return loss, grads, norm


def follow(loss, grads, norm):
    train_loss.update_state(loss)
    grad_norm.update_state(norm)
    if any(g is None for g in grads):
        raise RuntimeError("a layer is not connected to the loss")
    optimizer.apply_gradients(zip(grads, model.trainable_variables))


for epoch in range(10):
    for metric in (train_loss, grad_norm, val_accuracy):
        metric.reset_state()
    for x, y in train:
        follow(*gradients_of(x, y))
    for x, y in val:
        val_accuracy.update_state(y, model(x, training=False))
    print(
        f"epoch {epoch}  lr {float(optimizer.learning_rate):.1e}  loss {float(train_loss.result()):.4f}  "
        f"norm {float(grad_norm.result()):.3f}  accuracy {float(val_accuracy.result()):.3f}"
    )
