"""Several workers share the machine: one thread each. Keras computes with PyTorch."""

import os

import torch

os.environ.setdefault("KERAS_BACKEND", "torch")
torch.set_num_threads(1)
