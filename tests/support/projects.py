"""Small projects made of text: fences of a rule's page, blind trials, carriers. Checked through the engine's door."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

from trainlint.engine import unit
from trainlint.engine.fixing import fix
from trainlint.engine.project import Request
from trainlint.engine.project import check as engine_check
from trainlint.model import Confidence, Finding, Safety, Severity
from trainlint.rules.catalogue import catalogue
from trainlint.settings import Settings
from trainlint.source.sources import Sources

_FENCE = re.compile(r"^```(\w+)(?: title=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_MARKER = re.compile(r"#\s*expect:\s*(.+?)\s*$", re.MULTILINE)
_MARKED = re.compile(r"[ \t]*#[ \t]*expect:[^\n]*")
_EXPECTED = re.compile(r'([a-z][a-z0-9-]*)(?:\s+"([^"]*)")?')


@frozen
class Project:
    """Files by name; the last Python file or notebook is the root."""

    files: Mapping[str, str]

    @property
    def root(self) -> str:
        return [name for name in self.files if name.endswith((".py", ".ipynb"))][-1]

    def stripped(self) -> Project:
        """The same without markers."""
        return Project({name: _MARKED.sub("", text) for name, text in self.files.items()})


@frozen
class Expected:
    """A marker: this rule, with this part of the message, at this line of this file."""

    path: str
    line: int
    rule: str
    message: str


def pages() -> list[Path]:
    """Every rule's page."""
    import trainlint.rules

    return sorted(Path(trainlint.rules.__path__[0]).glob("*/*.md"))


def sections(page: str) -> dict[str, str]:
    """The text of a page by heading, in order."""
    parts = _HEADING.split(page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def projects(section: str) -> Iterator[Project]:
    """The projects that the fences of a section make: titled ones in a row belong together."""
    files: dict[str, str] = {}
    for match in _FENCE.finditer(section):
        language, title, text = match.groups()
        if title is None:
            if files:
                yield Project(files)
                files = {}
            if language == "python":
                yield Project({"example.py": text})
        else:
            files[title] = text
    if files:
        yield Project(files)


def notebook(percent: str) -> str:
    """Percent cells as notebook JSON."""
    cells = []
    for part in re.split(r"^# %%", percent, flags=re.MULTILINE)[1:]:
        head, _, body = part.partition("\n")
        kind = "markdown" if "[markdown]" in head else "code"
        cell: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": body.splitlines(keepends=True)}
        if kind == "code":
            cell |= {"outputs": [], "execution_count": None}
        cells.append(cell)
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def expected(project: Project) -> list[Expected]:
    """The markers of a project."""
    found = []
    for path, text in project.files.items():
        for number, line in enumerate(text.splitlines(), start=1):
            marker = _MARKER.search(line)
            if marker:
                found += [Expected(path, number, *pair) for pair in _EXPECTED.findall(marker.group(1))]
    return found


def sources(project: Project, folder: Path) -> Sources:
    """The project as overlays over an empty folder."""
    overlays = {
        name: (notebook(text) if name.endswith(".ipynb") and not text.lstrip().startswith("{") else text).encode()
        for name, text in project.files.items()
    }
    return Sources(folder, overlays)


def check(project: Project, folder: Path, *, everything: bool = False, **settings: object) -> list[Finding]:
    """The findings that a user sees of the root and every other Python file of the project, each once."""
    rules = frozenset(info.name for info in catalogue().values() if everything or not info.pedantic)
    seen: dict[object, Finding] = {}
    entered: frozenset[object] = frozenset()
    results = []
    held = sources(project, folder)
    for name in project.files:
        if name.endswith((".py", ".ipynb")):
            result = unit.check(name, held, unit.UnitOptions(rules=rules, **settings))  # type: ignore[arg-type]
            results.append(result)
            entered |= result.entered
    for result in results:
        for report in result.findings:
            if report.assumed is None or report.assumed not in entered:
                seen.setdefault(report.finding.identity, report.finding)
    return [finding for finding in seen.values() if finding.confidence >= Confidence.MEDIUM]


def fixed(project: Project, folder: Path) -> Project:
    """The project, without markers, after `--unsafe-fixes`."""
    texts = mended({name: text.encode() for name, text in project.stripped().files.items()}, folder)
    return Project({name: text.decode() for name, text in texts.items()})


def mended(files: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Files after `--unsafe-fixes`."""
    code = [name for name in files if name.endswith((".py", ".ipynb"))]
    request = Request(code, Sources(folder, files), lambda path: Settings(root=folder), catalogue(), folder)
    made = fix(request, engine_check(request), frozenset(Safety), files.__getitem__)
    return {**files, **{name: each.after for name, each in made.changes.items()}}


def lines(finding: Finding, held: Sources) -> set[tuple[str, int]]:
    """The lines on which a finding's labelled places begin; for a notebook counted through its percent form."""
    places = set()
    for span in (finding.span, *(note.span for note in finding.related)):
        source = held.get(span.path)
        assert source is not None
        places.add((span.path, source.lines.place(span.start)[0]))
    return places


def gates(finding: Finding) -> bool:
    """Whether a finding fails a run with default settings."""
    return finding.severity >= Severity.WARNING
