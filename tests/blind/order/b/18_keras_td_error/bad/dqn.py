"""Keras: Q-learning on stored transitions with prioritised sampling."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

OBS, ACTIONS, GAMMA, SYNC = 8, 4, 0.97, 250


class Store:
    def __init__(self, n=8000, seed=0):
        self.rng = np.random.default_rng(seed)
        self.s = self.rng.normal(size=(n, OBS)).astype("float32")
        self.a = self.rng.integers(0, ACTIONS, size=n).astype("int32")
        self.r = (self.s[np.arange(n), self.a] > 0.5).astype("float32")
        self.s2 = (0.9 * self.s + 0.3 * self.rng.normal(size=(n, OBS))).astype("float32")
        self.done = (self.rng.random(n) < 0.02).astype("float32")
        self.priority = np.ones(n)

    def draw(self, size):
        p = self.priority / self.priority.sum()
        i = self.rng.choice(len(p), size=size, p=p)
        w = (1.0 / (len(p) * p[i])) ** 0.5
        w = (w / w.max()).astype("float32")
        return i, tuple(tf.constant(v) for v in (self.s[i], self.a[i], self.r[i], self.s2[i], self.done[i], w))


def q_network():
    return keras.Sequential([
        keras.Input((OBS,)),
        layers.Dense(64, activation="relu"),
        layers.Dense(64, activation="relu"),
        layers.Dense(ACTIONS),
    ])


class Learner:
    def __init__(self):
        self.online, self.frozen = q_network(), q_network()
        self.optimizer = keras.optimizers.Adam(learning_rate=5e-4)
        self.sync()

    def sync(self):
        self.frozen.set_weights(self.online.get_weights())

    def learn(self, s, a, r, s2, done, w):
        ahead = tf.reduce_max(self.frozen(s2, training=False), axis=1)
        target = r + GAMMA * (1.0 - done) * ahead
        with tf.GradientTape() as tape:
            chosen = tf.gather(self.online(s, training=True), a, batch_dims=1)
            error = tf.stop_gradient(target - chosen)  # expect: detached-loss
            loss = tf.reduce_mean(w * tf.square(error))
        variables = self.online.trainable_variables
        grads = tape.gradient(loss, variables)
        self.optimizer.apply_gradients(zip(grads, variables))
        return float(loss), np.abs(error.numpy())


def main():
    keras.utils.set_random_seed(9)
    store, learner = Store(), Learner()
    held_out = Store(n=1000, seed=1)
    for turn in range(5000):
        rows, batch = store.draw(64)
        loss, surprise = learner.learn(*batch)
        store.priority[rows] = surprise + 1e-3
        if turn % SYNC == 0:
            learner.sync()
            value = tf.reduce_max(learner.online(held_out.s, training=False), axis=1)
            print(turn, f"loss {loss:.4f}", f"value {float(tf.reduce_mean(value)):.3f}")
    learner.online.save("q.keras")


if __name__ == "__main__":
    main()
