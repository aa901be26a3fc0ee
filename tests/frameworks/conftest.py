"""Several workers share the machine: one thread each. Keras computes with PyTorch."""

import os

import os

os.environ["KERAS_BACKEND"] = "torch"

import torch  # noqa: E402

os.environ.setdefault("KERAS_BACKEND", "torch")
torch.set_num_threads(1)
