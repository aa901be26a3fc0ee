"""Several workers share the machine: one thread each. Keras computes with PyTorch."""

import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import torch

torch.set_num_threads(1)
