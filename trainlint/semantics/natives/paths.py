"""Paths of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import native
from trainlint.semantics.values import (
    Place,
    Text,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


@native("os.path.join", "os.path.expanduser", "os.path.abspath", "os.path.basename", "os.path.dirname")
def _path(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Text(None)
