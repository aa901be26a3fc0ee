'''Train a small VGG-like convnet on CIFAR10 with real-time augmentation.

About 40 s per epoch on a GTX 970.
'''
from __future__ import print_function

import os

import keras
from keras.datasets import cifar10
from keras.layers import Activation, Conv2D, Dense, Dropout, Flatten, MaxPooling2D
from keras.models import Sequential
from keras.preprocessing.image import ImageDataGenerator

batch_size = 32
num_classes = 10
epochs = 60
save_dir = os.path.join(os.getcwd(), 'saved_models')

(x_train, y_train), (x_test, y_test) = cifar10.load_data()
print('x_train shape:', x_train.shape)
print(x_test.shape[0], 'test samples')

y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

x_train = x_train.astype('float32')
x_test = x_test.astype('float32')

# the last 5000 training images are for watching the training only
x_val, y_val = x_train[45000:], y_train[45000:]
x_train, y_train = x_train[:45000], y_train[:45000]

model = Sequential()
model.add(Conv2D(32, (3, 3), padding='same', input_shape=x_train.shape[1:]))
model.add(Activation('relu'))
model.add(Conv2D(32, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))

model.add(Conv2D(64, (3, 3), padding='same'))
model.add(Activation('relu'))
model.add(Conv2D(64, (3, 3)))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.25))

model.add(Flatten())
model.add(Dense(512))
model.add(Activation('relu'))
model.add(Dropout(0.5))
model.add(Dense(num_classes))
model.add(Activation('softmax'))

model.compile(loss='categorical_crossentropy',
              optimizer=keras.optimizers.Adam(lr=0.0005),
              metrics=['accuracy'])

# options that both generators share
shared = dict(samplewise_center=False, samplewise_std_normalization=False,
              zca_whitening=False, data_format='channels_last')

train_datagen = ImageDataGenerator(rotation_range=10,
                                   width_shift_range=0.1,
                                   height_shift_range=0.1,
                                   horizontal_flip=True,
                                   **shared)
plain_datagen = ImageDataGenerator(**shared)

train_flow = train_datagen.flow(x_train, y_train, batch_size=batch_size)
val_flow = plain_datagen.flow(x_val, y_val, batch_size=batch_size, shuffle=False)
test_flow = plain_datagen.flow(x_test, y_test, batch_size=batch_size, shuffle=False)

model.fit_generator(train_flow, steps_per_epoch=len(train_flow), epochs=epochs, validation_data=val_flow, validation_steps=len(val_flow))  # expect: missing-normalization

if not os.path.isdir(save_dir):
    os.makedirs(save_dir)
model.save(os.path.join(save_dir, 'cifar10.h5'))

scores = model.evaluate_generator(test_flow, steps=len(test_flow))
print('Test loss:', scores[0])
print('Test accuracy:', scores[1])
