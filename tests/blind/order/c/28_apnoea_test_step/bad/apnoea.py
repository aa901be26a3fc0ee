import keras
import numpy as np
import tensorflow as tf
from keras import layers

WINDOW = 120
FORWARD = dict(training=True)


def oximetry(n, seed):
    """Two minutes of standardised SpO2; positive where a desaturation dip lies in it."""
    rng = np.random.default_rng(seed)
    label = rng.integers(0, 2, size=(n, 1))
    signal = rng.normal(size=(n, WINDOW, 1))
    start = rng.integers(0, WINDOW - 30, size=n)
    for i in np.flatnonzero(label[:, 0]):
        signal[i, start[i] : start[i] + 30, 0] -= 1.5
    return signal.astype("float32"), label.astype("float32")


class ApnoeaNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = keras.Sequential(
            [
                layers.Conv1D(24, 9, strides=2, activation="relu"),
                layers.SpatialDropout1D(0.1),
                layers.Conv1D(48, 9, strides=2, activation="relu"),
                layers.GlobalMaxPooling1D(),
                layers.Dropout(0.3),
                layers.Dense(1),
            ]
        )

    def call(self, signal, training=False):
        return self.body(signal, training=training)

    def _report(self, label, logit, loss):
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(label, logit)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        signal, label = data
        with tf.GradientTape() as tape:
            logit = self(signal, **FORWARD)
            loss = self.compute_loss(x=signal, y=label, y_pred=logit)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self._report(label, logit, loss)

    def test_step(self, data):
        signal, label = data
        logit = self(signal, **FORWARD)  # expect: missing-eval-mode
        loss = self.compute_loss(x=signal, y=label, y_pred=logit)
        return self._report(label, logit, loss)


if __name__ == "__main__":
    keras.utils.set_random_seed(1)
    x_train, y_train = oximetry(3000, 0)
    x_valid, y_valid = oximetry(600, 1)
    net = ApnoeaNet()
    net.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)],
    )
    net.fit(x_train, y_train, batch_size=50, epochs=15, validation_data=(x_valid, y_valid))
