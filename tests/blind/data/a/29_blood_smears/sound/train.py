import keras

from data import CellBatches
from network import build

SIDE = 96
INPUT_STAGE = {"scale": 2.0, "offset": -1.0}


def main():
    keras.utils.set_random_seed(17)
    train = CellBatches("cells/train", SIDE, shuffle=True)
    valid = CellBatches("cells/valid", SIDE)
    model = build(SIDE, **INPUT_STAGE)
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=1e-3, weight_decay=1e-4),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_auc", mode="max", patience=5, restore_best_weights=True)
    model.fit(train, validation_data=valid, epochs=30, callbacks=[stop])
    model.save("smear_net.keras")
    print(model.evaluate(CellBatches("cells/test", SIDE), return_dict=True))


if __name__ == "__main__":
    main()
