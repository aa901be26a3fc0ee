"""Appraise Boston homes: one small tower per group of columns, joined by a head."""
import keras
import numpy as np
import tensorflow as tf
from keras import layers

GROUPS = {
    "neighbourhood": [0, 1, 2, 3, 4, 12],
    "building": [5, 6, 7],
    "access": [8, 9, 10, 11],
}
BATCH = 32
HOLD_OUT = 80


def by_group(table):
    return {name: table[:, columns].astype("float32") for name, columns in GROUPS.items()}


def tower(name, table, width):
    entry = keras.Input(shape=(table.shape[1],), name=name)
    hidden = layers.Dense(width, activation="elu", name=f"{name}_hidden")(entry)
    return entry, hidden


def build(groups):
    entries, hiddens = {}, []
    for name, table in groups.items():
        entry, hidden = tower(name, table, width=4 * table.shape[1])
        entries[name] = entry
        hiddens.append(hidden)
    joined = layers.Concatenate(name="joined")(hiddens)
    joined = layers.Dense(32, activation="elu")(joined)
    joined = layers.Dropout(0.1)(joined)
    value = layers.Dense(1, name="value")(joined)
    return keras.Model(entries, value, name="appraiser")


def pipeline(groups, target, training):
    data = tf.data.Dataset.from_tensor_slices((groups, target))
    if training:
        data = data.shuffle(len(target), seed=5, reshuffle_each_iteration=True)
    return data.batch(BATCH).prefetch(tf.data.AUTOTUNE)


def main():
    keras.utils.set_random_seed(5)
    (x, y), (x_test, y_test) = keras.datasets.boston_housing.load_data(seed=113)
    order = np.random.default_rng(5).permutation(len(x))
    x, y = x[order], y[order].astype("float32")

    train_groups = by_group(x[HOLD_OUT:])
    val_groups = by_group(x[:HOLD_OUT])
    model = build(train_groups)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["mae"])

    stop = keras.callbacks.EarlyStopping("val_loss", patience=25, restore_best_weights=True)
    train_data = pipeline(train_groups, y[HOLD_OUT:], training=True)
    val_data = pipeline(val_groups, y[:HOLD_OUT], training=False)
    model.fit(train_data, validation_data=val_data, epochs=300, callbacks=[stop], verbose=2)  # expect: missing-normalization

    test_data = pipeline(by_group(x_test), y_test.astype("float32"), training=False)
    mse, mae = model.evaluate(test_data, verbose=0)
    print(f"test: mse {mse:.2f}, mean error {1000 * mae:,.0f} USD")


if __name__ == "__main__":
    main()
