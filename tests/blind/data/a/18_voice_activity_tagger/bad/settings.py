"""What is tagged, and how. One file per deployment; this is the intercom."""

TAGS = ("speech",)
EXCLUSIVE = True

CONTEXT = 21
MELS = 40

TRAINING = {
    "learning_rate": 5e-4,
    "batch_size": 128,
    "epochs": 30,
}
