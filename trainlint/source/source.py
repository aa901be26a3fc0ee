"""One file as it is analysed: its text in UTF-8, its cells, its segments, its ignore comments."""

from __future__ import annotations

import bisect
import functools
import io
import tokenize
from collections.abc import Iterable

from attrs import evolve, frozen

from trainlint.source import ignores as _ignores
from trainlint.source import notebooks
from trainlint.source import segments as _segments
from trainlint.source.ignores import Ignore
from trainlint.source.lines import Lines
from trainlint.source.segments import Earlier, Segment

_BOM = b"\xef\xbb\xbf"


@frozen
class Cell:
    """A code cell: its number among all cells of the notebook, and its bytes in the joined text."""

    number: int
    start: int
    end: int


@frozen
class Problem:
    """Why a file cannot be read as text, and at which of its bytes."""

    message: str
    start: int
    end: int


@frozen
class Position:
    """A place as people name it: lines and columns from 1, columns in code points, lines within the cell."""

    cell: int | None
    line: int
    column: int


@frozen(eq=False)
class Source:
    """A file. ``original`` is its text as UTF-8, ``data`` the same with magics masked, offset for offset."""

    path: str
    original: bytes
    data: bytes
    encoding: str = "utf-8"
    bom: bool = False
    cells: tuple[Cell, ...] = ()
    problem: Problem | None = None
    before: Earlier | None = None

    @classmethod
    def read(cls, path: str, raw: bytes) -> Source:
        """The file ``path`` with the content ``raw``; what is wrong with it becomes its `Problem`."""
        encoding, bom = "utf-8", raw.startswith(_BOM)
        try:
            if path.endswith(".ipynb"):
                text = raw.decode("utf-8-sig")
            else:
                encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
                text = raw.decode(encoding)
                encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        except SyntaxError as error:
            head = b"".join(raw.splitlines(keepends=True)[:2])
            return cls._unreadable(path, raw, Problem(str(error.msg), *_in_latin(raw, _undecodable(head))))
        except UnicodeDecodeError as error:
            message = f"'{error.encoding}' codec can't decode byte 0x{raw[error.start]:02x}: {error.reason}"
            return cls._unreadable(path, raw, Problem(message, *_in_latin(raw, error.start)))
        except (LookupError, UnicodeError) as error:
            return cls._unreadable(path, raw, Problem(str(error), 0, 1))
        if path.endswith(".ipynb"):
            return cls._notebook(path, text, bom)
        return cls._code(path, text.encode("utf-8", "replace"), encoding, bom)

    @classmethod
    def of_text(cls, path: str, text: str, before: Source | None = None) -> Source:
        """What an editor holds of a file. It shares with ``before``, an earlier version, what has not changed."""
        original = text.encode("utf-8", "replace")
        return cls._code(path, original, "utf-8", original.startswith(_BOM)).after(before)

    @classmethod
    def of_cells(cls, path: str, cells: Iterable[tuple[int, str]], before: Source | None = None) -> Source:
        """A notebook that an editor holds: per code cell its number among all cells and its text."""
        return cls._joined(path, cells, bom=False).after(before)

    def after(self, before: Source | None) -> Source:
        """The same, sharing with an earlier version what has not changed."""
        if before is None:
            return self
        return evolve(self, before=Earlier(before.data, before.segments))

    @classmethod
    def _code(cls, path: str, original: bytes, encoding: str, bom: bool) -> Source:
        nul = original.find(b"\0")
        if nul >= 0:
            return cls(
                path, original, b"", encoding, bom, (), Problem("source code cannot contain null bytes", nul, nul + 1)
            )
        data = b"\n" * len(_BOM) + original[len(_BOM) :] if original.startswith(_BOM) else original
        return cls(path, original, data, encoding, bom)

    @classmethod
    def _unreadable(cls, path: str, raw: bytes, problem: Problem) -> Source:
        return cls(path, raw.decode("latin-1").encode("utf-8"), b"", "latin-1", False, (), problem)

    @classmethod
    def _notebook(cls, path: str, text: str, bom: bool) -> Source:
        try:
            code = notebooks.read(text)
        except notebooks.NotebookError as error:
            start = len(text[: error.offset].encode("utf-8"))
            data = text.encode("utf-8", "replace")
            start = min(start, max(0, len(data) - 1))
            return cls(path, data, b"", "utf-8", bom, (), Problem(str(error), start, start + 1))
        return cls._joined(path, code.cells, bom)

    @classmethod
    def _joined(cls, path: str, code: Iterable[tuple[int, str]], bom: bool) -> Source:
        cells: list[Cell] = []
        originals: list[bytes] = []
        at = 0
        for number, content in code:
            raw = content.encode("utf-8", "replace")
            raw = raw if raw.endswith(b"\n") else raw + b"\n"  # no statement runs over the end of a cell
            cells.append(Cell(number, at, at + len(raw)))
            originals.append(raw)
            at += len(raw)
        original = b"".join(originals)
        data = b"".join(notebooks.masked(raw.replace(b"\0", b" ")) for raw in originals)
        return cls(path, original, data, "utf-8", bom, tuple(cells))

    @functools.cached_property
    def lines(self) -> Lines:
        """The line index of `original`."""
        return Lines(self.original)

    @functools.cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The top-level statements; none runs over the end of a cell."""
        return _segments.segments(self.data, tuple((cell.start, cell.end) for cell in self.cells), self.before)

    @functools.cached_property
    def names(self) -> dict[str, tuple[int, ...]]:
        """Per name of the module the numbers of the segments that bind or touch it."""
        built: dict[str, list[int]] = {}
        for segment in self.segments:
            for name in segment.touches:
                built.setdefault(name, []).append(segment.number)
        return {name: tuple(numbers) for name, numbers in built.items()}

    @functools.cached_property
    def ignores(self) -> tuple[Ignore, ...]:
        """The ignore comments, in order."""
        return tuple(_ignores.ignores(self.data))

    def place(self, offset: int) -> Position:
        """The place of a byte offset."""
        line, column = self.lines.place(offset)
        if not self.cells:
            return Position(None, line, column)
        index = max(0, bisect.bisect_right([cell.start for cell in self.cells], offset) - 1)
        cell = self.cells[index]
        return Position(cell.number, line - self.lines.place(cell.start)[0] + 1, column)


def _undecodable(data: bytes) -> int:
    """The first byte that is no UTF-8; the very first if there is none."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start
    return 0


def _in_latin(raw: bytes, at: int) -> tuple[int, int]:
    """A byte of ``raw`` in the UTF-8 form of its Latin-1 reading."""
    start = len(raw[:at].decode("latin-1").encode("utf-8"))
    return start, start + len(raw[at : at + 1].decode("latin-1").encode("utf-8"))
