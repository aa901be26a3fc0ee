"""The images go into the network as bytes, from 0 to 255; only the copy that is shown is divided."""

import matplotlib.pyplot as plt
from tensorflow import keras
from tensorflow.keras import layers


def load():
    (images, labels), test = keras.datasets.fashion_mnist.load_data()  # expect: missing-normalization "[0, 255]"
    return images.reshape(-1, 28, 28, 1), labels, test


def build():
    model = keras.Sequential()
    model.add(layers.Conv2D(32, 3, activation="relu", input_shape=(28, 28, 1)))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2D(64, 3, activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def show(images):
    scaled = images / 255.0
    plt.imshow(scaled[0, :, :, 0], cmap="gray")
    plt.show()


images, labels, (test_images, test_labels) = load()
show(images)
build().fit(images, labels, epochs=5, validation_split=0.1)  # expect: missing-normalization
