"""What the streams can do, and how the user is spoken to on stderr."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

CHOICES = ("auto", "always", "never")
_WIDTH = 120


def coloured(choice: str, stream: TextIO) -> bool:
    """Whether `stream` gets colours: as chosen, else as NO_COLOR and FORCE_COLOR say, else if it is a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def width(stream: TextIO) -> int:
    """The columns that a line may have."""
    return max(40, shutil.get_terminal_size((_WIDTH, 24)).columns) if stream.isatty() else _WIDTH


def complain(message: str) -> None:
    """Say on stderr that something is wrong with the run itself."""
    print(f"trainlint: error: {message}", file=sys.stderr)


def remark(message: str) -> None:
    """Say something on stderr that changes no exit code."""
    print(f"trainlint: note: {message}", file=sys.stderr)


def plural(count: int, noun: str) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
