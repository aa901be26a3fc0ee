"""Surrogate of a damped, driven oscillator: five parameters in, a sampled trajectory out."""
from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers

STEPS = 64
RUN_DIR = Path("runs/oscillator")


def simulate(theta: np.ndarray, steps: int = STEPS, dt: float = 0.05) -> np.ndarray:
    """Semi-implicit Euler; theta holds five columns in [-1, 1]."""
    stiffness = 6.0 + 4.0 * theta[:, 0]
    damping = 0.5 + 0.4 * theta[:, 1]
    drive = 1.5 * theta[:, 2]
    position = theta[:, 3].copy()
    velocity = theta[:, 4].copy()
    path = np.empty((len(theta), steps), dtype=np.float32)
    for step in range(steps):
        force = drive * np.sin(2.0 * step * dt) - damping * velocity - stiffness * position
        velocity = velocity + dt * force
        position = position + dt * velocity
        path[:, step] = position
    return path


class Surrogate(keras.Model):
    def __init__(self, width: int, depth: int, steps: int, **kwargs):
        super().__init__(**kwargs)
        self.trunk = [
            layers.Dense(width, activation="swish", name=f"trunk_{level}") for level in range(depth)
        ]
        self.readout = layers.Dense(steps, name="trajectory")

    def call(self, theta):
        hidden = theta
        for layer in self.trunk:
            hidden = layer(hidden)
        return self.readout(hidden)


def callbacks(run_dir: Path) -> list[keras.callbacks.Callback]:
    run_dir.mkdir(parents=True, exist_ok=True)
    return [
        keras.callbacks.TerminateOnNaN(),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=10, min_lr=1e-5),
        keras.callbacks.CSVLogger(str(run_dir / "log.csv")),
    ]


def main() -> None:
    keras.utils.set_random_seed(21)
    rng = np.random.default_rng(21)
    theta = rng.uniform(-1.0, 1.0, size=(2000, 5)).astype(np.float32)
    path = simulate(theta)
    train_x, val_x, test_x = np.split(theta, [1400, 1700])
    train_y, val_y, test_y = np.split(path, [1400, 1700])

    model = Surrogate(width=512, depth=3, steps=STEPS)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=1e-3), loss="mse", metrics=["mae"])
    model.fit(  # expect: missing-dropout
        train_x,
        train_y,
        validation_data=(val_x, val_y),
        epochs=150,
        batch_size=64,
        callbacks=callbacks(RUN_DIR),
        verbose=2,
    )

    mse, mae = model.evaluate(test_x, test_y, verbose=0)
    print(f"test mse {mse:.5f}, mae {mae:.4f}")


if __name__ == "__main__":
    main()
