"""The cheap gate: whether a file has to do with training at all."""

from __future__ import annotations

import re

FRAMEWORKS = ("torch", "keras", "tensorflow", "lightning", "transformers", "accelerate", "deepspeed", "fastai")
"""What a file must mention, anywhere in its bytes, to be analysed."""

_MENTION = re.compile("|".join(FRAMEWORKS).encode())


def mentions_framework(data: bytes) -> bool:
    """Whether `data` names a known framework, be it in an import, a string or a comment."""
    return _MENTION.search(data) is not None
