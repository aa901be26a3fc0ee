"""Distil a large photometric-redshift network into one small enough for the alert stream."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

BANDS = 9


def mlp(width, depth, rate):
    net = keras.Sequential([keras.Input((BANDS,))])
    for _ in range(depth):
        net.add(layers.Dense(width, activation="swish"))
        net.add(layers.Dropout(rate))
    net.add(layers.Dense(1))
    return net


class Distillation:
    def __init__(self, teacher, student, lr=1e-3):
        self.teacher = teacher
        self.student = student
        self.optimizer = keras.optimizers.Adam(lr)
        self.mismatch = keras.losses.Huber()
        self.running = keras.metrics.Mean()

    def step(self, colours):
        with tf.GradientTape() as tape:
            wanted = self.teacher(colours, training=False)
            got = tf.stop_gradient(self.student(colours, training=True))  # expect: detached-loss
            loss = self.mismatch(wanted, got)
        variables = self.student.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        self.running.update_state(loss)

    def fit(self, dataset, epochs):
        for epoch in range(epochs):
            self.running.reset_state()
            for colours in dataset:
                self.step(colours)
            print(f"distillation epoch {epoch}: {float(self.running.result()):.5f}")


def catalogue(n, seed):
    rng = np.random.default_rng(seed)
    colours = rng.normal(size=(n, BANDS)).astype("float32")
    z = np.tanh(colours[:, :1] - 0.4 * colours[:, 1:2]) + 0.05 * rng.normal(size=(n, 1))
    return colours, z.astype("float32")


def main():
    keras.utils.set_random_seed(9)
    (x_train, z_train), (x_val, z_val) = catalogue(20_000, 1), catalogue(2_000, 2)

    teacher = mlp(width=256, depth=3, rate=0.2)
    teacher.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])
    teacher.fit(x_train, z_train, batch_size=128, epochs=15, validation_data=(x_val, z_val), verbose=2)

    student = mlp(width=32, depth=2, rate=0.05)
    stream = tf.data.Dataset.from_tensor_slices(x_train).shuffle(20_000).batch(128)
    Distillation(teacher, student).fit(stream, epochs=10)

    error = np.abs(student(x_val, training=False).numpy() - z_val).mean()
    print(f"student MAE {error:.4f}, {student.count_params()} weights")


if __name__ == "__main__":
    main()
