"""Autoencoder for implicit feedback with a multinomial likelihood (after Mult-DAE)."""
import numpy as np
import tensorflow as tf
from tensorflow import keras

N_USERS, N_ITEMS, LATENT = 3000, 600, 100
RATE = 0.8


def interactions(rng):
    users = rng.normal(size=(N_USERS, 8))
    items = rng.normal(size=(N_ITEMS, 8))
    affinity = users @ items.T + rng.normal(size=(N_USERS, N_ITEMS))
    return (affinity > np.quantile(affinity, 0.92, axis=1, keepdims=True)).astype("float32")


class MultDAE(keras.Model):
    def __init__(self, n_items, latent, rate, **kwargs):
        super().__init__(**kwargs)
        self.drop = keras.layers.Dropout(rate)  # expect: excessive-dropout
        self.encode = keras.layers.Dense(latent, activation="tanh")
        self.decode = keras.layers.Dense(n_items)
        self.nll = keras.metrics.Mean(name="nll")

    @property
    def metrics(self):
        return [self.nll]

    def call(self, clicks, training=False):
        hidden = self.encode(tf.math.l2_normalize(clicks, axis=1))
        hidden = self.drop(hidden, training=training)
        return self.decode(hidden)

    def likelihood(self, clicks, training):
        log_p = tf.nn.log_softmax(self(clicks, training=training), axis=1)
        return -tf.reduce_mean(tf.reduce_sum(log_p * clicks, axis=1))

    def train_step(self, clicks):
        with tf.GradientTape() as tape:
            loss = self.likelihood(clicks, training=True)
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.nll.update_state(loss)
        return {"nll": self.nll.result()}

    def test_step(self, clicks):
        self.nll.update_state(self.likelihood(clicks, training=False))
        return {"nll": self.nll.result()}


def recall_at(k, model, clicks, rng):
    kept = clicks * (rng.random(clicks.shape) < 0.8)
    hidden = clicks - kept
    scores = model.predict(kept.astype("float32"), verbose=0)
    scores = np.where(kept > 0, -np.inf, scores)
    top = np.argpartition(-scores, k, axis=1)[:, :k]
    found = np.take_along_axis(hidden, top, axis=1).sum(axis=1)
    return float(np.mean(found / np.maximum(1, np.minimum(k, hidden.sum(axis=1)))))


def main():
    keras.utils.set_random_seed(30)
    rng = np.random.default_rng(30)
    clicks = interactions(rng)
    train, val, test = np.split(clicks, [2200, 2600])

    train_ds = tf.data.Dataset.from_tensor_slices(train).shuffle(len(train)).batch(100)
    val_ds = tf.data.Dataset.from_tensor_slices(val).batch(200)

    model = MultDAE(N_ITEMS, LATENT, rate=RATE)
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    model.fit(train_ds, validation_data=val_ds, epochs=40, verbose=2)
    print(f"recall@20 {recall_at(20, model, test, rng):.3f}")


if __name__ == "__main__":
    main()
