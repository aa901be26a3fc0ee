"""How a place is named in text for people, and how foreign text is made fit to print."""

from __future__ import annotations

import unicodedata

from trainlint.model import Span
from trainlint.source.sources import Sources

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def place(span: Span, sources: Sources) -> str:
    """`path:line:column`, in a notebook `path:cell 3:line:column`."""
    source = sources.get(span.path)
    if source is None:
        return printable(span.path)
    position = source.place(span.start)
    cell = "" if position.cell is None else f"cell {position.cell}:"
    return f"{printable(span.path)}:{cell}{position.line}:{position.column}"


def printable(text: str) -> str:
    """`text` on one line, with nothing in it that a terminal would obey."""
    return "".join("\ufffd" if unsafe(character) else character for character in text)


def unsafe(character: str) -> bool:
    """Whether a terminal acts on `character` instead of showing it."""
    return character in _DIRECTIONS or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
