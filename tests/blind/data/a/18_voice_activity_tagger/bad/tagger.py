import keras
from keras import layers, losses


class FrameTagger(keras.Model):
    """Tags the middle frame of a window of log-mel frames; returns logits."""

    def __init__(self, tags, units=48, **kwargs):
        super().__init__(**kwargs)
        self.mix = layers.Conv1D(32, 3, activation="relu")
        self.listen = layers.Bidirectional(layers.GRU(units))
        self.drop = layers.Dropout(0.3)
        self.out = layers.Dense(len(tags))

    def call(self, frames, training=False):
        h = self.listen(self.mix(frames))
        return self.out(self.drop(h, training=training))


def loss_for(tags, exclusive):
    """Tags that shut each other out compete; the others are judged one by one."""
    if exclusive:
        return losses.CategoricalCrossentropy(from_logits=True)
    return losses.BinaryCrossentropy(from_logits=True)
