# Heart beats from the single-lead ECG, 5 classes (N, S, V, F, Q), with temperature calibration
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

N_CLASSES = 5

archive = np.load("beats.npz")
x_train, y_train = archive["x_train"], archive["y_train"]
x_val, y_val = archive["x_val"], archive["y_val"]
x_test, y_test = archive["x_test"], archive["y_test"]

mu, sd = x_train.mean(), x_train.std()
x_train = (x_train - mu) / sd
x_val = (x_val - mu) / sd
x_test = (x_test - mu) / sd


def make_model():
    inp = keras.Input((187, 1))
    x = inp
    for filters in (32, 64, 64):
        x = layers.Conv1D(filters, 5, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization()(x)
        x = layers.ReLU()(x)
        x = layers.MaxPooling1D(2)(x)
    x = layers.GlobalAveragePooling1D()(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inp, layers.Dense(N_CLASSES)(x))


model = make_model()
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(
    x_train[..., None],
    y_train,
    batch_size=128,
    epochs=30,
    validation_data=(x_val[..., None], y_val),
    callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)],
)


def scores_of(x):
    return model.predict(x[..., None], verbose=0)


def calibrated(scores, temperature):
    e = np.exp(scores / temperature)
    return e / e.sum(axis=1, keepdims=True)  # expect: hand-rolled-softmax


def negative_log_likelihood(p, y):
    return -np.log(p[np.arange(len(y)), y] + 1e-12).mean()


val_scores = scores_of(x_val)
grid = np.linspace(0.5, 4.0, 36)
costs = [negative_log_likelihood(calibrated(val_scores, t), y_val) for t in grid]
best = grid[int(np.argmin(costs))]
print("temperature:", best)

p_test = calibrated(scores_of(x_test), best)
print("test NLL:", negative_log_likelihood(p_test, y_test))
print("test accuracy:", (p_test.argmax(axis=1) == y_test).mean())
