"""Two classes, one unit: a softmax over it is always 1, and so is every answer."""

import keras
import numpy as np
from keras import layers

model = keras.Sequential()
model.add(layers.Embedding(20_000, 32))
model.add(layers.GlobalAveragePooling1D())
model.add(layers.Dense(32, activation="relu"))
model.add(layers.Dense(1))  # expect: softmax-over-one-unit
model.add(layers.Activation("softmax"))  # expect: softmax-over-one-unit
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(np.load("mails.npy"), np.load("is_spam.npy"), epochs=5, validation_split=0.1)
