"""Keyword spotting on MFCC frames with custom train and test steps."""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

WORDS = ["yes", "no", "stop", "go", "left", "right"]
FRAMES, COEFFS = 50, 20


class KeywordSpotter(keras.Model):
    FORWARD = {"training": True}

    def __init__(self, n_words, width=32, rate=0.25, **kwargs):
        super().__init__(**kwargs)
        self.body = keras.Sequential([
            layers.Conv1D(width, 5, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.MaxPooling1D(2),
            layers.Conv1D(2 * width, 5, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.ReLU(),
            layers.GlobalAveragePooling1D(),
        ])
        self.drop = layers.Dropout(rate)
        self.words = layers.Dense(n_words)

    def call(self, frames, training=None):
        h = self.body(frames, training=training)
        return self.words(self.drop(h, training=training))

    def _record(self, loss, y, logits):
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, logits)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        frames, y = data
        with tf.GradientTape() as tape:
            logits = self(frames, **self.FORWARD)
            loss = self.compute_loss(x=frames, y=y, y_pred=logits)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self._record(loss, y, logits)

    def test_step(self, data):
        frames, y = data
        logits = self(frames, **{**self.FORWARD, "training": False})
        loss = self.compute_loss(x=frames, y=y, y_pred=logits)
        return self._record(loss, y, logits)


def recordings(n, seed):
    rng = np.random.default_rng(seed)
    word = rng.integers(len(WORDS), size=n)
    frames = rng.standard_normal((n, FRAMES, COEFFS)).astype("float32")
    for i, w in enumerate(word):
        frames[i, :, 3 * w:3 * w + 3] += 0.6 * np.sin(np.linspace(0, 3 + w, FRAMES))[:, None]
    return frames, word.astype("int32")


def main():
    x_train, y_train = recordings(6000, seed=0)
    x_val, y_val = recordings(900, seed=1)
    model = KeywordSpotter(len(WORDS))
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    model.fit(x_train, y_train, validation_data=(x_val, y_val), batch_size=64, epochs=15)


if __name__ == "__main__":
    main()
