"""What a look at the text of a file tells of it, without analysis."""

from __future__ import annotations

from attrs import frozen

from trainlint.engine.frameworks import mentions_framework, takes_exponentials
from trainlint.source.source import Source


@frozen
class Facts:
    """Whether it names a framework; it does not, but may be a network made of arrays; it can be read as text; it may
    hold ignore comments.
    """

    uses_framework: bool
    by_hand: bool
    readable: bool
    comments: bool

    @classmethod
    def of(cls, source: Source) -> Facts:
        """Read them off a text."""
        uses_framework = mentions_framework(source.original)
        return cls(
            uses_framework=uses_framework,
            by_hand=not uses_framework and takes_exponentials(source.original),
            readable=source.problem is None,
            comments=b"trainlint:" in source.data,
        )
