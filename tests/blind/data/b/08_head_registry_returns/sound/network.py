"""A tabular network: scaling inside, a few dense blocks, an exchangeable head."""
import keras
from keras import layers

from heads import Head


class OrderNet(keras.Model):
    def __init__(self, head: Head, widths=(64, 32), rate=0.2, **kwargs):
        super().__init__(**kwargs)
        self.scale = layers.Normalization(axis=-1)
        self.blocks = [layers.Dense(width, activation="relu") for width in widths]
        self.drop = layers.Dropout(rate)
        self.head = head.build()

    def adapt(self, orders):
        self.scale.adapt(orders)
        return self

    def call(self, orders, training=False):
        x = self.scale(orders)
        for block in self.blocks:
            x = self.drop(block(x), training=training)
        return self.head(x)
