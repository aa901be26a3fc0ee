"""Where a node of one statement lies, found without parsing what is around the statement once more.

Python's own parser, which is fast, tells where statements begin and end; libcst then reads the one that is asked for,
or the head of a block. Both trees have the same statements in the same order.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from attrs import frozen

from trainlint.syntax import tree

if TYPE_CHECKING:
    import libcst

Spans: TypeAlias = dict[int, tuple[int, int]]
_ELIF = b"elif"


def place_of(statements: tuple[tree.Statement, ...], text: bytes, at: int) -> tuple[int, int] | None:
    """Start and length of node ``at`` of a text with these statements; None where it takes the whole to tell that."""
    chain = tree.chain(statements, at)
    found = _counterparts(text) if chain else None
    if found is None:
        return None
    inner = _innermost(chain, statements, found)
    if inner is None:
        return None
    statement, lines = inner
    start, end = lines.start, lines.end
    if lines.head is not None:
        if at == statement.at:
            return None  # all of the block
        end = lines.head
        start += 2 if text.startswith(_ELIF, start) else 0
    spans = _spans(text[start:end] + (b"pass" if lines.head is not None else b""), statement.at)
    span = spans.get(at)
    return None if span is None else (start + span[0], span[1])


@frozen
class _Lines:
    """The bytes of a statement, and where its head ends if it is a block."""

    start: int
    end: int
    head: int | None


class _Text:
    """A text that Python has parsed."""

    def __init__(self, text: bytes) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.body: Sequence[ast.stmt] = ast.parse(text.decode("utf-8")).body
        self._starts = [0, *(match.end() for match in re.finditer(rb"\n", text))]

    def lines(self, node: ast.stmt) -> _Lines:
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0)
        block = getattr(node, "body", None)
        head = self._starts[block[0].lineno - 1] + block[0].col_offset if block else None
        return _Lines(start, end, head)


@functools.lru_cache(maxsize=16)
def _counterparts(text: bytes) -> _Text | None:
    try:
        return _Text(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _innermost(
    chain: tuple[tree.Tree, ...], statements: Sequence[tree.Tree], text: _Text
) -> tuple[tree.Tree, _Lines] | None:
    """The innermost statement of a chain, and its lines; None where the trees differ, or it is a definition."""
    pairs = {id(one): other for one, other in _paired(statements, text.body)}
    found: ast.AST | None = None
    statement: tree.Tree | None = None
    for node in chain:
        if id(node) not in pairs:
            break
        statement, found = node, pairs[id(node)]
        pairs = {id(one): other for one, other in _below(statement, found)}
    if statement is None or not isinstance(found, ast.stmt):
        return None
    if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Try | ast.Match):
        return None
    return statement, text.lines(found)


def _below(node: tree.Tree, found: ast.AST) -> list[tuple[tree.Tree, ast.AST]]:
    """The statements and handlers in the blocks of a statement, with those of Python's tree."""
    pairs: list[tuple[tree.Tree, ast.AST]] = []
    for name, other in _BLOCKS:
        block, theirs = getattr(node, name, None), getattr(found, other, None)
        if isinstance(block, tuple) and isinstance(theirs, list):
            pairs += _paired(block, theirs)
    return pairs


_BLOCKS = (("body", "body"), ("orelse", "orelse"), ("handlers", "handlers"), ("finally_body", "finalbody"))


def _paired(ours: Sequence[tree.Tree], theirs: Sequence[ast.AST]) -> list[tuple[tree.Tree, ast.AST]]:
    return list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else []


@functools.lru_cache(maxsize=128)
def _spans(text: bytes, first: int) -> Spans:
    """Start and length of every node of a statement whose own number is ``first``."""
    import libcst
    from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

    from trainlint.syntax.lower import Lowering

    recorded: dict[int, libcst.CSTNode] = {}
    try:
        wrapper = MetadataWrapper(libcst.parse_module(text), unsafe_skip_copy=True)
        Lowering(recorded, first=first).module(wrapper.module)
        found = wrapper.resolve(ByteSpanPositionProvider)
    except (libcst.ParserSyntaxError, libcst.CSTLogicError, RecursionError, UnicodeDecodeError, ValueError):
        return {}
    places = ((at, found.get(node)) for at, node in recorded.items())
    return {at: (place.start, place.length) for at, place in places if place is not None}
