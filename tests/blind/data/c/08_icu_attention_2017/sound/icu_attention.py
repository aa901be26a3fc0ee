# -*- coding: utf-8 -*-
"""Mortality on the intensive care unit: GRU with attention over 48 hours (Keras 2.1)."""
from __future__ import print_function

import numpy as np
from keras.callbacks import EarlyStopping, ModelCheckpoint
from keras.layers import Activation, Dense, Dropout, Flatten, GRU, Input, Reshape, dot
from keras.models import Model
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

np.random.seed(1337)

HOURS = 48
SIGNALS = 12

X = np.load('vitals.npy').astype('float32')
y = np.load('died.npy').astype('float32')
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=1337)
X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, stratify=y_train, random_state=1337)

mean = X_train.mean(axis=(0, 1))
std = X_train.std(axis=(0, 1)) + 1e-6
X_train = (X_train - mean) / std
X_val = (X_val - mean) / std
X_test = (X_test - mean) / std


def attend(states):
    e = Dense(32, activation='tanh')(states)
    e = Dense(1)(e)
    e = Flatten()(e)
    alpha = Activation('softmax', name='alpha')(e)
    alpha = Reshape((HOURS, 1))(alpha)
    context = dot([alpha, states], axes=1)
    return Flatten()(context)


inputs = Input(shape=(HOURS, SIGNALS))
states = GRU(64, return_sequences=True, dropout=0.2)(inputs)
context = attend(states)
context = Dropout(0.3)(context)
context = Dense(32, activation='relu')(context)
risk = Dense(1, activation='sigmoid')(context)

model = Model(inputs=inputs, outputs=risk)
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.summary()

callbacks = [
    EarlyStopping(monitor='val_loss', patience=4),
    ModelCheckpoint('icu_attention.h5', monitor='val_loss', save_best_only=True),
]
model.fit(X_train, y_train, batch_size=64, epochs=40, validation_data=(X_val, y_val), callbacks=callbacks)

model.load_weights('icu_attention.h5')
p = model.predict(X_test).ravel()
print('test AUC: %.3f' % roc_auc_score(y_test, p))
