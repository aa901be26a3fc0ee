"""Patterns of paths, as in `.gitignore`."""

from __future__ import annotations


def is_pattern(text: str) -> bool:
    """Whether `text` can be read as a pattern."""
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([text])
    except ValueError:
        return False
    return True
