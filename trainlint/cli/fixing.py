"""What `check` does with fixes: apply and write them, or show what they would change."""

from __future__ import annotations

import argparse
import difflib
import io
import re
import sys
import tokenize
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from trainlint.cli.console import plural
from trainlint.model import Safety

if TYPE_CHECKING:
    from trainlint.engine.fixing import Change, Fixed
    from trainlint.engine.project import Request
    from trainlint.engine.report import Report

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def wanted(arguments: argparse.Namespace) -> bool:
    """Whether fixes play a part in this run."""
    return bool(arguments.fix or arguments.unsafe_fixes or arguments.diff)


def fixed(arguments: argparse.Namespace, request: Request, report: Report, texts: Mapping[str, bytes]) -> Fixed:
    """Apply the fixes that were asked for, and write the files unless their diff is wanted.

    Those in ``texts`` do not lie on the disk.
    """
    from trainlint.engine.fixing import fix

    safeties = frozenset(Safety if arguments.unsafe_fixes else (Safety.SAFE,))
    made = fix(request, report, safeties, lambda path: texts.get(path) or (request.cwd / path).read_bytes())
    if arguments.diff or texts:
        return _told(made)
    failed = list(_written(request, made.changes))
    if failed:  # these are as they were
        from trainlint.engine.project import check

        for path, _ in failed:
            request.sources.release(path)
        failures = tuple(f"{path}: cannot be written: {problem}" for path, problem in failed)
        made = evolve(
            made,
            report=check(evolve(request, jobs=1, memory=None)),  # neither knows of what has been written
            changes={path: each for path, each in made.changes.items() if path not in dict(failed)},
            applied={path: count for path, count in made.applied.items() if path not in dict(failed)},
            failures=(*made.failures, *failures),
        )
    return _told(made)


def _told(made: Fixed) -> Fixed:
    """The same, with what went wrong in the report."""
    failures, notes = (*made.report.failures, *made.failures), (*made.report.notes, *made.notes)
    return evolve(made, report=evolve(made.report, failures=failures, notes=notes))


def _written(request: Request, changes: Mapping[str, Change]) -> Iterator[tuple[str, str]]:
    """Write the files; those that cannot be, and why."""
    from trainlint.engine.replacing import replace

    for path, change in changes.items():
        try:
            replace(request.cwd / path, change.before, change.after)
        except OSError as error:
            yield path, error.strerror or str(error)


def show(made: Fixed, arguments: argparse.Namespace, texts: Mapping[str, bytes]) -> None:
    """On stdout a unified diff of all files, or what was read from stdin, with its fixes and byte for byte."""
    if arguments.diff:
        sys.stdout.write("".join(_diff(path, change) for path, change in sorted(made.changes.items())))
    else:
        sys.stdout.flush()
        for path, text in texts.items():
            sys.stdout.buffer.write(made.changes[path].after if path in made.changes else text)
    sys.stdout.flush()


def _diff(path: str, change: Change) -> str:
    before, after = _LINE.findall(_text(path, change.before)), _LINE.findall(_text(path, change.after))
    lines = difflib.unified_diff(before, after, path, path)
    return "".join(line if line.endswith("\n") else line + "\n\\ No newline at end of file\n" for line in lines)


def _text(path: str, data: bytes) -> str:
    if path.endswith(".ipynb"):
        return data.decode("utf-8")
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode("utf-8" if encoding == "utf-8-sig" else encoding)


def summary(made: Fixed, arguments: argparse.Namespace) -> str:
    """What was mended, for stderr."""
    verb = "Would fix" if arguments.diff else "Fixed"
    return f"{verb} {plural(sum(made.applied.values()), 'finding')} in {plural(len(made.changes), 'file')}"
