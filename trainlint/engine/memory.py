"""What earlier runs found, for as long as all that it rests on is the same."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import posixpath
import time
from array import array
from pathlib import Path

from trainlint.engine.facts import Facts
from trainlint.engine.program import identity
from trainlint.engine.records import facts_text, outcome_text, read_facts, read_outcome
from trainlint.engine.results import Outcome, Question, Task, listing
from trainlint.engine.store import FOLDER, FileRow, QuestionRow, Store, StoreError, UnitRow
from trainlint.source.sources import Sources, digest

_SETTLED = 2_000_000_000  # nanoseconds after which another change would show in the time of a file, on any file system
_KEPT = 30  # days for which what nobody asks for is kept
_DAY = 86_400
_PATIENCE = 3  # seconds of work that an interrupted run may lose
_IDS = "Q"  # the type of their array
_UNREADABLE = (ValueError, TypeError, KeyError)


class Memory:
    """Results by unit and options, and facts by file. What it cannot tell it does not know: a miss, never an error."""

    def __init__(self, store: Store, sources: Sources, scope: str) -> None:
        """``sources`` are those of the run, ``steady``; ``scope`` tells folders apart from which paths are named."""
        self.problem = ""
        self.keeps = True
        self.known = 0  # results that were of use
        self._store = store
        self._sources = sources
        self._scope = scope
        self._saved = time.monotonic()
        self._today = int(time.time() // _DAY)
        self._digests: dict[str, str] = {}
        self._stamps: dict[str, str] = {}
        self._mentions: dict[tuple[str, str], bool] = {}
        self._changes: dict[int, frozenset[str] | None] = {}
        self._knowledge: dict[tuple[str, ...], str] = {}
        self._numbered: dict[Question, int] = {}
        self._new_files: dict[str, FileRow] = {}
        self._new_questions: dict[int, QuestionRow] = {}
        self._new_units: dict[str, UnitRow] = {}
        files, questions, units = self._loaded()
        self._files = {row[0]: row for row in files}
        self._questions = {row[0]: row for row in questions}
        self._units = {row[0]: row for row in units}

    def seen_by(self, sources: Sources) -> Memory:
        """The same for other sources, which may hold texts that are on no disk; what they show is not kept."""
        other = copy.copy(self)
        other.keeps, other._sources = False, sources
        other._digests, other._stamps, other._mentions, other._changes, other._knowledge = {}, {}, {}, {}, {}
        other._files, other._questions, other._units = dict(self._files), dict(self._questions), dict(self._units)
        other._new_files, other._new_questions, other._new_units, other._numbered = {}, {}, {}, {}
        return other

    def _loaded(self) -> tuple[list[FileRow], list[QuestionRow], list[UnitRow]]:
        try:
            return self._store.load()
        except StoreError as error:
            self.problem = str(error)
            return [], [], []

    # Files ------------------------------------------------------------------------------------------------------------

    def facts(self, path: str) -> Facts | None:
        """What is known of a file with the content that it has now."""
        known = self._files.get(self._name(path))
        if known is None or not known[3] or self._text(path) != known[2]:
            return None
        try:
            return read_facts(known[3])
        except _UNREADABLE:
            return None

    def keep_facts(self, path: str, facts: Facts) -> None:
        """Remember what is known of a file that the sources have read."""
        if self.keeps:
            self._remember(path, self._sources.digest(path) or "", facts_text(facts))

    def _text(self, path: str) -> str:
        """The hash of a file's content, from its time and size if it has them still; empty if it cannot be read."""
        if path not in self._digests:
            self._digests[path] = self._hashed(path)
        return self._digests[path]

    def _hashed(self, path: str) -> str:
        laid = self._sources.laid(path)
        if laid is not None:
            return digest(laid.original)
        file = self._sources.root / path
        try:
            stamp = _stamp(file)
            known = self._files.get(self._name(path))
            if known is not None and stamp and known[1] == stamp:
                return known[2]
            found = digest(file.read_bytes()) if file.is_file() else ""
        except OSError:
            return ""
        self._stamps[path] = stamp
        if known is not None and found == known[2]:
            self._remember(path, found, known[3])
        return found

    def _remember(self, path: str, found: str, facts: str) -> None:
        name = self._name(path)
        row = (name, self._stamps.get(path, ""), found, facts)
        if self._files.get(name) != row and _is_text(name):
            self._new_files[name] = self._files[name] = row

    def _name(self, path: str) -> str:
        return posixpath.join(self._scope, path)

    # Units ------------------------------------------------------------------------------------------------------------

    def outcome(self, task: Task) -> Outcome | None:
        """What a unit yields if that is known, and everything that it rests on is as it was."""
        unit = self._unit(task)
        known = self._units.get(unit)
        if known is None:
            return None
        try:
            rests = self._holds(_ids(known[1]))
            outcome = None if rests is None else read_outcome(known[2])
        except _UNREADABLE:
            return None
        if rests is not None:
            self.known += 1
            self._keep_unit((unit, rests.tobytes(), known[2], self._today))
        return outcome

    def keep(self, task: Task, outcome: Outcome) -> None:
        """Remember the result of a unit."""
        if not self.keeps or outcome.result is None or outcome.result.failures:
            return
        if all(_is_text(path + answer) for _, path, answer in outcome.rests):
            rests = array(_IDS, sorted(map(self._id, outcome.rests))).tobytes()
            self._keep_unit((self._unit(task), rests, outcome_text(outcome.result, outcome.about), self._today))
            for kind, path, answer in outcome.rests:
                if kind == "text" and answer and self._name(path) not in self._files and self._text(path) == answer:
                    self._remember(path, answer, "")
            if time.monotonic() > self._saved + _PATIENCE:
                self.save()

    def _keep_unit(self, row: UnitRow) -> None:
        if self._units.get(row[0]) != row:
            self._new_units[row[0]] = self._units[row[0]] = row

    def _unit(self, task: Task) -> str:
        options = task.options
        if options.knowledge not in self._knowledge:
            texts = [(name, self._text(name)) for name in options.knowledge]
            self._knowledge[options.knowledge] = json.dumps(texts)
        key = [
            self._name(task.path),
            sorted(options.rules),
            {rule: dict(chosen) for rule, chosen in options.options.items()},
            self._knowledge[options.knowledge],
            options.fuel,
            options.assume,
        ]
        return hashlib.blake2b(json.dumps(key, sort_keys=True, default=str).encode(), digest_size=16).hexdigest()

    def _id(self, question: Question) -> int:
        id = self._numbered.get(question)
        if id is None:
            kind, path, answer = question
            row = kind, self._name(path), answer
            id = self._numbered[question] = _id(*row)
            if id not in self._questions:
                self._questions[id] = self._new_questions[id] = (id, *row)
        return id

    def _holds(self, rests: array[int]) -> array[int] | None:
        """The questions on which a unit rests now, None if one of them has another answer that matters to it."""
        now, mentioned = array(_IDS), None
        for id in rests:
            if id not in self._changes:
                self._changes[id] = self._change(id)
            change = self._changes[id]
            if change is None:
                return None
            if change:
                if mentioned is None:
                    mentioned = [path for kind, path in map(self._asked, rests) if kind == "text"]
                if any(self._is_mentioned(name, path) for name in change for path in mentioned):
                    return None
                kind, folder = self._asked(id)
                id = self._id((kind, folder, listing(self._sources.names(folder))))
                self._changes[id] = frozenset()
            now.append(id)
        return now

    def _asked(self, id: int) -> tuple[str, str]:
        """The kind and the path of a question."""
        _, kind, name, _ = self._questions[id]
        prefix = f"{self._scope}/" if self._scope else ""
        return kind, name.removeprefix(prefix)

    def _change(self, id: int) -> frozenset[str] | None:
        """The names that have come and gone where a folder was asked for; None for another answer to anything else."""
        row = self._questions.get(id)
        if row is None or _id(*row[1:]) != id:
            return None
        answer = row[3]
        kind, path = self._asked(id)
        if kind != "names":
            return frozenset() if self._answer(kind, path) == answer else None
        now = self._sources.names(path)
        return frozenset() if listing(now) == answer else frozenset(json.loads(answer) or ()) ^ (now or frozenset())

    def _answer(self, kind: str, path: str) -> str:
        if kind == "text":
            return self._text(path)
        if kind == "module":
            return self._sources.module(path) or ""
        held = self._sources.exists(path) if kind == "file" else self._sources.is_dir(path)
        return "yes" if held else ""

    def _is_mentioned(self, name: str, path: str) -> bool:
        """Whether a text could mean a file or folder of this name by an import."""
        word = name.removesuffix("/").removesuffix(".py")
        if word == "__init__":
            return True
        key = word, path
        if key not in self._mentions:
            source = self._sources.get(path)
            self._mentions[key] = source is not None and word.encode("utf-8", "surrogateescape") in source.original
        return self._mentions[key]

    # The store --------------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Write what is new."""
        if self.keeps and (self._new_files or self._new_units):
            try:
                self._store.save(
                    self._new_files.values(),
                    self._new_questions.values(),
                    self._new_units.values(),
                    oldest=self._today - _KEPT,
                    unused=self._unused(),
                )
            except StoreError as error:
                self.problem = str(error)
            self._new_files, self._new_questions, self._new_units = {}, {}, {}
        self._saved = time.monotonic()

    def _unused(self) -> set[int]:
        """The questions on which nothing rests any more, once they are the most."""
        used: set[int] = set()
        for _, rests, _, _ in self._units.values():
            used.update(_ids(rests))
        unused = self._questions.keys() - used
        return unused if len(unused) > max(1_000, len(used)) else set()


def memory_at(root: Path, sources: Sources) -> Memory:
    """What is kept in the folder ``root`` of a project, for the files that ``sources`` see."""
    scope = Path(os.path.relpath(sources.root, root)).as_posix()
    return Memory(Store(root / FOLDER, identity()), sources, "" if scope == "." else scope)


def _is_text(name: str) -> bool:
    """Whether a name can be written as UTF-8; a file may have any."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _ids(rests: bytes) -> array[int]:
    found = array(_IDS)
    found.frombytes(rests)
    return found


def _id(kind: str, name: str, answer: str) -> int:
    """A number of a question with its answer that is the same in all runs, which write at the same time."""
    text = f"{kind}\0{name}\0{answer}".encode("utf-8", "surrogateescape")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") >> 1


def _stamp(file: Path) -> str:
    """What changes when a file is written to; empty if the last change is so recent that another would not show."""
    status = os.stat(file)
    latest = max(status.st_mtime_ns, status.st_ctime_ns)
    if latest > time.time_ns() - _SETTLED:
        return ""
    return f"{status.st_mtime_ns} {status.st_ctime_ns} {status.st_size} {status.st_ino}"
