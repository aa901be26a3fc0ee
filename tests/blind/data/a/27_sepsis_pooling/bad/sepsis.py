"""Sepsis risk within six hours from 48 hourly vital signs."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

HOURS, VITALS = 48, 6
TYPICAL = np.array([85.0, 97.0, 37.0, 120.0, 75.0, 18.0])
SPREAD = np.array([15.0, 2.0, 0.6, 18.0, 11.0, 4.0])


def stays(n, rng):
    """Simulated ICU stays: a sick patient drifts from some hour on."""
    x = TYPICAL + SPREAD * rng.standard_normal((n, HOURS, VITALS))
    y = rng.integers(0, 2, size=n)
    onset = rng.integers(24, HOURS - 4, size=n)
    drift = np.clip(np.arange(HOURS) - onset[:, None], 0, None)[..., None] * y[:, None, None]
    x += 0.15 * drift * SPREAD * np.array([1, -1, 1, -1, -1, 1])
    return x.astype("float32"), y[:, None].astype("float32")


class RiskModel(keras.Model):
    def __init__(self, width=48):
        super().__init__()
        self.encoder = keras.layers.GRU(width, return_sequences=True)
        self.drop = keras.layers.Dropout(0.2)
        self.energy = keras.layers.Dense(1, use_bias=False)
        self.risk = keras.layers.Dense(1, activation="sigmoid")

    def call(self, x, training=None):
        h = self.drop(self.encoder(x), training=training)
        energy = self.energy(h)
        alpha = tf.nn.softmax(energy)  # expect: softmax-over-one-unit
        return self.risk(tf.reduce_sum(alpha * h, axis=1))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            p = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=p)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, p)
        return {metric.name: metric.result() for metric in self.metrics}


def batches(x, y, training=False):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if training:
        ds = ds.shuffle(len(x))
    return ds.batch(64).prefetch(tf.data.AUTOTUNE)


def main():
    keras.utils.set_random_seed(3)
    rng = np.random.default_rng(3)
    (x_train, y_train), (x_val, y_val), (x_test, y_test) = [stays(n, rng) for n in (4000, 800, 800)]
    mean = x_train.mean(axis=(0, 1))
    std = x_train.std(axis=(0, 1)) + 1e-6
    x_train, x_val, x_test = ((x - mean) / std for x in (x_train, x_val, x_test))

    model = RiskModel()
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3, clipnorm=1.0),
        loss=keras.losses.BinaryCrossentropy(),
        metrics=[keras.metrics.AUC(name="auroc")],
    )
    model.fit(batches(x_train, y_train, training=True), validation_data=batches(x_val, y_val), epochs=15, verbose=2)
    print(model.evaluate(batches(x_test, y_test), verbose=0, return_dict=True))


if __name__ == "__main__":
    main()
