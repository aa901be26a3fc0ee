"""Accepting what is found now: baselines brought up to date, and what is to be said of that."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import define, evolve, field, frozen

from trainlint.engine import baseline
from trainlint.engine.baseline import NAME, Baseline, Entry
from trainlint.engine.project import Request, check
from trainlint.engine.report import Report
from trainlint.settings import Settings, SettingsError


@frozen
class Change:
    """A baseline that was written."""

    file: Path
    shown: str
    """Its name in messages."""
    counts: str
    setting: str | None
    """The line that the settings need to use it; None if they name it already."""

    @property
    def message(self) -> str:
        return f"{self.shown}: {self.counts}"


@frozen
class Acceptance:
    """What came of it."""

    report: Report
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be said."""
        is_empty = not self.report.files and not self.problems
        nothing = ("no Python files to check, so nothing was written",) if is_empty else ()
        return (*self.report.notes, *nothing)


def accept(request: Request, problems: Sequence[str] = ()) -> Acceptance:
    """Accept all findings of a request, each in the baseline that the settings of its file name.

    What has no finding any more is dropped if a whole project was checked and there were no `problems`, else only if
    its file is no longer there.
    """
    report = check(evolve(request, settings=lambda path: evolve(request.settings(path), baseline=None)))
    return _Accepting(request, report, [*problems, *report.failures]).acceptance()


@define
class _Accepting:
    request: Request
    report: Report
    problems: list[str]
    changes: list[Change] = field(factory=list)

    def acceptance(self) -> Acceptance:
        targets = {_target(settings): settings for settings in map(self.request.settings, self.report.files)}
        for target, settings in targets.items():
            try:
                self.changes.append(self._updated(target, settings))
            except SettingsError as error:
                self.problems.append(str(error))
        return Acceptance(self.report, tuple(self.changes), tuple(self.problems))

    def _updated(self, target: Path, settings: Settings) -> Change:
        """Bring one baseline up to date; raises SettingsError if it cannot be done."""
        shown = self._named(target)
        before = baseline.read(target, shown) if target.exists() else Baseline(target)
        found = self._found(before)
        stays = self._staying(before, settings)
        entries = found | {entry for entry in before.entries if stays(entry)}
        try:
            baseline.write(target, entries)
        except OSError as error:
            raise SettingsError(f"{shown}: cannot be written: {error.strerror or error}") from error
        moved = sum(now != was for now, was in before.matched(found).items())
        setting = f'baseline = "{target.name}"' if settings.baseline is None else None
        return Change(target, shown, _counts(before.entries, entries, moved), setting)

    def _found(self, before: Baseline) -> frozenset[Entry]:
        cwd, prints = self.request.cwd, self.report.fingerprints
        return frozenset(
            before.entry(cwd / finding.span.path, finding.rule, prints[finding.identity])
            for finding in self.report.findings
            if _target(self.request.settings(finding.span.path)) == before.file
        )

    def _staying(self, before: Baseline, settings: Settings) -> Callable[[Entry], bool]:
        """Which entries stay though nothing of theirs was found."""
        catalogue = self.request.catalogue
        enabled = catalogue.enabled(settings)
        projects = (settings.root, *settings.root.parents)
        if not self.problems and any(folder in projects for folder in self.request.given):
            return lambda entry: entry.rule in catalogue and entry.rule not in enabled
        return lambda entry: not before.is_gone(entry)

    def _named(self, target: Path) -> str:
        """A path as findings name theirs."""
        cwd, file = self.request.cwd, Path(os.path.normpath(target))
        return (file.relative_to(cwd) if file.is_relative_to(cwd) else file).as_posix()


def _target(settings: Settings) -> Path:
    return settings.root / NAME if settings.baseline is None else Path(settings.baseline)


def _counts(before: frozenset[Entry], after: frozenset[Entry], moved: int) -> str:
    counts = {"new": len(after - before) - moved, "moved": moved, "dropped": len(before - after) - moved}
    changes = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing new"
    return f"{len(after):,} accepted finding{'' if len(after) == 1 else 's'} ({changes})"
