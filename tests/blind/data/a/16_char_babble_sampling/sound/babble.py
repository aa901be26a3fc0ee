"""Character-level language model; babbles a little after every epoch."""
import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

WINDOW = 40
BATCH = 128
SEED_TEXT = "the will to truth, which still tempts us"

path = keras.utils.get_file("nietzsche.txt", "https://s3.amazonaws.com/text-datasets/nietzsche.txt")
with open(path, encoding="utf-8") as f:
    text = f.read().lower().replace("\n", " ")

alphabet = sorted(set(text))
to_id = {c: i for i, c in enumerate(alphabet)}
ids = np.array([to_id[c] for c in text], dtype="int32")
split = int(0.95 * len(ids))


class Windows(keras.utils.Sequence):
    def __init__(self, ids, step=3):
        super().__init__()
        self.ids = ids
        self.starts = np.arange(0, len(ids) - WINDOW - 1, step)
        self.on_epoch_end()

    def __len__(self):
        return len(self.starts) // BATCH

    def __getitem__(self, index):
        chosen = self.starts[index * BATCH:(index + 1) * BATCH]
        x = np.stack([self.ids[s:s + WINDOW] for s in chosen])
        return x, self.ids[chosen + WINDOW]

    def on_epoch_end(self):
        np.random.shuffle(self.starts)


def sample(scores, temperature=1.0):
    scores = np.log(np.asarray(scores, dtype="float64") + 1e-9) / temperature
    odds = np.exp(scores)
    odds = odds / np.sum(odds)
    return int(np.argmax(np.random.multinomial(1, odds)))


class Babble(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        for temperature in (0.3, 0.7, 1.0):
            window = [to_id[c] for c in SEED_TEXT[:WINDOW]]
            said = ""
            for _ in range(160):
                scores = self.model.predict(np.array([window]), verbose=0)[0]
                following = sample(scores, temperature)
                window = window[1:] + [following]
                said += alphabet[following]
            print(f"\n[{temperature}] {SEED_TEXT}|{said}")


model = keras.Sequential([
    layers.Input((WINDOW,), dtype="int32"),
    layers.Embedding(len(alphabet), 32),
    layers.LSTM(128),
    layers.Dropout(0.2),
    layers.Dense(len(alphabet), activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.RMSprop(learning_rate=2e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(),
)
model.fit(Windows(ids[:split]), validation_data=Windows(ids[split:]), epochs=20, callbacks=[Babble()])
model.save("babble.keras")
