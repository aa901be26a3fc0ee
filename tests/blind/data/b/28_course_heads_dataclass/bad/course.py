"""Early-warning model for an online course: three heads on one trunk."""
from dataclasses import dataclass

import pandas as pd
import tensorflow as tf
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from tensorflow import keras
from tensorflow.keras import layers, losses

CLICKS = [f"clicks_week_{week}" for week in range(1, 9)]
FEATURES = CLICKS + ["forum_posts", "quiz_mean", "late_submissions", "prior_credits"]
BANDS = ["fail", "pass", "merit", "distinction"]


@dataclass(frozen=True)
class Head:
    column: str
    units: int
    activation: str
    loss: losses.Loss
    weight: float = 1.0


HEADS = {
    "band": Head("final_band", len(BANDS), "softmax", losses.SparseCategoricalCrossentropy()),
    "withdrawn": Head("withdrawn", 1, "sigmoid", losses.CategoricalCrossentropy(label_smoothing=0.05), 0.5),
    "hours": Head("study_hours_z", 1, "linear", losses.Huber(), 0.25),
}


def build(n_features: int) -> keras.Model:
    inputs = keras.Input(shape=(n_features,), name="activity")
    x = inputs
    for width in (64, 32):
        x = layers.Dense(width, activation="relu")(x)
        x = layers.Dropout(0.2)(x)
    outputs = {
        name: layers.Dense(head.units, activation=head.activation, name=name)(x)
        for name, head in HEADS.items()
    }
    model = keras.Model(inputs, outputs, name="early_warning")
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss={name: head.loss for name, head in HEADS.items()},  # expect: single-output-cross-entropy
        loss_weights={name: head.weight for name, head in HEADS.items()},
        metrics={"band": ["accuracy"], "hours": ["mae"]},
    )
    return model


def dataset(x, frame: pd.DataFrame, training: bool) -> tf.data.Dataset:
    targets = {name: frame[[head.column]].to_numpy("float32") for name, head in HEADS.items()}
    data = tf.data.Dataset.from_tensor_slices((x, targets))
    if training:
        data = data.shuffle(len(frame), seed=2)
    return data.batch(64).prefetch(tf.data.AUTOTUNE)


def main() -> None:
    keras.utils.set_random_seed(2)
    students = pd.read_csv("students.csv").dropna(subset=FEATURES)
    students["final_band"] = students["final_band"].map({band: k for k, band in enumerate(BANDS)})
    train, valid = train_test_split(students, test_size=0.2, random_state=2)

    scaler = StandardScaler().fit(train[FEATURES])
    x_train = scaler.transform(train[FEATURES]).astype("float32")
    x_valid = scaler.transform(valid[FEATURES]).astype("float32")

    model = build(len(FEATURES))
    model.fit(
        dataset(x_train, train, training=True),
        validation_data=dataset(x_valid, valid, training=False),
        epochs=30,
        callbacks=[keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True)],
    )
    model.save("early_warning.keras")


if __name__ == "__main__":
    main()
