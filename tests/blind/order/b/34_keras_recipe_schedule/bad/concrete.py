from dataclasses import dataclass
from typing import Optional

import keras
import numpy as np
from keras.optimizers.schedules import CosineDecay, LearningRateSchedule


@dataclass
class Recipe:
    rate: float
    epochs: int
    batch: int
    schedule: Optional[LearningRateSchedule] = None

    def optimizer(self) -> keras.optimizers.Optimizer:
        return keras.optimizers.AdamW(learning_rate=self.rate, weight_decay=1e-3)

    def describe(self, steps: int) -> str:
        if self.schedule is None:
            return f"constant rate {self.rate:.1e}"
        marks = [float(self.schedule(step)) for step in (0, steps // 2, steps)]
        return "rate " + " -> ".join(f"{mark:.1e}" for mark in marks)


def mixtures(n: int, rng: np.random.Generator):
    """Standardised amounts of eight ingredients and the strength they give."""
    x = rng.normal(size=(n, 8)).astype("float32")
    strength = 0.8 * x[:, 0] - 0.5 * x[:, 3] + 0.4 * np.sin(2 * x[:, 7]) + 0.2 * x[:, 0] * x[:, 7]
    strength = strength + rng.normal(0, 0.1, size=n)
    return x, strength.astype("float32").reshape(-1, 1)


def build() -> keras.Model:
    inputs = keras.Input((8,))
    h = keras.layers.Dense(64, activation="swish")(inputs)
    h = keras.layers.Dropout(0.1)(h)
    h = keras.layers.Dense(32, activation="swish")(h)
    return keras.Model(inputs, keras.layers.Dense(1)(h))


def main() -> None:
    keras.utils.set_random_seed(8)
    rng = np.random.default_rng(8)
    x_train, y_train = mixtures(4800, rng)
    x_valid, y_valid = mixtures(600, rng)
    x_test, y_test = mixtures(600, rng)

    epochs, batch = 40, 48
    steps = epochs * (len(x_train) // batch)
    schedule = CosineDecay(initial_learning_rate=2e-3, decay_steps=steps, alpha=0.01)  # expect: unused-scheduler
    recipe = Recipe(rate=2e-3, epochs=epochs, batch=batch, schedule=schedule)
    print(recipe.describe(steps))

    model = build()
    model.compile(optimizer=recipe.optimizer(), loss="mse", metrics=["mae"])
    model.fit(
        x_train, y_train,
        validation_data=(x_valid, y_valid),
        epochs=recipe.epochs,
        batch_size=recipe.batch,
        verbose=2,
    )
    mse, mae = model.evaluate(x_test, y_test, verbose=0)
    print(f"test rmse {mse ** 0.5:.3f} mae {mae:.3f}")


if __name__ == "__main__":
    main()
