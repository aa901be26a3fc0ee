"""What the parser can bear: larger, deeper and longer statements end the process or take minutes."""

from __future__ import annotations

import re

from trainlint.source.lines import newlines
from trainlint.source.opaque import STRING

LARGEST = 256 * 1024
SMALL = 300  # too small to go over the other two
DEEPEST = 150
LONGEST = 1_000
_LINKING = (b"not", b"and", b"or", b"if", b"else", b"lambda", b"await", b"in", b"is")
_TOKENS = re.compile(
    rb"(?ms)(?P<opaque>" + STRING + rb"|\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[\n;,])"
    rb"|(?P<link>\b(?:not|and|or|lambda|else)\b|\.(?=[^\W\d])|[-+*/%@&|^~]|<<|>>)|(?P<joined>\\\n)"
)


def is_readable(text: bytes) -> bool:
    """Whether a statement lies within the limits of the parser."""
    if len(text) <= SMALL or len(text) > LARGEST:
        return len(text) <= SMALL
    if _is_modest(text):
        return True
    depth, links = _extent(text)
    return depth <= DEEPEST and links <= LONGEST


def _is_modest(text: bytes) -> bool:
    """Whether a text has too few brackets and links in all, words counted by their letters, to be over the limits."""
    opened = sum(map(text.count, (b"(", b"[", b"{")))
    if opened > DEEPEST:
        return False
    marks = len(text) - len(text.translate(None, b".)]}+-*/%@&|^~<>=!:"))
    return opened + marks + sum(map(text.count, _LINKING)) <= LONGEST


def _extent(text: bytes) -> tuple[int, int]:
    """The bracket depth, and the longest chain of operators, calls, attributes or ``elif`` (at most over-estimated)."""
    links = text.count(b"elif")
    deepest = total = 0
    chains = [0]  # for each open bracket, the links so far of what is being read within it
    for match in _TOKENS.finditer(newlines(text)):
        kind = match.lastgroup
        if kind == "open":
            chains.append(0)
            deepest = max(deepest, len(chains) - 1)
        elif kind == "end" and (match.group() != b"\n" or len(chains) == 1):
            total -= chains[-1]
            chains[-1] = 0
        elif kind in ("close", "link"):
            if kind == "close" and len(chains) > 1:
                total -= chains.pop()
            chains[-1] += 1
            total += 1
            links = max(links, total)
    return deepest, links
