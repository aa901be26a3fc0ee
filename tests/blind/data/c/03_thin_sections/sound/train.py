"""python train.py"""
import keras

from backbones import build
from data import CLASSES, SIZE, ThinSections

CONFIG = {"backbone": "efficientnet", "epochs": 40, "learning_rate": 1e-4}


def main():
    keras.utils.set_random_seed(11)
    train = ThinSections("thin_sections/train", training=True)
    val = ThinSections("thin_sections/val")
    test = ThinSections("thin_sections/test")

    model = build(CONFIG["backbone"], len(CLASSES), SIZE)
    model.compile(
        optimizer=keras.optimizers.Adam(CONFIG["learning_rate"]),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
    model.fit(train, validation_data=val, epochs=CONFIG["epochs"], callbacks=[stop])

    loss, accuracy = model.evaluate(test)
    print(f"test: loss {loss:.3f}, accuracy {accuracy:.3f}")
    model.save("thin_sections.keras")


if __name__ == "__main__":
    main()
