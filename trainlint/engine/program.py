"""Which program this is: results of another version of trainlint, or of its parser, are not to be used."""

from __future__ import annotations

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from trainlint import __version__


def identity() -> str:
    """A hash of the version, of Python's and of the size and time of every file that has a part in the results."""
    digest = hashlib.blake2b(f"{__version__} {sys.version}".encode(), digest_size=16)
    package = Path(__file__).parents[1]
    pending = [str(package), str(package.parent / "rules.yaml")]
    for library in ("libcst", "yaml"):
        spec = find_spec(library)
        if spec is not None and spec.origin:
            pending += (spec.origin, os.path.join(os.path.dirname(spec.origin), "_version.py"))
    while pending:
        path = pending.pop()
        if os.path.isdir(path):
            with os.scandir(path) as entries:
                pending += sorted(entry.path for entry in entries if entry.name != "__pycache__")
        elif os.path.exists(path):
            status = os.stat(path)
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()
