"""Strings and comments: what speaks of names without using them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from trainlint.source.lines import newlines

STRING = (
    rb"""'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?"""
)
OPAQUE = re.compile(rb"(?ms)" + STRING + rb"|\#[^\n]*")


def spoken(text: bytes) -> bytes:
    """A text without comments and long strings."""
    text = newlines(text)
    if b"#" not in text and b"'''" not in text and b'"""' not in text:
        return text
    return OPAQUE.sub(_kept, text)


def _kept(match: re.Match[bytes]) -> bytes:
    opaque, before = match.group(), match.string[max(0, match.start() - 2) : match.start()].lower()
    is_long = opaque.startswith((b"'''", b'"""')) and b"f" not in before
    return b" " if is_long or opaque.startswith(b"#") else opaque


def opaque_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the strings and comments of a text lie."""
    return (match.span() for match in OPAQUE.finditer(newlines(data)))
