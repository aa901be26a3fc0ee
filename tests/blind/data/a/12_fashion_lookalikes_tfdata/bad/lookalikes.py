"""Items that look like the one in the basket: embed the shop's pictures, recommend the nearest."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

BATCH = 128

(x_all, y_all), (x_test, y_test) = tf.keras.datasets.fashion_mnist.load_data()
x_all = x_all[..., np.newaxis].astype("float32")
x_test = x_test[..., np.newaxis].astype("float32")

x_train, x_val = x_all[:-6000], x_all[-6000:]
y_train, y_val = y_all[:-6000], y_all[-6000:]


def prepare(picture, label):
    return tf.image.convert_image_dtype(picture, tf.float32), label


def pipeline(pictures, labels, shuffle=False):
    ds = tf.data.Dataset.from_tensor_slices((pictures, labels))
    if shuffle:
        ds = ds.shuffle(len(pictures), seed=3)
    return ds.map(prepare, num_parallel_calls=tf.data.AUTOTUNE).batch(BATCH).prefetch(tf.data.AUTOTUNE)


picture = layers.Input((28, 28, 1))
h = layers.Conv2D(32, 3, activation="relu")(picture)
h = layers.MaxPooling2D()(h)
h = layers.Conv2D(64, 3, activation="relu")(h)
h = layers.MaxPooling2D()(h)
h = layers.Conv2D(96, 3, activation="relu")(h)
h = layers.GlobalAveragePooling2D()(h)
embedding = layers.Dense(48, activation="relu", name="embedding")(h)
logits = layers.Dense(10)(layers.Dropout(0.3)(embedding))

classifier = tf.keras.Model(picture, logits)
embedder = tf.keras.Model(picture, embedding)

classifier.compile(
    optimizer=tf.keras.optimizers.Adam(1e-3),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
classifier.fit(pipeline(x_train, y_train, shuffle=True), validation_data=pipeline(x_val, y_val), epochs=8)  # expect: missing-normalization

loss, accuracy = classifier.evaluate(pipeline(x_test, y_test))
print(f"test loss {loss:.3f}, accuracy {accuracy:.3f}")

catalogue = embedder.predict(pipeline(x_test, y_test))
catalogue /= np.linalg.norm(catalogue, axis=1, keepdims=True) + 1e-8
for basket in (0, 17, 256):
    nearest = np.argsort(-(catalogue @ catalogue[basket]))[1:6]
    print("item", basket, "of kind", y_test[basket], "->", nearest, "of kinds", y_test[nearest])
