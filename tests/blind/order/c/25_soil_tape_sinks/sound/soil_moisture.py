import keras
import numpy as np
import tensorflow as tf
from keras import layers

keras.utils.set_random_seed(5)
DAYS, SENSORS = 30, 6


def stations(n, seed):
    rng = np.random.default_rng(seed)
    weather = rng.normal(size=(n, DAYS, SENSORS)).astype("float32")
    decay = np.exp(-np.arange(DAYS)[::-1] / 6.0)
    moisture = (weather[:, :, 0] * decay).sum(1, keepdims=True) / 2.0
    moisture += 0.1 * rng.normal(size=(n, 1))
    return weather, moisture.astype("float32")


model = keras.Sequential(
    [
        keras.Input((DAYS, SENSORS)),
        layers.GRU(32, return_sequences=True),
        layers.GRU(16),
        layers.Dropout(0.1),
        layers.Dense(1),
    ]
)
optimizer = keras.optimizers.Adam(learning_rate=2e-3)
huber = keras.losses.Huber()
train_loss = keras.metrics.Mean(name="train_loss")
valid_error = keras.metrics.MeanAbsoluteError(name="valid_mae")


class NormBook:
    """Keeps the largest gradient norm seen for each variable."""

    def __init__(self):
        self.largest = {}

    def record(self, pairs):
        for grad, var in pairs:
            norm = float(tf.norm(grad))
            self.largest[var.path] = max(norm, self.largest.get(var.path, 0.0))


book = NormBook()
consumers = (book.record, optimizer.apply_gradients)


def train_on(weather, moisture):
    with tf.GradientTape() as tape:
        predicted = model(weather, training=True)
        loss = huber(moisture, predicted)
    grads = tape.gradient(loss, model.trainable_variables)
    grads, _ = tf.clip_by_global_norm(grads, 1.0)
    pairs = list(zip(grads, model.trainable_variables))
    for consume in consumers:
        consume(pairs)
    train_loss.update_state(loss)


train = tf.data.Dataset.from_tensor_slices(stations(2000, 0)).shuffle(2000).batch(50)
valid = tf.data.Dataset.from_tensor_slices(stations(500, 1)).batch(100)

for epoch in range(15):
    train_loss.reset_state()
    valid_error.reset_state()
    for weather, moisture in train:
        train_on(weather, moisture)
    for weather, moisture in valid:
        valid_error.update_state(moisture, model(weather, training=False))
    rate = float(optimizer.learning_rate)
    print(epoch, rate, float(train_loss.result()), float(valid_error.result()))

print(sorted(book.largest.items(), key=lambda kv: -kv[1])[:3])
