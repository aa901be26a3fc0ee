"""Homework 5: a small convolutional network for CIFAR-10, fed by tf.data."""
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

keras.utils.set_random_seed(7)

BATCH = 64
EPOCHS = 25
NAMES = ["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def make_dataset(images, labels, training):
    ds = tf.data.Dataset.from_tensor_slices((images, labels.squeeze()))
    if training:
        ds = ds.shuffle(10_000)
    ds = ds.batch(BATCH)
    ds = ds.map(lambda x, y: (tf.cast(x, tf.float32), y), num_parallel_calls=tf.data.AUTOTUNE)
    return ds.prefetch(tf.data.AUTOTUNE)


(x_full, y_full), (x_test, y_test) = keras.datasets.cifar10.load_data()
x_train, y_train = x_full[:45_000], y_full[:45_000]
x_val, y_val = x_full[45_000:], y_full[45_000:]

train_ds = make_dataset(x_train, y_train, training=True)
val_ds = make_dataset(x_val, y_val, training=False)
test_ds = make_dataset(x_test, y_test, training=False)

prepare = keras.Sequential(
    [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.1, 0.1),
        layers.RandomRotation(0.02),
    ],
    name="prepare",
)


def conv(filters):
    return layers.Conv2D(filters, 3, padding="same", activation="relu", kernel_initializer="he_normal")


model = keras.Sequential(
    [
        keras.Input(shape=(32, 32, 3)),
        prepare,
        conv(32),
        conv(32),
        layers.MaxPooling2D(),
        conv(64),
        conv(64),
        layers.MaxPooling2D(),
        conv(128),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.3),
        layers.Dense(len(NAMES)),
    ]
)
model.summary()

model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
history = model.fit(train_ds, validation_data=val_ds, epochs=EPOCHS)  # expect: missing-normalization

loss, accuracy = model.evaluate(test_ds, verbose=0)
print(f"best validation accuracy {max(history.history['val_accuracy']):.3f}")
print(f"test loss {loss:.3f}  test accuracy {accuracy:.3f}")
