"""A check of many files: every unit analysed, and what they report made into one list of findings."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from attrs import define, evolve, field, frozen
from pathspec import GitIgnoreSpec

from trainlint.engine import baseline
from trainlint.engine.baseline import Baseline, Entry
from trainlint.engine.facts import Facts
from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.ignoring import Ignoring
from trainlint.engine.merging import merged, surviving
from trainlint.engine.report import Report
from trainlint.engine.results import Outcome, Result, Task, UnitOptions
from trainlint.model import Finding, Span
from trainlint.rules.catalogue import Catalogue
from trainlint.rules.file import unused_ignore
from trainlint.settings import Settings, SettingsError
from trainlint.source.sources import Sources

if TYPE_CHECKING:
    from trainlint.engine.memory import Memory

T = TypeVar("T")
_NAMED = 10
"""So many entries of a baseline are named that have no finding any more."""


@frozen
class Request:
    """What is to be checked.

    `files` are named as in findings; `given` are the folders that the user named, absolute: where they cover the root
    of the settings, ignore comments that silence nothing are reported. `settings(path)` may raise SettingsError.
    `examine` checks one unit, `unit.check` if it is None; then up to `jobs` processes share the units (None: as many as
    is best). `memory` knows earlier results; `progress` is told how many units of how many are done.
    """

    files: Sequence[str]
    sources: Sources
    settings: Callable[[str], Settings]
    catalogue: Catalogue
    cwd: Path
    given: Sequence[Path] = ()
    examine: Callable[[str, Sources, UnitOptions], Result] | None = None
    jobs: int | None = 1
    memory: Memory | None = None
    progress: Callable[[int, int], None] = lambda done, total: None


def check(request: Request) -> Report:
    """Check every file of `request`; what goes wrong with one is reported and costs only that one."""
    return _Run(request).report()


@frozen
class _File:
    """A file that can be checked, with what holds for it."""

    facts: Facts
    settings: Settings
    rules: frozenset[str]


@define
class _Run:
    request: Request
    files: dict[str, _File] = field(factory=dict)
    knowledge: dict[tuple[str, ...], str] = field(factory=dict)
    baselines: dict[str, Baseline | SettingsError] = field(factory=dict)
    failures: list[str] = field(factory=list)
    tracebacks: list[str] = field(factory=list)
    notes: list[str] = field(factory=list)
    details: list[str] = field(factory=list)

    def report(self) -> Report:
        for path in self.request.files:
            if file := self._contained(path, partial(self._opened, path)):
                self.files[path] = file
        everything = self._found()
        found = merged(finding for finding in everything if self._wanted(finding))
        ignoring = Ignoring(self.request.sources)
        # Every chain of evidence is judged by itself: a comment on one must not silence another that avoids it.
        kept = [finding for finding in everything if not ignoring.silences(finding)]
        if not self.failures:
            unused = list(self._unused(ignoring))
            found = merged((*found, *filter(self._wanted, unused)))
            kept += (finding for finding in unused if not ignoring.silences(finding))
        shown = [self._leveled(finding) for finding in merged(filter(self._wanted, kept))]
        prints = fingerprints(found, self.request.sources)
        accepted = self._accepted(shown, prints)
        fresh = [finding for finding in shown if finding.identity not in accepted]
        confident = [finding for finding in fresh if finding.confidence >= self._settings(finding).min_confidence]
        return Report(
            findings=tuple(confident),
            fingerprints={finding.identity: prints[finding.identity] for finding in confident},
            files=tuple(self.files),
            related_to_training=sum(file.facts.uses_framework for file in self.files.values()),
            hidden=len(fresh) - len(confident),
            accepted=len(accepted),
            fails=any(map(self._fails, confident)),
            failures=tuple(self.failures),
            tracebacks=tuple(self.tracebacks),
            notes=tuple(self.notes),
            details=tuple(dict.fromkeys(self.details)),
        )

    def _opened(self, path: str) -> _File | None:
        """The file `path` with its settings, or None and a failure."""
        try:
            settings = self.request.settings(path)
            self._check_knowledge(settings.knowledge)
            self._baseline(settings)
        except SettingsError as error:
            self.failures += (problem for problem in error.problems if problem not in self.failures)
            return None
        facts = self._facts(path)
        if facts is None:
            return None
        rules = self.request.catalogue.enabled(settings) - self._ignored_for(path, settings)
        return _File(facts, settings, rules)

    def _facts(self, path: str) -> Facts | None:
        """What is known of the file `path` from its text, or None and a failure."""
        memory = self.request.memory
        known = None if memory is None else memory.facts(path)
        if known is not None:
            return known
        try:
            source = self.request.sources.get(path)
        except OSError as error:
            self.failures.append(f"{path}: cannot be read: {error.strerror or error}")
            return None
        if source is None:
            self.failures.append(f"{path}: no such file")
            return None
        facts = Facts.of(source)
        if memory is not None:
            memory.keep_facts(path, facts)
        return facts

    def _check_knowledge(self, paths: tuple[str, ...]) -> None:
        """Raise SettingsError if the project's own knowledge in `paths` cannot be used."""
        if not paths:
            return
        if paths not in self.knowledge:
            from trainlint.engine.unit import knowledge_of
            from trainlint.knowledge.schema import KnowledgeError

            try:
                knowledge_of(paths)
                self.knowledge[paths] = ""
            except OSError as error:
                self.knowledge[paths] = f"{error.filename}: cannot be read: {error.strerror or error}"
            except (KnowledgeError, UnicodeDecodeError) as error:
                self.knowledge[paths] = str(error)
        if problem := self.knowledge[paths]:
            raise SettingsError(problem)

    def _baseline(self, settings: Settings) -> Baseline | None:
        """The baseline of these settings, if they have one; raises SettingsError."""
        if settings.baseline is None:
            return None
        known = self.baselines.get(settings.baseline)
        if known is None:
            file = Path(settings.baseline)
            try:
                known = baseline.read(file, _inside(file, self.request.cwd) or file.as_posix())
            except SettingsError as error:
                known = error
            self.baselines[settings.baseline] = known
        if isinstance(known, SettingsError):
            raise known
        return known

    def _ignored_for(self, path: str, settings: Settings) -> frozenset[str]:
        """The rules that `per-file-ignores` turns off for `path`."""
        inside = _inside(self.request.cwd / path, settings.root)
        selectors = [
            selector
            for pattern, names in settings.per_file_ignores.items()
            if inside is not None and _pattern(pattern).match_file(inside)
            for selector in names
        ]
        chosen = evolve(settings, select=tuple(selectors), ignore=(), pedantic=True)
        return self.request.catalogue.enabled(chosen)

    def _found(self) -> list[Finding]:
        """What the analysis of every unit finds, wherever its place is, and what is found of the files themselves."""
        results: list[Result] = []
        said: list[Finding] = []
        for path, outcome in self._outcomes().items():
            if outcome.failure:
                self.failures.append(outcome.failure)
                self.tracebacks += [outcome.traceback] if outcome.traceback else []
            if outcome.result is not None:
                results.append(outcome.result)
                self.details += outcome.result.notes
                self.failures += (f"{path}: internal error in {said}" for said, _ in outcome.result.failures)
                self.tracebacks += (trace for _, trace in outcome.result.failures)
            said += outcome.about.findings
            self.notes += outcome.about.notes
        return [*surviving(results), *said]

    def _outcomes(self) -> dict[str, Outcome]:
        """What is known of every file, or is found out now, in their order."""
        memory, tasks = self.request.memory, self._tasks()
        found = dict.fromkeys(self.files, Outcome())
        missed = []
        for path, file in self.files.items():
            if not file.facts.readable:
                found[path] = self._contained(path, partial(self._unreadable, path)) or Outcome()
                continue
            known = None if memory is None else memory.outcome(tasks[path])
            if known is None:
                missed.append(tasks[path])
            else:
                found[path] = known
        if missed:
            from trainlint.engine.workers import outcomes

            with contextlib.closing(outcomes(missed, self.request)) as coming:
                for done, (index, outcome) in enumerate(coming, start=1):
                    found[missed[index].path] = outcome
                    if memory is not None:
                        memory.keep(missed[index], outcome)
                    self.request.progress(done, len(missed))
        return found

    def _tasks(self) -> dict[str, Task]:
        rules = frozenset[str]().union(*(file.rules for file in self.files.values()))
        return {
            path: Task(
                path,
                UnitOptions(
                    rules=rules,
                    options=self.request.catalogue.options(file.settings),
                    knowledge=file.settings.knowledge,
                    assume=file.facts.uses_framework or file.facts.by_hand,
                ),
            )
            for path, file in self.files.items()
        }

    def _unreadable(self, path: str) -> Outcome:
        from trainlint.engine.about import about

        source = self.request.sources.get(path)
        return Outcome() if source is None else Outcome(about=about(source))

    def _contained(self, path: str, work: Callable[[], T]) -> T | None:
        """What `work` returns; an error in it is kept, with the file that it happened in, and costs only that one."""
        try:
            return work()
        except Exception as error:
            self.failures.append(f"{path}: internal error: {type(error).__name__}: {error}")
            self.tracebacks.append(traceback.format_exc())
            return None

    def _wanted(self, finding: Finding) -> bool:
        """Whether it lies in a checked file where its rule is on."""
        file = self.files.get(finding.span.path)
        return file is not None and finding.rule in file.rules

    def _accepted(
        self, shown: Sequence[Finding], prints: Mapping[tuple[str, Span], str]
    ) -> frozenset[tuple[str, Span]]:
        """The identities of the findings that are in a baseline; entries that accept none are noted."""
        accepted: set[tuple[str, Span]] = set()
        for known in self.baselines.values():
            if isinstance(known, Baseline):
                entries = {
                    finding.identity: known.entry(
                        self.request.cwd / finding.span.path, finding.rule, prints[finding.identity]
                    )
                    for finding in shown
                    if self._baseline(self._settings(finding)) is known
                }
                matches = known.matched(entries.values())
                accepted.update(identity for identity, entry in entries.items() if entry in matches)
                self._note_stale(known, known.entries - set(matches.values()))
        return frozenset(accepted)

    def _note_stale(self, known: Baseline, unused: AbstractSet[Entry]) -> None:
        """Note entries without a finding, if all that they could be of was checked."""
        under = [file for file in self.files.values() if self._baseline(file.settings) is known]
        if self.failures or not all(self._covered(file.settings.root) for file in under):
            return
        judged = frozenset[str]().union(*(file.rules for file in under))
        stale = [each for each in sorted(unused) if each.rule in judged or each.rule not in self.request.catalogue]
        if stale:
            shown = _inside(known.file, self.request.cwd) or known.file.as_posix()
            what = "; ".join(f"{each.path}: {each.rule}" for each in stale[:_NAMED])
            rest = f"; {len(stale) - _NAMED} more" if len(stale) > _NAMED else ""
            self.notes.append(f"{shown} accepts what is no longer found (`trainlint baseline` drops it): {what}{rest}")

    def _unused(self, ignoring: Ignoring) -> Iterator[Finding]:
        for path, file in self.files.items():
            if file.facts.comments and file.facts.uses_framework and self._covered(file.settings.root):
                source = self.request.sources.get(path)
                for ignore, index in () if source is None else ignoring.unused(source):
                    rule = ignore.rules[index]
                    if source is not None and rule in file.rules and rule != unused_ignore.NAME:
                        yield unused_ignore.finding(source, ignore, index)

    def _covered(self, root: Path) -> bool:
        return any(folder == root or folder in root.parents for folder in self.request.given)

    def _settings(self, finding: Finding) -> Settings:
        return self.files[finding.span.path].settings

    def _leveled(self, finding: Finding) -> Finding:
        """The finding with the severity that its file's settings give the rule."""
        return evolve(finding, severity=self._settings(finding).severity.get(finding.rule, finding.severity))

    def _fails(self, finding: Finding) -> bool:
        threshold = self._settings(finding).fail_on
        return threshold is not None and finding.severity >= threshold


@cache
def _pattern(text: str) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines([text])


def _inside(path: Path, folder: Path) -> str | None:
    """`path` relative to `folder`, or None if it is not in it."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return None
