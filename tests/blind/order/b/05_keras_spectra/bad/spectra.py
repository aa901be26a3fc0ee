"""Keras: sugar content from near-infrared spectra, own train_step with clipped gradients."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

BANDS = 120


class Calibration(keras.Model):
    def __init__(self, width=48, rate=0.2, **kwargs):
        super().__init__(**kwargs)
        self.enter = layers.Dense(width, activation="gelu")
        self.middle = layers.Dense(width, activation="gelu")
        self.drop = layers.Dropout(rate)
        self.out = layers.Dense(1)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.norm_tracker = keras.metrics.Mean(name="grad_norm")

    def call(self, x, training=False):
        h = self.middle(self.enter(x))
        return self.out(self.drop(h, training=training))

    @property
    def metrics(self):
        return [self.loss_tracker, self.norm_tracker]

    def _limit(self, grads, ceiling=1.0):
        clipped, norm = tf.clip_by_global_norm(grads, ceiling)
        return clipped, norm

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        grads = tape.gradient(loss, self.trainable_variables)  # expect: missing-step
        grads, norm = self._limit(grads)
        self.loss_tracker.update_state(loss)
        self.norm_tracker.update_state(norm)
        return {m.name: m.result() for m in self.metrics}

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=False)
        self.loss_tracker.update_state(self.compute_loss(x=x, y=y, y_pred=y_pred))
        return {"loss": self.loss_tracker.result()}


def load(n=1500, seed=5):
    rng = np.random.default_rng(seed)
    brix = rng.normal(12.0, 2.0, size=(n, 1))
    shape = np.sin(np.linspace(0.0, 6.0, BANDS))
    spectra = 0.4 + 0.02 * brix * shape + rng.normal(0.0, 0.02, size=(n, BANDS))
    return spectra.astype("float32"), brix.astype("float32")


def main():
    keras.utils.set_random_seed(1)
    x, y = load()
    x_train, x_val, y_train, y_val = x[:1200], x[1200:], y[:1200], y[1200:]
    x_mean, x_std = x_train.mean(axis=0), x_train.std(axis=0)
    y_mean, y_std = y_train.mean(), y_train.std()
    x_train, x_val = (x_train - x_mean) / x_std, (x_val - x_mean) / x_std
    y_train, y_val = (y_train - y_mean) / y_std, (y_val - y_mean) / y_std

    model = Calibration()
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="mse")
    model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=32, epochs=40)
    print("held out", model.evaluate(x_val, y_val, return_dict=True))


if __name__ == "__main__":
    main()
