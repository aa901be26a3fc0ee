from tensorflow import keras
from tensorflow.keras import layers


def conv_unit(x, filters):
    x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.Activation("relu")(x)
    return layers.MaxPooling2D()(x)


def fault_net(shape, n_faults):
    inputs = keras.Input(shape=shape)
    x = layers.Rescaling(2.0, offset=-1.0, name="rescale")(inputs)
    for filters in (32, 64, 128):
        x = conv_unit(x, filters)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.3)(x)
    return keras.Model(inputs, layers.Dense(n_faults, activation="softmax")(x), name="fault_net")
