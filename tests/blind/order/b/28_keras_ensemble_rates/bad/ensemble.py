"""A small ensemble of regressors; the rate falls by a tenth each epoch."""
import keras
import numpy as np
import tensorflow as tf

EPOCHS, BATCH, MEMBERS = 30, 64, 5


def measurements(n, rng):
    x = rng.normal(size=(n, 6)).astype("float32")
    y = np.tanh(x[:, :1] * x[:, 1:2]) + 0.5 * x[:, 2:3] - 0.2 * x[:, 3:4] ** 2
    return x, (y + rng.normal(0, 0.05, size=y.shape)).astype("float32")


def build_member():
    return keras.Sequential([
        keras.layers.Input((6,)),
        keras.layers.Dense(48, activation="gelu"),
        keras.layers.Dense(48, activation="gelu"),
        keras.layers.Dense(1),
    ])


mse = keras.losses.MeanSquaredError()


def run_epoch(member, batches, rate):
    optimizer = keras.optimizers.Adam(learning_rate=rate)  # expect: optimizer-in-loop
    losses = []
    for x, y in batches:
        with tf.GradientTape() as tape:
            loss = mse(y, member(x, training=True))
        grads = tape.gradient(loss, member.trainable_variables)
        optimizer.apply_gradients(zip(grads, member.trainable_variables))
        losses.append(float(loss))
    return float(np.mean(losses))


def validation_error(member, batches):
    errors = [float(mse(y, member(x, training=False))) for x, y in batches]
    return float(np.mean(errors))


def main():
    rng = np.random.default_rng(4)
    train = tf.data.Dataset.from_tensor_slices(measurements(4096, rng)).shuffle(4096).batch(BATCH)
    valid = tf.data.Dataset.from_tensor_slices(measurements(512, rng)).batch(256)

    members = []
    for seed in range(MEMBERS):
        keras.utils.set_random_seed(seed)
        member = build_member()
        for epoch in range(EPOCHS):
            rate = 2e-3 * 0.9 ** epoch
            fitted = run_epoch(member, train, rate)
        print(f"member {seed}: train {fitted:.4f} valid {validation_error(member, valid):.4f}")
        members.append(member)

    probe, truth = measurements(256, rng)
    votes = np.stack([np.asarray(member(probe, training=False)) for member in members])
    print("ensemble rmse", float(np.sqrt(np.mean((votes.mean(axis=0) - truth) ** 2))))


if __name__ == "__main__":
    main()
