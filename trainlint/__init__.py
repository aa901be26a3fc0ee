"""trainlint: a checker of PyTorch and Keras training code that follows the values."""

__version__ = "0.1.0"
