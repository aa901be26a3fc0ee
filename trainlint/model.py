"""The whole vocabulary of results: what every later stage hands on and every reporter prints.

Coordinates are half-open UTF-8 byte spans into the text of one source; lines and columns are made at the edges.
"""

from __future__ import annotations

import enum

from attrs import frozen


class Severity(enum.IntEnum):
    """What happens if the code ships as it is."""

    INFO = 0
    WARNING = 1
    ERROR = 2

    @property
    def label(self) -> str:
        return self.name.lower()


class Confidence(enum.IntEnum):
    """How sure the analysis is of a finding."""

    LOW = 0
    MEDIUM = 1
    HIGH = 2

    @property
    def label(self) -> str:
        return self.name.lower()


class Safety(enum.Enum):
    """Whether a fix keeps the behaviour (or is the only possible meaning), or changes training."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@frozen(order=True)
class Span:
    """The bytes ``start`` to ``end`` (exclusive) of the file ``path``."""

    path: str
    start: int
    end: int


@frozen
class Edit:
    """Replace the text of ``span`` by ``content``."""

    span: Span
    content: str


@frozen
class Fix:
    """A change that mends a finding."""

    title: str
    safety: Safety
    edits: tuple[Edit, ...]


@frozen
class Note:
    """A related place: where the value was made, or how it travelled."""

    span: Span
    message: str


@frozen
class Finding:
    """One mistake at one primary place, with its evidence."""

    rule: str
    severity: Severity
    confidence: Confidence
    message: str
    span: Span
    related: tuple[Note, ...] = ()
    fixes: tuple[Fix, ...] = ()

    @property
    def identity(self) -> tuple[str, Span]:
        """Findings of the same rule at the same place are one finding."""
        return self.rule, self.span
