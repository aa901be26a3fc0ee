"""The bodies of functions, cut out of a segment so that each is parsed when somebody asks for it.

This needs no parser: a body is what is indented below the head of a function of the segment, or of its class. Whoever
parses what was cut sees where that was wrong, and reads the segment as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from trainlint.source.opaque import OPAQUE

SMALLEST = 120  # bytes that are worth being parsed apart
_DEFINITION = re.compile(rb"(?m)^(?:(?:async[ \t]+)?def|class)\b")
_MARK = re.compile(rb"[(\[{]|[)\]}]|:")
_JOINED = re.compile(rb"\\\r?\n")
_REST = re.compile(rb"[ \t]*\r?\n")
_LINE = re.compile(rb"(?m)^([ \t]*)[^\s]")


@frozen
class Cut:
    """A segment whose large bodies are names instead, and these bodies by name."""

    text: bytes
    bodies: dict[str, bytes]


@frozen
class _Span:
    """Where a body lies, and where the head above it ends."""

    colon: int
    start: int
    end: int


def cut(data: bytes) -> Cut | None:
    """A definition without the bodies of its functions; None if there is none that could be cut out."""
    plain = _plain(data)
    head = _DEFINITION.search(plain)
    if head is None:
        return None
    found = list(_bodies(plain, head)) if plain.startswith(b"class", head.start()) else [_body(plain, head.end(), b"")]
    parts: list[bytes] = []
    bodies: dict[str, bytes] = {}
    end = 0
    for span in found:
        if span is None:
            return None
        if span.end - span.start >= SMALLEST:
            name = f"__body_{len(bodies)}__"
            bodies[name] = data[span.start : span.end]
            parts += (data[end : span.colon], b" ", name.encode(), b"\n")
            end = span.end
    return Cut(b"".join((*parts, data[end:])), bodies) if bodies else None


def alone(body: bytes) -> bytes:
    """A body as a program of one statement."""
    return b"if 1:\n" + body


def _plain(data: bytes) -> bytes:
    """The text, byte for byte, with nothing in strings and comments, and one line for one that is joined."""
    text = OPAQUE.sub(_filler, data)
    return _JOINED.sub(lambda match: b" " * len(match.group()), text) if b"\\" in text else text


def _filler(match: re.Match[bytes]) -> bytes:
    found = match.group()
    return (b" " if found.startswith(b"#") else b"s") * len(found)


def _bodies(plain: bytes, head: re.Match[bytes]) -> Iterator[_Span | None]:
    """The bodies of the functions right below a class; None for one that cannot be told."""
    below = _below(plain, head.end())
    first = None if below is None else _LINE.search(plain, below[1])
    if first is None:
        return
    indent = first.group(1)
    method = re.compile(rb"(?m)^" + indent + rb"(?:async[ \t]+)?def\b")
    found = method.search(plain, first.start())
    while found is not None:
        if _below(plain, found.end()) is None:  # all in one line
            found = method.search(plain, found.end())
            continue
        body = _body(plain, found.end(), indent)
        yield body
        found = None if body is None else method.search(plain, body.end)


def _below(plain: bytes, at: int) -> tuple[int, int] | None:
    """Where a head ends, and the line after it begins; None if something follows the colon."""
    depth = 0
    for mark in _MARK.finditer(plain, at):
        sign = mark.group()
        if sign == b":" and not depth:
            rest = _REST.match(plain, mark.end())
            return None if rest is None else (mark.end(), rest.end())
        depth += sign in b"([{"
        depth -= sign in b")]}"
    return None


def _body(plain: bytes, at: int, indent: bytes) -> _Span | None:
    """What is indented more than the head that goes on at ``at``; None if brackets are open at its end."""
    below = _below(plain, at)
    if below is None:
        return None
    colon, start = below
    outside = re.compile(rb"(?m)^(?!" + indent + rb"[ \t])[ \t]*[^\s]")
    next_ = outside.search(plain, start)
    end = len(plain) if next_ is None else next_.start()
    text = plain[start:end]
    opened = text.count(b"(") + text.count(b"[") + text.count(b"{")
    closed = text.count(b")") + text.count(b"]") + text.count(b"}")
    return _Span(colon, start, end) if opened == closed else None
