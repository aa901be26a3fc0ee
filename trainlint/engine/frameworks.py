"""The cheap gate: whether a file has to do with training at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.knowledge.library import Library
    from trainlint.source.sources import Sources

FRAMEWORKS = ("torch", "keras", "tensorflow", "lightning", "transformers", "accelerate", "deepspeed", "fastai")
"""What a file must mention, anywhere in its bytes, to be analysed."""

_MENTION = re.compile("|".join(FRAMEWORKS).encode())


_ARRAYS = re.compile(rb"\bnumpy\b")
_EXPONENTIAL = re.compile(rb"\bexp2?\b|\be\s*\*\*")


def takes_exponentials(data: bytes) -> bool:
    """Whether code that names no framework could be a network made of arrays: few others take exponentials of them."""
    return _ARRAYS.search(data) is not None and _EXPONENTIAL.search(data) is not None


def mentions_framework(data: bytes) -> bool:
    """Whether `data` names a known framework, be it in an import, a string or a comment."""
    return _MENTION.search(data) is not None


def reaches_framework(path: str, sources: Sources, knowledge: Library) -> bool:
    """Whether a file, or one that it imports, directly or not, names a framework: `main.py` may only call the rest."""
    from trainlint.semantics.imports import Program
    from trainlint.semantics.registries import imported

    program = Program(path, sources, knowledge)
    barren = sources.tables.setdefault(("no framework", program.folders), {})
    pending, seen = [path], {path}
    while pending:
        each = pending.pop()
        source = program.source(each)
        if each in barren or source is None:
            continue
        if mentions_framework(source.original):
            return True
        for other in imported(program, each):
            if other not in seen:
                seen.add(other)
                pending.append(other)
    barren.update(dict.fromkeys(seen, True))
    return False
