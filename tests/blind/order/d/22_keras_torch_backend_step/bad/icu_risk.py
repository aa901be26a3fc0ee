"""ICU deterioration risk: Keras 3 on the PyTorch backend with its own train_step."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers


class RiskModel(keras.Model):
    def train_step(self, data):
        x, y = data

        y_pred = self(x, training=True)
        loss = self.compute_loss(x=x, y=y, y_pred=y_pred)
        loss.backward()  # expect: missing-zero-grad

        weights = list(self.trainable_weights)
        gradients = [w.value.grad for w in weights]
        with torch.no_grad():
            self.optimizer.apply(gradients, weights)

        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss.detach())
            else:
                metric.update_state(y, y_pred.detach())
        return {m.name: m.result() for m in self.metrics}


def build(n_vitals):
    inputs = keras.Input((n_vitals,))
    h = layers.Dense(64, activation="gelu")(inputs)
    h = layers.Dropout(0.2)(h)
    h = layers.Dense(32, activation="gelu")(h)
    logit = layers.Dense(1)(h)
    return RiskModel(inputs, logit)


def load_stays(seed=0):
    rng = np.random.default_rng(seed)
    vitals = rng.normal(size=(5000, 22)).astype("float32")
    score = vitals[:, 0] - 0.8 * vitals[:, 3] + 0.5 * vitals[:, 7] ** 2
    died = (score + rng.normal(size=5000) > 1.5).astype("float32")[:, None]
    return (vitals[:4000], died[:4000]), (vitals[4000:], died[4000:])


def main():
    keras.utils.set_random_seed(5)
    (x_train, y_train), (x_val, y_val) = load_stays()

    model = build(x_train.shape[1])
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=1e-4),
        loss=keras.losses.BinaryCrossentropy(from_logits=True),
        metrics=[keras.metrics.AUC(name="auc", from_logits=True)],
    )
    model.fit(x_train, y_train, batch_size=100, epochs=25, validation_data=(x_val, y_val), verbose=2)


if __name__ == "__main__":
    main()
