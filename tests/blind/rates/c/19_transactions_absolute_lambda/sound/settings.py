# transaction sequences
HISTORY = 30
FIELDS = 9

# optimisation
EPOCHS = 40
BATCH = 128
START_RATE = 5e-4
DECAY = 0.95
