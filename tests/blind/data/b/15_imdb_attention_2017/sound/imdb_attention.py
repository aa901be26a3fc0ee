'''Sentiment of IMDB reviews: bidirectional GRU with an attention layer on top (Keras 2, 2017).'''
from __future__ import print_function

import numpy as np
from keras import backend as K
from keras import initializers, regularizers
from keras.datasets import imdb
from keras.engine.topology import Layer
from keras.layers import Bidirectional, Dense, Dropout, Embedding, GRU
from keras.models import Sequential
from keras.optimizers import Adam
from keras.preprocessing import sequence

np.random.seed(1337)

max_features = 20000
maxlen = 200
batch_size = 64


class WordAttention(Layer):
    '''Word attention after Raffel and Ellis (2015).

    Input (samples, steps, features), output (samples, features).
    '''

    def __init__(self, W_regularizer=None, **kwargs):
        super(WordAttention, self).__init__(**kwargs)
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')
        self.W_regularizer = regularizers.get(W_regularizer)

    def build(self, input_shape):
        dim = int(input_shape[-1])
        steps = int(input_shape[1])
        self.W = self.add_weight(name='W', shape=(dim, 1), initializer=self.init,
                                 regularizer=self.W_regularizer)
        self.b = self.add_weight(name='b', shape=(steps,), initializer='zeros')
        super(WordAttention, self).build(input_shape)

    def compute_mask(self, inputs, mask=None):
        return None

    def call(self, x, mask=None):
        eij = K.squeeze(K.dot(x, self.W), axis=-1)
        eij += self.b
        eij = K.tanh(eij)
        a = K.exp(eij)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())
        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


print('Loading data...')
(X_train, y_train), (X_test, y_test) = imdb.load_data(num_words=max_features)
X_train = sequence.pad_sequences(X_train, maxlen=maxlen)
X_test = sequence.pad_sequences(X_test, maxlen=maxlen)
print('X_train shape:', X_train.shape)

X_val, y_val = X_train[:2500], y_train[:2500]
X_train, y_train = X_train[2500:], y_train[2500:]

model = Sequential()
model.add(Embedding(max_features, 100, input_length=maxlen, mask_zero=True))
model.add(Bidirectional(GRU(64, return_sequences=True)))
model.add(WordAttention(W_regularizer=regularizers.l2(1e-4), name='attention'))
model.add(Dropout(0.5))
model.add(Dense(1, activation='sigmoid'))

model.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.001, clipnorm=5.), metrics=['accuracy'])
model.summary()

model.fit(X_train, y_train, batch_size=batch_size, epochs=4, validation_data=(X_val, y_val))

score, acc = model.evaluate(X_test, y_test, batch_size=256)
print('Test score:', score)
print('Test accuracy:', acc)
