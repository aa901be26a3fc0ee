from tensorflow import keras

from network import fault_net
from pipeline import FAULTS, SIZE, batches, listing


def main():
    keras.utils.set_random_seed(17)
    pairs = listing("thermal")
    a, b = int(0.7 * len(pairs)), int(0.85 * len(pairs))
    train, valid, test = (batches(part, training) for part, training in
                          ((pairs[:a], True), (pairs[a:b], False), (pairs[b:], False)))

    model = fault_net(SIZE + (3,), len(FAULTS))
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    keep_best = keras.callbacks.ModelCheckpoint("fault_net.keras", monitor="val_loss", save_best_only=True)
    model.fit(train, validation_data=valid, epochs=30, callbacks=[keep_best])

    best = keras.models.load_model("fault_net.keras")
    print(dict(zip(("loss", "accuracy"), best.evaluate(test, verbose=0))))


if __name__ == "__main__":
    main()
