"""Chest radiographs: is there a pneumonia? Folders train/, val/ and test/ with one sub-folder per finding."""
import keras
from keras import layers

FINDINGS = ("normal", "pneumonia")
SIZE = (160, 160)

UNITS = 1 if len(FINDINGS) == 2 else len(FINDINGS)
SQUASH = "sigmoid" if UNITS == 1 else "softmax"
LABELS = "binary" if UNITS == 1 else "categorical"
LOSS = "categorical_crossentropy"


def read(part, shuffle):
    return keras.utils.image_dataset_from_directory(
        f"chest_xray/{part}",
        label_mode=LABELS,
        class_names=list(FINDINGS),
        color_mode="grayscale",
        image_size=SIZE,
        batch_size=32,
        shuffle=shuffle,
        seed=21,
    )


def residual(x, filters):
    shortcut = layers.Conv2D(filters, 1, strides=2)(x)
    x = layers.SeparableConv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    x = layers.SeparableConv2D(filters, 3, padding="same")(x)
    x = layers.BatchNormalization()(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    return layers.Activation("relu")(layers.add([x, shortcut]))


def build():
    image = keras.Input(shape=(*SIZE, 1))
    x = layers.Rescaling(1.0 / 255)(image)
    x = layers.Conv2D(32, 3, strides=2, padding="same", activation="relu")(x)
    for filters in (64, 128, 192):
        x = residual(x, filters)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.4)(x)
    finding = layers.Dense(UNITS, activation=SQUASH, name="finding")(x)
    return keras.Model(image, finding, name="chest_xray")


def main():
    keras.utils.set_random_seed(21)
    train, val, test = read("train", True), read("val", False), read("test", False)
    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(3e-4),
        loss=LOSS,  # expect: single-output-cross-entropy
        metrics=[keras.metrics.AUC(name="auc")],
    )
    keep = keras.callbacks.ModelCheckpoint("chest_xray.keras", monitor="val_auc", mode="max", save_best_only=True)
    model.fit(train, validation_data=val, epochs=30, callbacks=[keep])

    best = keras.models.load_model("chest_xray.keras")
    print(best.evaluate(test, return_dict=True))


if __name__ == "__main__":
    main()
