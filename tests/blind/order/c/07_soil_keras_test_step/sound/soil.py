"""Soil moisture from radar backscatter and terrain, Keras with custom steps."""
import keras
import numpy as np
import tensorflow as tf

FEATURES = ["vv", "vh", "angle", "slope", "aspect_sin", "aspect_cos", "ndvi", "temp"]


class MoistureNet(keras.Model):
    def __init__(self, width=64, rate=0.25, stochastic=True, **kwargs):
        super().__init__(**kwargs)
        self.stochastic = stochastic
        self.stack = keras.Sequential([
            keras.layers.Dense(width),
            keras.layers.BatchNormalization(),
            keras.layers.Activation("relu"),
            keras.layers.Dropout(rate),
            keras.layers.Dense(width // 2, activation="relu"),
            keras.layers.Dropout(rate),
            keras.layers.Dense(1),
        ])

    def call(self, x, training=None):
        return self.stack(x, training=training)

    def _track(self, y, y_pred, loss):
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(y, y_pred)
        return {m.name: m.result() for m in self.metrics}

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            y_pred = self(x, training=self.stochastic)
            loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        variables = self.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables))
        return self._track(y, y_pred, loss)

    def test_step(self, data):
        x, y = data
        y_pred = self(x, training=not self.stochastic)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        return self._track(y, y_pred, loss)


def stations(n, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((n, len(FEATURES))).astype("float32")
    y = 0.8 * x[:, :1] - 0.5 * x[:, 1:2] * x[:, 6:7] + 0.1 * rng.standard_normal((n, 1))
    return x, y.astype("float32")


def main():
    keras.utils.set_random_seed(1)
    x, y = stations(6000, 0)
    model = MoistureNet()
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="mse", metrics=["mae"])
    model.fit(x, y, epochs=20, batch_size=100, validation_data=stations(1000, 1), verbose=2)
    print(model.evaluate(*stations(1000, 2), verbose=0, return_dict=True))


if __name__ == "__main__":
    main()
