"""Wheat yield from a season of daily weather; large effective batches on a small card."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

DAYS, VARIABLES = 120, 6
BATCH, ACCUM, EPOCHS = 16, 8, 20


def seasons(n, seed):
    rng = np.random.default_rng(seed)
    weather = rng.standard_normal((n, DAYS, VARIABLES)).astype("float32")
    harvest = 4.0 * weather[:, 60:90, 0].mean(axis=1) - 3.0 * weather[:, :40, 2].mean(axis=1)
    harvest += 0.1 * rng.standard_normal(n)
    return weather, harvest.astype("float32")[:, None]


def make_model():
    return keras.Sequential([
        keras.Input((DAYS, VARIABLES)),
        layers.Conv1D(24, 7, strides=3, activation="relu"),
        layers.Conv1D(32, 5, strides=2, activation="relu"),
        layers.GlobalAveragePooling1D(),
        layers.Dropout(0.1),
        layers.Dense(24, activation="relu"),
        layers.Dense(1),
    ])


def rmse(model, dataset):
    squared, n = 0.0, 0
    for x, y in dataset:
        residual = model(x, training=False) - y
        squared += float(tf.reduce_sum(residual ** 2))
        n += int(y.shape[0])
    return (squared / n) ** 0.5


keras.utils.set_random_seed(13)
train = tf.data.Dataset.from_tensor_slices(seasons(4096, 0)).shuffle(4096).batch(BATCH, drop_remainder=True)
valid = tf.data.Dataset.from_tensor_slices(seasons(512, 1)).batch(128)

model = make_model()
loss_fn = keras.losses.MeanSquaredError()
optimizer = keras.optimizers.SGD(learning_rate=0.02, momentum=0.9)
weights = model.trainable_variables
slots = [tf.Variable(tf.zeros(w.shape), trainable=False) for w in weights]

for epoch in range(EPOCHS):
    shown = 0.0
    for i, (x, y) in enumerate(train, start=1):
        with tf.GradientTape() as tape:
            loss = loss_fn(y, model(x, training=True))
        grads = tape.gradient(loss, weights)  # expect: unscaled-accumulation
        for slot, grad in zip(slots, grads):
            slot.assign_add(grad)
        shown += float(loss) / ACCUM
        if i % ACCUM == 0:
            optimizer.apply_gradients(zip([tf.convert_to_tensor(s) for s in slots], weights))
            for slot in slots:
                slot.assign(tf.zeros_like(slot))
    print(f"{epoch:2d}  train {shown * ACCUM / i:.4f}  rmse {rmse(model, valid):.4f}")
