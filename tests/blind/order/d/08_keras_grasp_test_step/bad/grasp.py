"""Will the gripper hold?  A depth crop around the grasp point goes in, one logit comes out."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class GraspScorer(keras.Model):
    def __init__(self, filters=(16, 32), rate=0.3, **kwargs):
        super().__init__(**kwargs)
        self.convs = [layers.Conv2D(f, 3, strides=2, activation="relu") for f in filters]
        self.pool = layers.GlobalAveragePooling2D()
        self.drop = layers.Dropout(rate)
        self.score = layers.Dense(1)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.held = keras.metrics.BinaryAccuracy(name="held", threshold=0.0)
        self.call_options = {"training": True}

    @property
    def metrics(self):
        return [self.loss_tracker, self.held]

    def call(self, crops, training=False):
        for conv in self.convs:
            crops = conv(crops)
        return self.score(self.drop(self.pool(crops), training=training))

    def _track(self, loss, y, logits):
        self.loss_tracker.update_state(loss)
        self.held.update_state(y, logits)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        crops, y = data
        with tf.GradientTape() as tape:
            logits = self(crops, **self.call_options)
            loss = self.compute_loss(y=y, y_pred=logits)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        return self._track(loss, y, logits)

    def test_step(self, data):
        crops, y = data
        logits = self(crops, **self.call_options)  # expect: missing-eval-mode
        loss = self.compute_loss(y=y, y_pred=logits)
        return self._track(loss, y, logits)


def trials(n, seed):
    rng = np.random.default_rng(seed)
    held = rng.integers(0, 2, size=(n, 1)).astype("float32")
    depth = rng.normal(0.6, 0.08, size=(n, 32, 32, 1)) + 0.04 * held[:, :, None, None]
    return ((depth - 0.62) / 0.08).astype("float32"), held


def main():
    x_train, y_train = trials(6000, 1)
    x_val, y_val = trials(1200, 2)

    model = GraspScorer()
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    model.fit(x_train, y_train, batch_size=64, epochs=12, validation_data=(x_val, y_val), verbose=2)
    print(model.evaluate(x_val, y_val, return_dict=True, verbose=0))


if __name__ == "__main__":
    main()
