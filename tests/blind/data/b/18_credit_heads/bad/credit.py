"""One network, two answers per applicant: will the loan default, and which of seven grades does it get?"""
import keras
import numpy as np
from keras import layers
from keras.losses import BinaryCrossentropy, CategoricalCrossentropy
from keras.metrics import AUC, CategoricalAccuracy

HEADS = {"default": 1, "grade": 7}
FEATURES = ["income", "debt", "age", "utilisation", "inquiries", "open_lines"]


def applicants(n, rng):
    income = rng.lognormal(10.5, 0.6, n)
    debt = income * rng.beta(2, 5, n)
    age = rng.integers(19, 80, n).astype("float64")
    utilisation = rng.beta(2, 3, n)
    inquiries = rng.poisson(1.5, n)
    lines = rng.poisson(8, n)
    table = np.column_stack([income, debt, age, utilisation, inquiries, lines])
    risk = 3 * debt / income + 2 * utilisation + 0.3 * inquiries - 0.01 * age + rng.normal(0, 0.4, n)
    grade = np.digitize(risk, np.quantile(risk, np.arange(1, 7) / 7))
    answers = {
        "default": (risk > np.quantile(risk, 0.8)).astype("float32")[:, None],
        "grade": keras.utils.to_categorical(grade, HEADS["grade"]),
    }
    return table, answers


def build(heads):
    inputs = keras.Input(shape=(len(FEATURES),), name="applicant")
    trunk = inputs
    for width in (96, 48):
        trunk = layers.Dense(width, activation="gelu")(trunk)
        trunk = layers.Dropout(0.1)(trunk)
    outputs = {name: layers.Dense(units, name=name)(trunk) for name, units in heads.items()}
    return keras.Model(inputs, outputs)


def main():
    keras.utils.set_random_seed(21)
    table, answers = applicants(24_000, np.random.default_rng(21))
    x_fit, x_val = table[:20_000], table[20_000:]
    y_fit = {name: a[:20_000] for name, a in answers.items()}
    y_val = {name: a[20_000:] for name, a in answers.items()}
    mean, std = x_fit.mean(axis=0), x_fit.std(axis=0)
    x_fit, x_val = (x_fit - mean) / std, (x_val - mean) / std

    model = build(HEADS)
    model.compile(
        optimizer=keras.optimizers.Adam(1e-3),
        loss={name: CategoricalCrossentropy(from_logits=True) for name in HEADS},  # expect: single-output-cross-entropy
        loss_weights={"default": 1.0, "grade": 0.5},
        metrics={"default": [AUC(from_logits=True, name="auc")], "grade": [CategoricalAccuracy(name="acc")]},
    )
    model.fit(x_fit, y_fit, validation_data=(x_val, y_val), batch_size=256, epochs=12, verbose=2)

    logits = model.predict(x_val, verbose=0)
    check = BinaryCrossentropy(from_logits=True)
    print("held-out log loss of the default head:", float(check(y_val["default"], logits["default"])))
    print("grades given:", np.bincount(logits["grade"].argmax(axis=1), minlength=HEADS["grade"]))


if __name__ == "__main__":
    main()
