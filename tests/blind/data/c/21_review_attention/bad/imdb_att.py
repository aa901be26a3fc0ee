# -*- coding: utf-8 -*-
'''Bidirectional LSTM with an attention layer on the IMDB sentiment task.

Keras 2.x, any backend.
'''
from __future__ import print_function

import numpy as np
from keras import backend as K
from keras import initializers
from keras.datasets import imdb
from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding, Input, Layer
from keras.models import Model
from keras.preprocessing import sequence

np.random.seed(1337)

max_features = 20000
maxlen = 200
batch_size = 64


class AttentionWeightedAverage(Layer):
    '''(samples, steps, features) -> (samples, features)'''

    def __init__(self, **kwargs):
        super(AttentionWeightedAverage, self).__init__(**kwargs)
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')

    def build(self, input_shape):
        self.W = self.add_weight(name='att_W', shape=(int(input_shape[-1]), 1), initializer=self.init)
        self.b = self.add_weight(name='att_b', shape=(1,), initializer='zeros')
        super(AttentionWeightedAverage, self).build(input_shape)

    def call(self, x, mask=None):
        eij = K.squeeze(K.dot(x, self.W), axis=-1)
        eij = eij + self.b

        a = K.exp(eij)
        if mask is not None:
            a *= K.cast(mask, K.floatx())
        a /= K.sum(a, axis=1, keepdims=True) + K.epsilon()  # expect: hand-rolled-softmax

        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_mask(self, inputs, mask=None):
        return None

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


print('Loading data...')
(x_train, y_train), (x_test, y_test) = imdb.load_data(num_words=max_features)
x_train = sequence.pad_sequences(x_train, maxlen=maxlen)
x_test = sequence.pad_sequences(x_test, maxlen=maxlen)

x_val, y_val = x_train[:2500], y_train[:2500]
x_train, y_train = x_train[2500:], y_train[2500:]
print(len(x_train), 'train', len(x_val), 'validation', len(x_test), 'test')

inp = Input(shape=(maxlen,), dtype='int32')
h = Embedding(max_features, 128, mask_zero=True)(inp)
h = Bidirectional(LSTM(64, return_sequences=True, dropout=0.2))(h)
h = AttentionWeightedAverage()(h)
h = Dense(64, activation='relu')(h)
h = Dropout(0.5)(h)
out = Dense(1, activation='sigmoid')(h)

model = Model(inputs=inp, outputs=out)
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.summary()

model.fit(x_train, y_train, batch_size=batch_size, epochs=4, validation_data=(x_val, y_val))

score, acc = model.evaluate(x_test, y_test, batch_size=batch_size)
print('Test score:', score)
print('Test accuracy:', acc)
