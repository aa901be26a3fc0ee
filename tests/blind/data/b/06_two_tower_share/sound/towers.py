"""Two-tower retrieval for a grocery shop: which articles will a shopper put into the basket?"""
import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

N_SHOPPERS, N_ARTICLES = 20000, 1500
SHOPPER_DIM, ARTICLE_DIM, DIM = 24, 16, 32
TEMPERATURE = 0.15


def simulate(rng):
    articles = rng.normal(size=(N_ARTICLES, ARTICLE_DIM)).astype("float32")
    shoppers = rng.normal(size=(N_SHOPPERS, SHOPPER_DIM)).astype("float32")
    taste = rng.normal(size=(SHOPPER_DIM, ARTICLE_DIM)) / np.sqrt(SHOPPER_DIM)
    liking = shoppers @ taste @ articles.T + rng.gumbel(size=(N_SHOPPERS, N_ARTICLES))
    return shoppers, articles, liking.argmax(axis=1)


def tower(n_inputs, name):
    return keras.Sequential([
        keras.Input((n_inputs,)),
        layers.Dense(128, activation="gelu"),
        layers.Dropout(0.1),
        layers.Dense(DIM),
        layers.UnitNormalization(axis=-1),
    ], name=name)


class TwoTower(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.shopper_tower = tower(SHOPPER_DIM, "shopper")
        self.article_tower = tower(ARTICLE_DIM, "article")
        self.loss_tracker = keras.metrics.Mean(name="loss")

    @property
    def metrics(self):
        return [self.loss_tracker]

    def call(self, pair, training=False):
        shopper, article = pair
        q = self.shopper_tower(shopper, training=training)
        v = self.article_tower(article, training=training)
        return tf.matmul(q, v, transpose_b=True) / TEMPERATURE

    def in_batch_loss(self, pair, training):
        scores = self(pair, training=training)
        own = tf.range(tf.shape(scores)[0])
        return tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(own, scores, from_logits=True))

    def train_step(self, pair):
        with tf.GradientTape() as tape:
            loss = self.in_batch_loss(pair, training=True)
        grads = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(grads, self.trainable_variables))
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, pair):
        self.loss_tracker.update_state(self.in_batch_loss(pair, training=False))
        return {"loss": self.loss_tracker.result()}


def market_share(model, shoppers, articles):
    """Expected share of each article in the baskets of these shoppers."""
    q = model.shopper_tower.predict(shoppers, verbose=0)
    v = model.article_tower.predict(articles, verbose=0)
    pull = np.exp(q @ v.T / TEMPERATURE)
    return (pull / pull.sum(axis=1, keepdims=True)).mean(axis=0)


def main():
    keras.utils.set_random_seed(4)
    shoppers, articles, bought = simulate(np.random.default_rng(4))
    cut = int(0.9 * N_SHOPPERS)

    def pairs(part):
        return tf.data.Dataset.from_tensor_slices((shoppers[part], articles[bought[part]]))

    train = pairs(slice(None, cut)).shuffle(cut).batch(256, drop_remainder=True).prefetch(2)
    valid = pairs(slice(cut, None)).batch(256, drop_remainder=True)

    model = TwoTower()
    model.compile(optimizer=keras.optimizers.Adam(1e-3))
    model.fit(train, validation_data=valid, epochs=12)

    share = market_share(model, shoppers[cut:], articles)
    for article in share.argsort()[::-1][:10]:
        print(f"article {article:5d}: {100 * share[article]:.2f} %")


if __name__ == "__main__":
    main()
