from tensorflow import keras

from data import list_files, pipeline
from model import build_model

BATCH = 64


def main() -> None:
    files = list_files("EuroSAT_RGB")
    n_test, n_val = len(files) // 5, len(files) // 10
    test = pipeline(files[:n_test], BATCH, training=False)
    val = pipeline(files[n_test:n_test + n_val], BATCH, training=False)
    train = pipeline(files[n_test + n_val:], BATCH, training=True)

    model = build_model()
    model.compile(
        optimizer=keras.optimizers.Adam(5e-4),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["sparse_categorical_accuracy"],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
    model.fit(train, validation_data=val, epochs=60, callbacks=[stop])
    loss, accuracy = model.evaluate(test)
    print(f"test: loss {loss:.4f}, accuracy {accuracy:.4f}")
    model.save("landcover.keras")


if __name__ == "__main__":
    main()
