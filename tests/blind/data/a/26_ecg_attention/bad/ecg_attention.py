# -*- coding: utf-8 -*-
# Heartbeat classification (MIT-BIH beats, csv with 187 samples + label per row).
# Keras 2.1, TensorFlow backend
from __future__ import print_function

import numpy as np
from keras import backend as K
from keras import initializers
from keras.callbacks import EarlyStopping
from keras.engine.topology import Layer
from keras.layers import LSTM, Bidirectional, Conv1D, Dense, Dropout, MaxPooling1D
from keras.models import Sequential
from keras.optimizers import Adam
from keras.utils import np_utils

np.random.seed(1337)

BEAT_LEN = 187
NB_CLASSES = 5
BATCH_SIZE = 64
NB_EPOCHS = 25


class TimeAttention(Layer):
    """Weighted mean over the time axis: (batch, steps, dim) -> (batch, dim)."""

    def __init__(self, units=32, **kwargs):
        self.units = units
        self.init = initializers.get('glorot_uniform')
        super(TimeAttention, self).__init__(**kwargs)

    def build(self, input_shape):
        self.W = self.add_weight(name='W', shape=(input_shape[-1], self.units),
                                 initializer=self.init, trainable=True)
        self.b = self.add_weight(name='b', shape=(self.units,),
                                 initializer='zero', trainable=True)
        self.u = self.add_weight(name='u', shape=(self.units, 1),
                                 initializer=self.init, trainable=True)
        super(TimeAttention, self).build(input_shape)

    def call(self, x):
        h = K.tanh(K.dot(x, self.W) + self.b)
        e = K.squeeze(K.dot(h, self.u), axis=-1)
        a = K.exp(e)
        a /= K.cast(K.sum(a, axis=1, keepdims=True) + K.epsilon(), K.floatx())  # expect: hand-rolled-softmax
        return K.sum(x * K.expand_dims(a), axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])


def load_beats(path):
    table = np.loadtxt(path, delimiter=',')
    return table[:, :BEAT_LEN], table[:, BEAT_LEN].astype('int32')


X, y = load_beats('mitbih_train.csv')
X_test, y_test = load_beats('mitbih_test.csv')

order = np.random.permutation(len(X))
X, y = X[order], y[order]
n_val = len(X) // 10
X_val, y_val, X, y = X[:n_val], y[:n_val], X[n_val:], y[n_val:]

mean, std = X.mean(), X.std()
X, X_val, X_test = [((part - mean) / std)[..., np.newaxis] for part in (X, X_val, X_test)]
Y, Y_val, Y_test = [np_utils.to_categorical(part, NB_CLASSES) for part in (y, y_val, y_test)]
print(X.shape[0], 'train beats,', X_val.shape[0], 'validation beats')

model = Sequential()
model.add(Conv1D(32, 5, activation='relu', input_shape=(BEAT_LEN, 1)))
model.add(MaxPooling1D(2))
model.add(Bidirectional(LSTM(32, return_sequences=True)))
model.add(TimeAttention(32))
model.add(Dropout(0.3))
model.add(Dense(NB_CLASSES, activation='softmax'))

model.compile(loss='categorical_crossentropy', optimizer=Adam(lr=0.001), metrics=['accuracy'])
model.summary()
model.fit(X, Y, batch_size=BATCH_SIZE, epochs=NB_EPOCHS, verbose=1,
          validation_data=(X_val, Y_val), callbacks=[EarlyStopping(monitor='val_loss', patience=4)])

score = model.evaluate(X_test, Y_test, verbose=0)
print('Test loss:', score[0])
print('Test accuracy:', score[1])
