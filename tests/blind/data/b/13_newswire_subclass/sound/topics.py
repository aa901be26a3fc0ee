"""Topic classification of Reuters newswires with a bag of words."""
from __future__ import annotations

import numpy as np
import tensorflow as tf
from tensorflow import keras

VOCABULARY = 10_000
TOPICS = 46


def bag_of_words(documents, width: int = VOCABULARY) -> np.ndarray:
    bags = np.zeros((len(documents), width), dtype="float32")
    for row, words in enumerate(documents):
        bags[row, words] = 1.0
    return bags


class TopicModel(keras.Model):
    def __init__(self, widths: tuple[int, ...] = (256, 128), **kwargs):
        super().__init__(**kwargs)
        self.hidden = [keras.layers.Dense(w, activation="relu") for w in widths]
        self.topic = keras.layers.Dense(TOPICS)

    def call(self, bags):
        h = bags
        for layer in self.hidden:
            h = layer(h)
        return self.topic(h)


class Watch(keras.callbacks.Callback):
    """Remembers the best held-out loss and ends the run when it is long gone."""

    def __init__(self, patience: int = 3):
        super().__init__()
        self.patience = patience
        self.best = np.inf
        self.since = 0

    def on_epoch_end(self, epoch, logs=None):
        current = (logs or {}).get("val_loss", np.inf)
        if current < self.best:
            self.best, self.since = current, 0
            return
        self.since += 1
        if self.since >= self.patience:
            print(f"\nepoch {epoch + 1}: no better than {self.best:.4f} for {self.since} epochs")
            self.model.stop_training = True


def main() -> None:
    keras.utils.set_random_seed(7)
    (train_docs, train_topics), (test_docs, test_topics) = keras.datasets.reuters.load_data(
        num_words=VOCABULARY, test_split=0.2)
    x, y = bag_of_words(train_docs), np.asarray(train_topics)
    x_val, y_val = x[:1000], y[:1000]
    x_fit, y_fit = x[1000:], y[1000:]

    model = TopicModel()
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=1e-3),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.SparseCategoricalAccuracy(name="acc")],
    )
    callbacks = [Watch(patience=3), keras.callbacks.CSVLogger("topics.csv"), keras.callbacks.TerminateOnNaN()]
    model.fit(x_fit, y_fit, validation_data=(x_val, y_val), batch_size=256, epochs=25, callbacks=callbacks, verbose=2)

    loss, acc = model.evaluate(bag_of_words(test_docs), np.asarray(test_topics), batch_size=512, verbose=0)
    print(f"test loss {loss:.4f}, accuracy {acc:.3f}")
    top = tf.math.top_k(tf.nn.softmax(model.predict(x_val[:5], verbose=0)), k=3)
    print(top.indices.numpy(), top.values.numpy().round(2))


if __name__ == "__main__":
    main()
