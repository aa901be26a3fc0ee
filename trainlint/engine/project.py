"""A check of many files: every unit analysed, and what they report made into one list of findings."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TypeVar

from attrs import define, evolve, field, frozen
from pathspec import GitIgnoreSpec

from trainlint.engine import unit
from trainlint.engine.fingerprints import fingerprints
from trainlint.engine.frameworks import mentions_framework, reaches_framework, takes_exponentials
from trainlint.engine.ignoring import Ignoring
from trainlint.engine.merging import merged, surviving
from trainlint.engine.report import Report
from trainlint.knowledge.library import with_project_files
from trainlint.knowledge.schema import KnowledgeError
from trainlint.model import Finding
from trainlint.rules.catalogue import Catalogue
from trainlint.rules.file import invalid_syntax, unknown_rule, unused_ignore
from trainlint.settings import Settings, SettingsError
from trainlint.source.source import Source
from trainlint.source.sources import Sources

T = TypeVar("T")


@frozen
class Request:
    """What is to be checked.

    `files` are named as in findings; `given` are the folders that the user named, absolute: where they cover the root
    of the settings, ignore comments that silence nothing are reported. `settings(path)` may raise SettingsError.
    `examine` checks one unit.
    """

    files: Sequence[str]
    sources: Sources
    settings: Callable[[str], Settings]
    catalogue: Catalogue
    cwd: Path
    given: Sequence[Path] = ()
    examine: Callable[[str, Sources, unit.UnitOptions], unit.Result] = unit.check


def check(request: Request) -> Report:
    """Check every file of `request`; what goes wrong with one is reported and costs only that one."""
    return _Run(request).report()


@frozen
class _File:
    """A file that can be checked, with what holds for it."""

    source: Source
    settings: Settings
    rules: frozenset[str]
    uses_framework: bool


@define
class _Run:
    request: Request
    files: dict[str, _File] = field(factory=dict)
    knowledge: dict[tuple[str, ...], str] = field(factory=dict)
    failures: list[str] = field(factory=list)
    tracebacks: list[str] = field(factory=list)
    notes: list[str] = field(factory=list)
    details: list[str] = field(factory=list)

    def report(self) -> Report:
        for path in self.request.files:
            if file := self._contained(path, partial(self._opened, path)):
                self.files[path] = file
        everything = [*self._analysed(), *self._about_files()]
        found = merged(finding for finding in everything if self._wanted(finding))
        ignoring = Ignoring(self.request.sources)
        # Every chain of evidence is judged by itself: a comment on one must not silence another that avoids it.
        kept = [finding for finding in everything if not ignoring.silences(finding)]
        if not self.failures:
            unused = list(self._unused(ignoring))
            found = merged((*found, *filter(self._wanted, unused)))
            kept += (finding for finding in unused if not ignoring.silences(finding))
        shown = [self._leveled(finding) for finding in merged(filter(self._wanted, kept))]
        confident = [finding for finding in shown if finding.confidence >= self._settings(finding).min_confidence]
        identities = {finding.identity for finding in confident}
        return Report(
            findings=tuple(confident),
            fingerprints={
                identity: fingerprint
                for identity, fingerprint in fingerprints(found, self.request.sources).items()
                if identity in identities
            },
            files=tuple(self.files),
            related_to_training=sum(file.uses_framework for file in self.files.values()),
            hidden=len(shown) - len(confident),
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
        except SettingsError as error:
            self.failures += (problem for problem in error.problems if problem not in self.failures)
            return None
        try:
            source = self.request.sources.get(path)
        except OSError as error:
            self.failures.append(f"{path}: cannot be read: {error.strerror or error}")
            return None
        if source is None:
            self.failures.append(f"{path}: no such file")
            return None
        rules = self.request.catalogue.enabled(settings) - self._ignored_for(path, settings)
        return _File(source, settings, rules, mentions_framework(source.original))

    def _check_knowledge(self, paths: tuple[str, ...]) -> None:
        """Raise SettingsError if the project's own knowledge in `paths` cannot be used."""
        if paths not in self.knowledge:
            try:
                unit.knowledge_of(paths)
                self.knowledge[paths] = ""
            except OSError as error:
                self.knowledge[paths] = f"{error.filename}: cannot be read: {error.strerror or error}"
            except (KnowledgeError, UnicodeDecodeError) as error:
                self.knowledge[paths] = str(error)
        if problem := self.knowledge[paths]:
            raise SettingsError(problem)

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

    def _analysed(self) -> Iterator[Finding]:
        """What the analysis of every unit finds, wherever its place is."""
        rules = frozenset[str]().union(*(file.rules for file in self.files.values()))
        results = []
        for path, file in self.files.items():
            by_hand = not file.uses_framework and takes_exponentials(file.source.original)
            if not file.source.problem and (file.uses_framework or by_hand or self._starts_training(path, file)):
                options = unit.UnitOptions(
                    rules=rules,
                    options=self.request.catalogue.options(file.settings),
                    knowledge=file.settings.knowledge,
                    assume=file.uses_framework or by_hand,
                )
                result = self._contained(path, partial(self.request.examine, path, self.request.sources, options))
                if result is not None:
                    results.append(result)
                    self.details += result.notes
                    self.failures += (f"{path}: internal error in {said}" for said, _ in result.failures)
                    self.tracebacks += (trace for _, trace in result.failures)
        return surviving(results)

    def _starts_training(self, path: str, file: _File) -> bool:
        """Whether a file that names no framework itself imports one that does."""
        knowledge = with_project_files(file.settings.knowledge)
        return bool(self._contained(path, partial(reaches_framework, path, self.request.sources, knowledge)))

    def _about_files(self) -> Iterator[Finding]:
        """What is found of the files themselves."""
        for path, file in self.files.items():
            yield from self._contained(path, partial(self._about, file)) or ()

    def _about(self, file: _File) -> list[Finding]:
        if file.uses_framework:
            self.notes += _too_large(file.source)
        return [
            *invalid_syntax.check(file.source, uses_framework=file.uses_framework),
            *unknown_rule.check(file.source),
        ]

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

    def _unused(self, ignoring: Ignoring) -> Iterator[Finding]:
        for file in self.files.values():
            if file.uses_framework and self._covered(file.settings.root):
                for ignore, index in ignoring.unused(file.source):
                    rule = ignore.rules[index]
                    if rule in file.rules and rule != unused_ignore.NAME:
                        yield unused_ignore.finding(file.source, ignore, index)

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


def _too_large(source: Source) -> Iterator[str]:
    """A note for each statement that is over the parser's limits."""
    for segment in source.segments:
        if not segment.readable:
            position = source.place(segment.start)
            cell = "" if position.cell is None else f"cell {position.cell}:"
            yield f"{source.path}:{cell}{position.line}: this statement is too large or too deep to be analysed"


def _inside(path: Path, folder: Path) -> str | None:
    """`path` relative to `folder`, or None if it is not in it."""
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return None
