"""Fixes applied, round after round, until there is nothing left to apply; nothing is written here.

A fix is kept only if the files can still be read with it, and if the finding that it is for is gone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from attrs import define, evolve, field, frozen

from trainlint.engine.project import Request, check
from trainlint.engine.report import Report
from trainlint.model import Edit, Finding, Safety
from trainlint.source.rewriting import RewritingError, overlap, rewritten
from trainlint.source.source import Source
from trainlint.syntax.errors import problems

ROUNDS = 100


@frozen
class Change:
    """The bytes of a file before and after the fixes."""

    before: bytes
    after: bytes


@frozen
class Fixed:
    """What came of it: the report about the files as they are after the fixes, and what is to be written."""

    report: Report
    changes: Mapping[str, Change]
    applied: Mapping[str, int]  # how many fixes, by the file that they changed
    notes: tuple[str, ...]  # fixes that were left out
    failures: tuple[str, ...]  # files that could not be changed


def fix(request: Request, report: Report, safeties: frozenset[Safety], read: Callable[[str], bytes]) -> Fixed:
    """Apply the fixes of ``report``, then those of what is found after that; ``read`` gives the bytes of a file.

    The sources of ``request`` get the changed texts as overlays.
    """
    return _Fixing(evolve(request, jobs=1, memory=None), report, safeties, read).run()  # neither knows of overlays


@frozen
class _Chosen:
    """A finding and the edits that are to mend it."""

    finding: Finding
    edits: tuple[Edit, ...]

    @property
    def files(self) -> frozenset[str]:
        return frozenset(edit.span.path for edit in self.edits)


@define
class _Fixing:
    request: Request
    report: Report
    safeties: frozenset[Safety]
    read: Callable[[str], bytes]
    most: int = 1_000  # fixes of one round: fewer after a round that went wrong
    opened: dict[str, Change] = field(factory=dict)  # files with their text as it was and as it is now
    barred: set[str] = field(factory=set)  # files that cannot be changed
    refused: set[tuple[str, str]] = field(factory=set)
    applied: Counter[str] = field(factory=Counter)
    notes: list[str] = field(factory=list)
    failures: list[str] = field(factory=list)

    def run(self) -> Fixed:
        for _ in range(ROUNDS):
            chosen = self._choose()
            if not chosen:
                break
            if problem := self._try(chosen):
                self.most = max(1, len(chosen) // 2)
                if len(chosen) == 1:
                    self._refuse(chosen[0].finding, problem)
            else:
                self.most *= 2
        else:
            self.notes.append(f"fixes still bring new ones after {ROUNDS} rounds; run it again")
        changes = {path: each for path, each in self.opened.items() if each.before != each.after}
        return Fixed(self.report, changes, dict(self.applied), tuple(self.notes), tuple(self.failures))

    def _choose(self) -> list[_Chosen]:
        """The fixes of one round: of findings whose edits touch each other, only the first's."""
        chosen: list[_Chosen] = []
        for finding in self.report.findings:
            fixes = [each for each in finding.fixes if each.safety in self.safeties]
            if not fixes or self._key(finding) in self.refused or len(chosen) == self.most:
                continue
            candidate = _Chosen(finding, fixes[0].edits)
            if not all(map(self._open, sorted(candidate.files))):
                continue
            same = any(each.edits == candidate.edits for each in chosen)
            if same or not any(overlap(each.edits, candidate.edits) for each in chosen):
                chosen.append(candidate)
        return chosen

    def _key(self, finding: Finding) -> tuple[str, str]:
        """What stays the same of a finding while the files change."""
        return finding.span.path, self.report.fingerprints[finding.identity]

    def _open(self, path: str) -> bool:
        """Whether a file may be changed: it was given, and it is as it was when it was checked."""
        if path in self.opened:
            return True
        source = self.request.sources.get(path) if path in self.report.files and path not in self.barred else None
        if source is None:
            return False
        try:
            raw = self.read(path)
        except OSError as error:
            return self._bar(path, f"cannot be read: {error.strerror or error}")
        if Source.read(path, raw).original != source.original:
            return self._bar(path, "was changed while it was checked; it is left as it is")
        self.opened[path] = Change(raw, raw)
        return True

    def _bar(self, path: str, problem: str) -> bool:
        self.barred.add(path)
        self.failures.append(f"{path}: {problem}")
        return False

    def _refuse(self, finding: Finding, problem: str) -> None:
        self.refused.add(self._key(finding))
        source = self.request.sources.get(finding.span.path)
        place = "" if source is None else f":{source.place(finding.span.start).line}"
        self.notes.append(f"{finding.span.path}{place}: the fix of {finding.rule} is left out: {problem}")

    def _try(self, chosen: Sequence[_Chosen]) -> str:
        """Apply fixes; what is wrong with them if they had to be taken back."""
        try:
            texts = self._texts(chosen)
        except RewritingError as error:
            return str(error)
        for path, text in texts.items():
            if _unreadable(Source.read(path, text)) > _unreadable(self.request.sources.get(path)):
                return "Python could not read the file any more"
        wanted = self._offers(self.report)
        wanted.subtract(self._offer(each.finding) for each in chosen)
        for path, text in texts.items():
            self.request.sources.overlay(path, text)
        report = check(self.request)
        more = _rules(report) - _rules(self.report)
        stays = any(self._offers(report)[offer] > left for offer, left in wanted.items())
        if (
            stays
            or any(each.finding.rule in more for each in chosen)
            or len(report.failures) > len(self.report.failures)
        ):
            for path in texts:
                self.request.sources.overlay(path, self.opened[path].after)
            return "the finding would stay, or come back elsewhere"
        self.opened.update((path, evolve(self.opened[path], after=text)) for path, text in texts.items())
        self.report = report
        self.applied.update(min(each.files) for each in chosen)
        return ""

    def _offers(self, report: Report) -> Counter[tuple[str, ...]]:
        return Counter(self._offer(finding) for finding in report.findings)

    def _offer(self, finding: Finding) -> tuple[str, ...]:
        """What a fix of a finding would do, wherever it stands: two findings in one place are told apart by it."""
        fixes = [each for each in finding.fixes if each.safety in self.safeties]
        edits = fixes[0].edits if fixes else ()
        texts = [self.request.sources.get(each.span.path) for each in edits]
        removed = (
            "" if text is None else text.original[each.span.start : each.span.end].decode()
            for each, text in zip(edits, texts, strict=True)
        )
        return (finding.rule, *removed, *(each.content for each in edits))

    def _texts(self, chosen: Sequence[_Chosen]) -> dict[str, bytes]:
        """The files after some fixes."""
        edits: dict[str, dict[Edit, None]] = {}
        for each in chosen:
            for edit in each.edits:
                edits.setdefault(edit.span.path, {})[edit] = None
        texts = {}
        for path, own in edits.items():
            source = self.request.sources.get(path)
            if source is not None:
                texts[path] = rewritten(source, self.opened[path].after, list(own))
        return texts


def _rules(report: Report) -> Counter[str]:
    """How often each rule speaks."""
    return Counter(finding.rule for finding in report.findings)


def _unreadable(source: Source | None) -> int:
    """How many places of a file cannot be read."""
    return 0 if source is None else len(problems(source))
