"""sarif: SARIF 2.1.0, as code scanning of GitHub and other viewers read it.

Every finding has its evidence twice: as places that its message links to, and as a flow from the maker of the value to
where it does harm. Paths are relative to the root of the repository, so that the file can be read anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attrs import frozen

from trainlint import __version__
from trainlint.engine.report import Report
from trainlint.model import Confidence, Edit, Finding, Fix, Note, Severity, Span
from trainlint.reporters.places import printable
from trainlint.reporters.regions import Region, file_region, region, source_of
from trainlint.rules.catalogue import RuleInfo, catalogue, page
from trainlint.source.sources import Sources

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_HOME = "https://github.com/trainlint/trainlint"
_ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_PROBLEMS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}
_AROUND = 2
"""Lines of context on either side of a place."""


def render(report: Report, sources: Sources) -> str:
    """One log with one run; only ASCII, so that no stream can spoil it."""
    return json.dumps(_Log(report, sources, _repository(sources.root)).made(), indent=1) + "\n"


def _repository(folder: Path) -> Path:
    """The root of the repository that `folder` lies in, or `folder` itself."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)


@frozen
class _Log:
    report: Report
    sources: Sources
    root: Path

    def made(self) -> dict[str, Any]:
        rules = [rule for rule in catalogue().values() if any(f.rule == rule.name for f in self.report.findings)]
        return {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": self._driver(rules)},
                    "automationDetails": {"id": "trainlint/"},
                    "invocations": [self._invocation()],
                    "columnKind": "unicodeCodePoints",
                    "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the repository."}}},
                    "results": [self._result(finding, rules) for finding in self.report.findings],
                }
            ],
        }

    def _driver(self, rules: Sequence[RuleInfo]) -> dict[str, Any]:
        return {
            "name": "trainlint",
            "organization": "trainlint contributors",
            "version": __version__,
            "semanticVersion": __version__,
            "informationUri": _HOME,
            "rules": [self._rule(rule) for rule in rules],
        }

    def _rule(self, rule: RuleInfo) -> dict[str, Any]:
        text = page(rule)
        return {
            "id": rule.name,
            "name": "".join(word.capitalize() for word in rule.name.split("-")),
            "shortDescription": {"text": f"{rule.summary}."},
            "fullDescription": {"text": f"{rule.summary}. {_why(text)}"[:1024]},
            "help": {"text": f"{rule.summary}. See {rule.url}", "markdown": text},
            "helpUri": rule.url,
            "defaultConfiguration": {"level": _LEVELS[rule.default_severity]},
            "properties": {
                "tags": [rule.group, *rule.tags],
                "precision": self._precision(rule),
                "problem.severity": _PROBLEMS[rule.default_severity],
            },
        }

    def _precision(self, rule: RuleInfo) -> str:
        """Of a rule, where confidence belongs to findings: that of its surest."""
        found = (finding.confidence for finding in self.report.findings if finding.rule == rule.name)
        return max(found, default=Confidence.MEDIUM).label

    def _invocation(self) -> dict[str, Any]:
        failures = self.report.failures
        invocation: dict[str, Any] = {"executionSuccessful": not failures}
        if failures:
            invocation["toolExecutionNotifications"] = [
                {"level": "error", "message": {"text": f"{printable(failure)}."}} for failure in failures
            ]
        return invocation

    def _result(self, finding: Finding, rules: Sequence[RuleInfo]) -> dict[str, Any]:
        result: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": next(index for index, rule in enumerate(rules) if rule.name == finding.rule),
            "level": _LEVELS[finding.severity],
            "message": {"text": self._message(finding)},
            "locations": [self._location(finding.span)],
            "partialFingerprints": {"trainlint/v1": self.report.fingerprints[finding.identity]},
            "properties": {"confidence": finding.confidence.label},
        }
        if finding.related:
            related = enumerate(finding.related, start=1)
            result["relatedLocations"] = [{"id": number, **self._noted(note)} for number, note in related]
            result["codeFlows"] = [{"threadFlows": [{"locations": self._flow(finding)}]}]
        if fixes := [self._fix(fix) for fix in finding.fixes if self._told(fix)]:
            result["fixes"] = fixes
        return result

    def _message(self, finding: Finding) -> str:
        """A sentence, then a link to each place that it rests on."""
        cell = region(finding.span, self.sources).said
        message = printable(f"{cell}: {finding.message}" if cell else finding.message)
        lines = [message if message.endswith((".", "!", "?")) else f"{message}."]
        for number, note in enumerate(finding.related, start=1):
            lines.append(f"{number}. [{_linked(self._said(note))}]({number}).")
        return "\n".join(lines)

    def _said(self, note: Note) -> str:
        cell = region(note.span, self.sources).said
        return printable(f"{cell}: {note.message}" if cell else note.message)

    def _flow(self, finding: Finding) -> list[dict[str, Any]]:
        """From where the value was made to where it does harm."""
        steps = [self._noted(note) for note in finding.related]
        last = {**self._location(finding.span), "message": {"text": printable(finding.message)}}
        places = [*steps, last]
        return [
            {"location": place, "importance": "essential" if place in (places[0], last) else "important"}
            for place in places
        ]

    def _noted(self, note: Note) -> dict[str, Any]:
        return {**self._location(note.span), "message": {"text": self._said(note)}}

    def _location(self, span: Span) -> dict[str, Any]:
        place, source = file_region(span, self.sources), source_of(span, self.sources)
        found = _region(place)
        physical: dict[str, Any] = {"artifactLocation": self._artifact(span.path), "region": found}
        if not source.cells:  # of a notebook, the text of the file would be JSON
            found["snippet"] = {"text": source.original[span.start : span.end].decode("utf-8", "replace")}
            first, last = max(1, place.line - _AROUND), min(source.lines.count, place.end_line + _AROUND)
            start, end = source.lines.line_span(first)[0], source.lines.line_span(last)[1]
            around = Region(first, 1, *source.lines.place(end))
            text = source.original[start:end].decode("utf-8", "replace")
            physical["contextRegion"] = {**_region(around), "snippet": {"text": text}}
        return {"physicalLocation": physical}

    def _artifact(self, path: str) -> dict[str, Any]:
        absolute = self.sources.root / path
        if absolute.is_relative_to(self.root):
            return {"uri": quote(absolute.relative_to(self.root).as_posix()), "uriBaseId": _ROOT}
        return {"uri": absolute.as_uri()}

    def _told(self, fix: Fix) -> bool:
        """Whether the edits can be said in places of the files."""
        return not any(source_of(edit.span, self.sources).cells for edit in fix.edits)

    def _fix(self, fix: Fix) -> dict[str, Any]:
        paths = dict.fromkeys(edit.span.path for edit in fix.edits)
        changes = [
            {
                "artifactLocation": self._artifact(path),
                "replacements": [self._replacement(edit) for edit in fix.edits if edit.span.path == path],
            }
            for path in paths
        ]
        return {"description": {"text": f"{printable(fix.title)}."}, "artifactChanges": changes}

    def _replacement(self, edit: Edit) -> dict[str, Any]:
        place = file_region(edit.span, self.sources)
        return {"deletedRegion": _region(place), "insertedContent": {"text": edit.content}}


def _region(place: Region) -> dict[str, Any]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _linked(text: str) -> str:
    """`text` as it may stand between the brackets of a link."""
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


def _why(text: str) -> str:
    """The first paragraph under *Why it matters*, on one line."""
    below = text.partition("## Why it matters\n")[2].strip()
    return " ".join(below.partition("\n\n")[0].split())
