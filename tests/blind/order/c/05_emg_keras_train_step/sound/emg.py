"""Hand gestures from eight-channel surface EMG."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

GESTURES = 6


class GestureNet(keras.Model):
    def __init__(self, max_norm=1.0):
        super().__init__()
        self.max_norm = max_norm
        self.features = keras.Sequential([
            layers.Conv1D(24, 9, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.Conv1D(48, 5, strides=2, padding="same"),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling1D(),
        ])
        self.drop = layers.Dropout(0.3)
        self.logits = layers.Dense(GESTURES)

    def call(self, x, training=None):
        h = self.features(x, training=training)
        return self.logits(self.drop(h, training=training))

    def _finish(self, gradients):
        clipped, norm = tf.clip_by_global_norm(gradients, self.max_norm)
        self.optimizer.apply_gradients(zip(clipped, self.trainable_variables))
        return norm

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=True)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        norm = self._finish(tape.gradient(loss, self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {**{m.name: m.result() for m in self.metrics}, "grad_norm": norm}


def recordings(n, seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, GESTURES, n)
    x = rng.normal(size=(n, 200, 8)).astype("float32")
    x[np.arange(n), :, y] *= 1.8
    return x, y


if __name__ == "__main__":
    keras.utils.set_random_seed(5)
    net = GestureNet()
    net.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    x, y = recordings(4000, 0)
    net.fit(x, y, batch_size=64, epochs=12, validation_data=recordings(800, 1))
