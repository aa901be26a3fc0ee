"""The file in which results are kept: one sqlite database, of which every row carries a check sum."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path

FOLDER = ".trainlint_cache"
NAME = "results.db"
_BUSY = 0.5  # seconds to wait for another run that is writing
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# The cache of trainlint. It can be deleted at any time.\n"
_TABLES = """
CREATE TABLE IF NOT EXISTS program (identity TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS files (path TEXT PRIMARY KEY, stamp TEXT, digest TEXT, facts TEXT, sum INTEGER);
CREATE TABLE IF NOT EXISTS questions (id INTEGER PRIMARY KEY, kind TEXT, path TEXT, answer TEXT, sum INTEGER);
CREATE TABLE IF NOT EXISTS units (unit TEXT PRIMARY KEY, rests BLOB, result TEXT, day INTEGER, sum INTEGER);
"""

FileRow = tuple[str, str, str, str]  # path, stamp, digest, facts
QuestionRow = tuple[int, str, str, str]
UnitRow = tuple[str, bytes, str, int]


class StoreError(Exception):
    """The file cannot be used; the message says why."""


class Store:
    """Reads and writes rows. Paths are kept as text that every file name fits in. Raises `StoreError`."""

    def __init__(self, folder: Path, identity: str) -> None:
        """``folder`` is made when something is to be written; ``identity`` is that of the program."""
        self._folder = folder
        self._identity = identity

    @property
    def file(self) -> Path:
        """The database."""
        return self._folder / NAME

    def load(self) -> tuple[list[FileRow], list[QuestionRow], list[UnitRow]]:
        """All rows of this program that are sound; none if there is no file yet."""
        if not self.file.exists():
            return [], [], []
        try:
            with contextlib.closing(self._open("ro")) as database:
                if database.execute("SELECT identity FROM program").fetchall() != [(self._identity,)]:
                    return [], [], []
                return (
                    _sound(database.execute("SELECT path, stamp, digest, facts, sum FROM files")),
                    _sound(database.execute("SELECT id, kind, path, answer, sum FROM questions")),
                    _sound(database.execute("SELECT unit, rests, result, day, sum FROM units")),
                )
        except (sqlite3.Error, UnicodeError) as error:
            self._discard_if_broken(error)
            raise StoreError(f"{self.file}: {error}") from error

    def save(
        self,
        files: Iterable[FileRow],
        questions: Iterable[QuestionRow],
        units: Iterable[UnitRow],
        *,
        oldest: int,
        unused: Iterable[int] = (),
    ) -> None:
        """Add rows or replace them, all or none; units of a day before ``oldest`` and ``unused`` questions go."""
        try:
            self._prepare()
            with contextlib.closing(self._open("rwc")) as database, database:
                database.execute("BEGIN IMMEDIATE")
                self._make(database)
                database.executemany("DELETE FROM questions WHERE id = ?", ((id,) for id in unused))
                database.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", map(_summed, files))
                database.executemany("INSERT OR REPLACE INTO questions VALUES (?, ?, ?, ?, ?)", map(_summed, questions))
                database.executemany("INSERT OR REPLACE INTO units VALUES (?, ?, ?, ?, ?)", map(_summed, units))
                database.execute("DELETE FROM units WHERE day < ?", (oldest,))
        except (sqlite3.Error, UnicodeError) as error:
            self._discard_if_broken(error)
            raise StoreError(f"{self.file}: {error}") from error
        except OSError as error:
            raise StoreError(f"{self._folder}: {error.strerror or error}") from error

    def _discard_if_broken(self, error: Exception) -> None:
        """Make room for a new database; one that is only locked, or on a full disk, is not broken."""
        if not isinstance(error, sqlite3.OperationalError):
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(OSError):
                    os.unlink(f"{self.file}{suffix}")

    def _open(self, mode: str) -> sqlite3.Connection:
        frozen = mode == "ro" and not os.access(self._folder, os.W_OK) and not Path(f"{self.file}-wal").exists()
        options = f"mode={mode}{'&immutable=1' if frozen else ''}"
        database = sqlite3.connect(f"{self.file.absolute().as_uri()}?{options}", uri=True, timeout=_BUSY)
        database.isolation_level = None
        if mode != "ro":
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
        return database

    def _make(self, database: sqlite3.Connection) -> None:
        """The tables of this program; those of another one go."""
        database.execute("CREATE TABLE IF NOT EXISTS program (identity TEXT PRIMARY KEY)")
        known = database.execute("SELECT identity FROM program").fetchall()
        if known != [(self._identity,)]:
            for table in ("program", "files", "questions", "units"):
                database.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in filter(str.strip, _TABLES.split(";\n")):
            database.execute(statement)
        database.execute("INSERT OR IGNORE INTO program VALUES (?)", (self._identity,))

    def _prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            if not (self._folder / name).exists():
                (self._folder / name).write_text(text, encoding="utf-8")


def _summed(row: tuple[object, ...]) -> tuple[object, ...]:
    return *row, _sum(row)


def _sound(rows: Iterable[tuple[object, ...]]) -> list[tuple]:  # type: ignore[type-arg]
    """The rows whose check sum is right, without it; sqlite itself does not notice a changed byte."""
    return [row[:-1] for row in rows if row[-1] == _sum(row[:-1])]


def _sum(row: tuple[object, ...]) -> int:
    return zlib.crc32(repr(row).encode("utf-8", "surrogatepass"))
