'''Forecasts tomorrow's 24 hours of electric load from the past week (168 hours).

Needs Keras 2.0 with the TensorFlow or Theano backend.
'''
from __future__ import print_function

import numpy as np
from keras.callbacks import CSVLogger, ModelCheckpoint, ReduceLROnPlateau
from keras.layers import Activation, Dense
from keras.models import Sequential
from keras.optimizers import Adam

np.random.seed(1337)

past = 168
ahead = 24
hidden_units = [512, 256]
batch_size = 64
epochs = 60


def make_series(days):
    t = np.arange(days * 24)
    daily = 12.0 * np.sin(2 * np.pi * (t - 7) / 24.0)
    weekly = 5.0 * (((t // 24) % 7) < 5)
    yearly = 8.0 * np.cos(2 * np.pi * t / (24.0 * 365))
    return 55.0 + daily + weekly + yearly + 2.5 * np.random.randn(len(t))


def windows(series):
    starts = range(len(series) - past - ahead)
    X = np.array([series[s:s + past] for s in starts])
    Y = np.array([series[s + past:s + past + ahead] for s in starts])
    return X, Y


series = make_series(days=730)
cut = 600 * 24
mu, sigma = series[:cut].mean(), series[:cut].std()
X_train, Y_train = windows((series[:cut] - mu) / sigma)
X_valid, Y_valid = windows((series[cut:] - mu) / sigma)
print(X_train.shape[0], 'train windows,', X_valid.shape[0], 'validation windows')

model = Sequential()
for i, units in enumerate(hidden_units):
    if i == 0:
        model.add(Dense(units, input_dim=past, kernel_initializer='he_normal'))
    else:
        model.add(Dense(units, kernel_initializer='he_normal'))
    model.add(Activation('relu'))
model.add(Dense(ahead))

model.compile(loss='mse', optimizer=Adam(lr=0.001), metrics=['mae'])
model.summary()

callbacks = [
    CSVLogger('load_forecast.csv'),
    ReduceLROnPlateau(monitor='val_loss', factor=0.5, patience=5),
    ModelCheckpoint('load_forecast.{epoch:02d}.h5', monitor='val_loss', period=10),
]
model.fit(X_train, Y_train,  # expect: missing-dropout
          batch_size=batch_size,
          epochs=epochs,
          verbose=2,
          validation_data=(X_valid, Y_valid),
          callbacks=callbacks)

mse, mae = model.evaluate(X_valid, Y_valid, verbose=0)
print('Validation MAE: %.2f MW' % (mae * sigma))
