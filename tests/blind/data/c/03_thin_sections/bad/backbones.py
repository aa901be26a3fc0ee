"""Networks for the thin sections; all are trained from scratch."""
import keras
from keras import layers
from keras.applications import VGG16, EfficientNetB0

BACKBONES = {
    "vgg": VGG16,
    "efficientnet": EfficientNetB0,
}


def build(name, num_classes, size, dropout=0.3):
    backbone = BACKBONES[name](
        include_top=False,
        weights=None,
        input_shape=(size, size, 3),
        pooling="avg",
    )
    x = layers.Dropout(dropout)(backbone.output)
    logits = layers.Dense(num_classes, name="logits")(x)
    return keras.Model(backbone.input, logits, name=f"{name}_thin_sections")
