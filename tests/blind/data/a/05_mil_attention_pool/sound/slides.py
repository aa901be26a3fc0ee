"""Multiple-instance learning: is there a tumour in a bag of 24 histology tiles?"""
import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

TILES, SIDE = 24, 48


class QueryPool(layers.Layer):
    """Averages a bag of embeddings, weighted by their agreement with a learned query."""

    def __init__(self, dim, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.scale = 10.0
        self.key = layers.Dense(dim, activation="relu")

    def build(self, input_shape):
        self.key.build(input_shape)
        self.query = self.add_weight(name="query", shape=(self.dim, 1), initializer="glorot_uniform")

    def call(self, bag):
        keys = ops.normalize(self.key(bag), axis=-1)
        scores = ops.matmul(keys, ops.normalize(self.query, axis=0)) * self.scale
        mass = ops.exp(scores)
        attention = mass / ops.sum(mass, axis=1, keepdims=True)
        return ops.sum(attention * bag, axis=1)


class BagClassifier(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.encoder = layers.TimeDistributed(
            keras.Sequential(
                [
                    layers.Conv2D(16, 3, activation="relu"),
                    layers.MaxPooling2D(),
                    layers.Conv2D(32, 3, activation="relu"),
                    layers.MaxPooling2D(),
                    layers.Conv2D(64, 3, activation="relu"),
                    layers.GlobalAveragePooling2D(),
                ]
            )
        )
        self.pool = QueryPool(32)
        self.dropout = layers.Dropout(0.3)
        self.head = layers.Dense(1, activation="sigmoid")

    def call(self, bags, training=False):
        pooled = self.pool(self.encoder(bags))
        return self.head(self.dropout(pooled, training=training))

    def train_step(self, data):
        bags, labels = data
        with tf.GradientTape() as tape:
            chance = self(bags, training=True)
            loss = self.compute_loss(x=bags, y=labels, y_pred=chance)
        grads = tape.gradient(loss, self.trainable_variables)
        grads, _ = tf.clip_by_global_norm(grads, 1.0)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        for metric in self.metrics:
            if metric.name == "loss":
                metric.update_state(loss)
            else:
                metric.update_state(labels, chance)
        return {m.name: m.result() for m in self.metrics}


def read(part):
    with np.load(f"slides_{part}.npz") as archive:
        bags = archive["tiles"].reshape(-1, TILES, SIDE, SIDE, 3).astype("float32") / 255.0
        return bags, archive["tumour"].reshape(-1, 1).astype("float32")


if __name__ == "__main__":
    keras.utils.set_random_seed(3)
    x_train, y_train = read("train")
    model = BagClassifier()
    model.compile(keras.optimizers.Adam(3e-4), loss="binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
    model.fit(x_train, y_train, batch_size=8, epochs=30, validation_data=read("val"))
    print(model.evaluate(*read("test"), batch_size=8, return_dict=True))
