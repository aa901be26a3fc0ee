"""Will an order come back? Trained on simulated orders of a fashion shop."""
import keras
import numpy as np
import tensorflow as tf

from heads import HEADS
from network import OrderNet

TASK = "returned"


def simulate(n, rng):
    price = rng.gamma(2.0, 30.0, n)
    pieces = rng.integers(1, 9, n)
    discount = rng.uniform(0, 60, n)
    same_item_twice = rng.random(n) < 0.15
    days_since_last = rng.exponential(45.0, n)
    past_rate = rng.beta(2, 4, n)
    score = 0.01 * price + 0.15 * pieces - 0.01 * discount + 2.0 * same_item_twice + 3.0 * past_rate - 3.0
    returned = rng.random(n) < 1 / (1 + np.exp(-score))
    table = np.stack([price, pieces, discount, same_item_twice, days_since_last, past_rate], axis=1)
    return table.astype("float32"), returned.astype("float32")[:, None]


def stream(x, y, shuffle=False):
    ds = tf.data.Dataset.from_tensor_slices((x, y))
    if shuffle:
        ds = ds.shuffle(len(x), seed=1)
    return ds.batch(128).prefetch(tf.data.AUTOTUNE)


def main():
    keras.utils.set_random_seed(1)
    x, y = simulate(24_000, np.random.default_rng(1))
    train, valid, test = slice(0, 18_000), slice(18_000, 21_000), slice(21_000, None)

    head = HEADS[TASK]
    model = OrderNet(head).adapt(x[train])
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss=head.loss,
        metrics=[head.metric],
    )
    model.fit(stream(x[train], y[train], shuffle=True), validation_data=stream(x[valid], y[valid]), epochs=15)
    print(model.evaluate(stream(x[test], y[test]), return_dict=True))
    model.save_weights(f"{TASK}.weights.h5")


if __name__ == "__main__":
    main()
