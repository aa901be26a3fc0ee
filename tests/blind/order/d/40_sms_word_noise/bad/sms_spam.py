"""Spam filter for text messages with a custom word-dropping layer."""
import keras
import numpy as np
from keras import layers

VOCAB, LENGTH = 5000, 40


@keras.saving.register_keras_serializable("sms")
class WordDrop(layers.Layer):
    """Drop whole word vectors."""

    def __init__(self, rate=0.1, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        self.seed = seed
        self.generator = keras.random.SeedGenerator(seed)

    def call(self, vectors, training=None):
        if self.rate > 0:
            return keras.random.dropout(vectors, self.rate, noise_shape=(None, None, 1), seed=self.generator)  # expect: always-on-dropout
        return vectors

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


def build():
    tokens = keras.Input((LENGTH,), dtype="int32")
    h = layers.Embedding(VOCAB, 32)(tokens)
    h = WordDrop(0.15, seed=3)(h)
    h = layers.Conv1D(48, 3, padding="same", activation="relu")(h)
    h = layers.GlobalMaxPooling1D()(h)
    h = layers.Dense(24, activation="relu")(h)
    spam = layers.Dense(1, activation="sigmoid")(h)
    return keras.Model(tokens, spam)


def messages(n, seed):
    rng = np.random.default_rng(seed)
    spam = rng.integers(0, 2, size=n)
    tokens = rng.integers(200, VOCAB, size=(n, LENGTH))
    hints = rng.integers(1, 100, size=(n, 3)) + 100 * spam[:, None]
    tokens[:, 5:8] = np.where(rng.random((n, 3)) < 0.6, hints, tokens[:, 5:8])
    return tokens.astype("int32"), spam.astype("float32")[:, None]


def main():
    keras.utils.set_random_seed(3)
    x_train, y_train = messages(6000, seed=1)
    x_val, y_val = messages(1000, seed=2)
    x_test, y_test = messages(1000, seed=3)

    model = build()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss="binary_crossentropy",
        metrics=["accuracy", keras.metrics.AUC(name="auc")],
    )
    stop = keras.callbacks.EarlyStopping(monitor="val_auc", mode="max", patience=3, restore_best_weights=True)
    model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=15, batch_size=64, callbacks=[stop], verbose=2)
    print(model.evaluate(x_test, y_test, verbose=0, return_dict=True))


if __name__ == "__main__":
    main()
