"""The baseline: findings that a project has accepted for now, in a file that people review and merge.

An entry is known by the fingerprint of its finding. The path is a column beside it, relative to the folder of the
baseline: a file that is renamed keeps its entries, a copy of it does not get them too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from attrs import field, frozen

from trainlint.settings import SettingsError

VERSION = 1
NAME = "trainlint-baseline.json"
_BETWEEN = re.compile(r"\}[ \t]*\r?\n[ \t]*\{")
_LAST = re.compile(r"\},[ \t]*\r?\n[ \t]*\]")


@frozen(order=True)
class Entry:
    """One accepted finding."""

    path: str
    rule: str
    fingerprint: str


@frozen
class Baseline:
    """The entries of the file `file`."""

    file: Path
    entries: frozenset[Entry] = frozenset()
    _here: dict[str, bool] = field(factory=dict, init=False, eq=False)

    def entry(self, path: Path, rule: str, fingerprint: str) -> Entry:
        """The entry of a finding in the file `path` (absolute)."""
        try:
            inside = os.path.relpath(path, self.file.parent)
        except ValueError:  # another drive
            inside = str(path)
        return Entry(Path(inside).as_posix(), rule, fingerprint)

    def matched(self, found: Iterable[Entry]) -> Mapping[Entry, Entry]:
        """For each entry of `found` that is accepted, the one of this baseline by which it is.

        That is the same, or one of a file that is no longer there. No entry accepts two findings.
        """
        wanted = sorted(set(found))
        matches = {entry: entry for entry in wanted if entry in self.entries}
        left: dict[tuple[str, str], list[Entry]] = {}
        for entry in sorted(self.entries - matches.keys(), reverse=True):
            left.setdefault((entry.rule, entry.fingerprint), []).append(entry)
        for entry in wanted:
            others = [] if entry in matches else left.get((entry.rule, entry.fingerprint), [])
            while others:
                other = others.pop()
                if self.is_gone(other):
                    matches[entry] = other
                    break
        return matches

    def is_gone(self, entry: Entry) -> bool:
        """Whether the file of an entry is no longer there."""
        if entry.path not in self._here:
            self._here[entry.path] = (self.file.parent / entry.path).exists()
        return not self._here[entry.path]


def read(file: Path, shown: str) -> Baseline:
    """The baseline in `file`, which messages name `shown`; raises SettingsError."""
    try:
        status = file.stat()
        return Baseline(file, _read(file, shown, status.st_mtime_ns, status.st_size))
    except FileNotFoundError:
        raise SettingsError(f"{shown}: there is no such baseline; `trainlint baseline` writes one") from None
    except OSError as error:
        raise SettingsError(f"{shown}: cannot be read: {error.strerror or error}") from error


@lru_cache(maxsize=16)
def _read(file: Path, shown: str, changed: int, size: int) -> frozenset[Entry]:
    """The entries of a file, read again when it has changed."""
    try:
        return parsed(file.read_bytes().decode("utf-8-sig", "surrogateescape"))  # paths can be any bytes
    except BaselineError as error:
        raise SettingsError(f"{shown}: cannot be used as a baseline: {error}") from error


class BaselineError(Exception):
    """The text is no baseline that we understand."""


def parsed(text: str) -> frozenset[Entry]:
    """The entries in `text`; raises BaselineError.

    Commas at the ends of lines may be missing or too many, as a merge that takes the lines of both sides leaves them.
    """
    try:
        held: Any = json.loads(_LAST.sub("}\n]", _BETWEEN.sub("},\n{", _BETWEEN.sub("},\n{", text))))
    except (ValueError, RecursionError) as error:
        if re.search(r"(?m)^(<{7}|>{7}) ", text):
            raise BaselineError("it has conflict markers of a merge; keep the lines of both sides") from None
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BaselineError(f"it is not valid JSON{place}; delete it and run `trainlint baseline` again") from None
    version = held.get("version") if isinstance(held, dict) else None
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BaselineError("it does not say its version; delete it and run `trainlint baseline` again")
    if version > VERSION:
        raise BaselineError(
            f"it has version {version}, and this trainlint reads up to {VERSION}: a newer trainlint wrote it"
        )
    try:
        return frozenset(_entry(each) for each in held["findings"])
    except (KeyError, TypeError):
        raise BaselineError("its findings are no list of path, rule and fingerprint") from None


def _entry(value: Any) -> Entry:
    entry = Entry(value["path"], value["rule"], value["fingerprint"])
    if not all(isinstance(each, str) for each in (entry.path, entry.rule, entry.fingerprint)):
        raise TypeError
    return entry


def written(entries: Collection[Entry]) -> str:
    """The text of a baseline: sorted, an entry a line."""
    lines = [
        json.dumps({"path": entry.path, "rule": entry.rule, "fingerprint": entry.fingerprint}, ensure_ascii=False)
        for entry in sorted(entries)
    ]
    body = "".join(f"\n    {line}" for line in ",\n".join(lines).split("\n")) + "\n  " if lines else ""
    return f'{{\n  "version": {VERSION},\n  "findings": [{body}]\n}}\n'


def write(file: Path, entries: Collection[Entry]) -> None:
    """Put a baseline in the place of `file` at once, so that it is never half there; raises OSError."""
    import tempfile  # which a check has no use for

    file = file.resolve()
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(written(entries).encode("utf-8", "surrogateescape"))
        os.chmod(name, file.stat().st_mode & 0o777 if file.exists() else 0o666 & ~_umask())
        os.replace(name, file)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
