import tensorflow as tf

from network import keyword_net
from pictures import SIZE, load

FOLDER = "spectrograms"


def main():
    tf.keras.utils.set_random_seed(5)
    train, keywords = load(FOLDER, "training")
    valid, _ = load(FOLDER, "validation")

    model = keyword_net(SIZE, len(keywords))
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate=1e-3),
        loss=tf.keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    stop = tf.keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
    model.fit(train, validation_data=valid, epochs=30, callbacks=[stop])
    model.save("keyword_net.keras")


if __name__ == "__main__":
    main()
