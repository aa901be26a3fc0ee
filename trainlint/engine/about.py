"""What is found of a file itself, whatever it trains."""

from __future__ import annotations

from collections.abc import Iterator

from trainlint.engine.frameworks import mentions_framework
from trainlint.engine.results import About
from trainlint.rules.file import invalid_syntax, unknown_rule
from trainlint.source.source import Source


def about(source: Source) -> About:
    """The findings of the rules about files, and what is left out of the analysis because of its size."""
    uses_framework = mentions_framework(source.original)
    return About(
        (*invalid_syntax.check(source, uses_framework=uses_framework), *unknown_rule.check(source)),
        tuple(_too_large(source)) if uses_framework else (),
    )


def _too_large(source: Source) -> Iterator[str]:
    """A note for each statement that is over the parser's limits."""
    for segment in source.segments:
        if not segment.readable:
            position = source.place(segment.start)
            cell = "" if position.cell is None else f"cell {position.cell}:"
            yield f"{source.path}:{cell}{position.line}: this statement is too large or too deep to be analysed"
