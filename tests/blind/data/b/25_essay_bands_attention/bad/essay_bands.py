# -*- coding: utf-8 -*-
# Essay grading into four bands with a BiLSTM and attention over the words.
from __future__ import print_function

import numpy as np
import pandas as pd
from keras import backend as K
from keras import initializers
from keras.callbacks import EarlyStopping
from keras.layers import Bidirectional, Dense, Dropout, Embedding, Input, LSTM, Layer
from keras.models import Model
from keras.preprocessing.sequence import pad_sequences
from keras.preprocessing.text import Tokenizer
from keras.utils import to_categorical

MAX_WORDS = 8000
MAX_LEN = 350
BANDS = 4


class AttentionWithContext(Layer):
    """Word attention, (samples, steps, features) -> (samples, features)."""

    def __init__(self, **kwargs):
        self.supports_masking = True
        self.init = initializers.get('glorot_uniform')
        super(AttentionWithContext, self).__init__(**kwargs)

    def build(self, input_shape):
        dim = int(input_shape[-1])
        self.W = self.add_weight(shape=(dim, dim), initializer=self.init, name='att_W')
        self.b = self.add_weight(shape=(dim,), initializer='zeros', name='att_b')
        self.u = self.add_weight(shape=(dim, 1), initializer=self.init, name='att_u')
        super(AttentionWithContext, self).build(input_shape)

    def compute_mask(self, inputs, mask=None):
        return None

    def call(self, x, mask=None):
        uit = K.tanh(K.dot(x, self.W) + self.b)
        eij = K.dot(uit, self.u)
        a = K.exp(eij)
        if mask is not None:
            a *= K.cast(K.expand_dims(mask), K.floatx())
        a /= K.sum(a, axis=1, keepdims=True) + K.epsilon()  # expect: hand-rolled-softmax
        return K.sum(x * a, axis=1)

    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[-1]


def build_model():
    words = Input(shape=(MAX_LEN,), dtype='int32')
    x = Embedding(MAX_WORDS, 100, mask_zero=True)(words)
    x = Dropout(0.3)(x)
    x = Bidirectional(LSTM(64, return_sequences=True))(x)
    x = AttentionWithContext()(x)
    x = Dropout(0.3)(x)
    out = Dense(BANDS, activation='softmax')(x)
    model = Model(inputs=words, outputs=out)
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model


if __name__ == '__main__':
    np.random.seed(1337)
    essays = pd.read_csv('essays.tsv', sep='\t', encoding='latin-1').sample(frac=1.0, random_state=1337)
    cut = int(0.8 * len(essays))

    tokenizer = Tokenizer(num_words=MAX_WORDS)
    tokenizer.fit_on_texts(essays['essay'][:cut])
    X = pad_sequences(tokenizer.texts_to_sequences(essays['essay']), maxlen=MAX_LEN)
    y = to_categorical(essays['band'].values, BANDS)
    print('Essays:', X.shape, 'bands:', y.shape)

    model = build_model()
    model.summary()
    stop = EarlyStopping(monitor='val_loss', patience=3)
    model.fit(X[:cut], y[:cut], validation_data=(X[cut:], y[cut:]), epochs=20, batch_size=32, callbacks=[stop])
    model.save_weights('essay_bands.h5')
