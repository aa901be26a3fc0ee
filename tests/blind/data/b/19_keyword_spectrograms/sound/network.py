from tensorflow.keras import Input, Model, layers


def conv_block(x, filters, stride):
    x = layers.SeparableConv2D(filters, 3, strides=stride, padding="same")(x)
    return layers.Activation("swish")(x)


def keyword_net(shape, keywords, filters=(32, 64, 128)):
    picture = Input(shape=(*shape, 1), name="spectrogram")
    x = layers.Rescaling(2.0, offset=-1.0)(picture)
    x = layers.Conv2D(16, (5, 3), padding="same", activation="swish")(x)
    for n in filters:
        x = conv_block(x, n, stride=2)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dropout(0.25)(x)
    return Model(picture, layers.Dense(keywords, activation="softmax")(x), name="keyword_net")
