"""Ignore comments: which findings they silence, and which of them silence none."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field

from trainlint.model import Finding, Span
from trainlint.source.ignores import Ignore
from trainlint.source.source import Source
from trainlint.source.sources import Sources


@define
class Ignoring:
    """Applies the comments of all sources and remembers which rule names in them were of use."""

    _sources: Sources
    _used: set[tuple[str, int, str]] = field(factory=set)

    def silences(self, finding: Finding) -> bool:
        """Whether a comment on any labelled line of `finding` names its rule."""
        silenced = False
        for span in (finding.span, *(note.span for note in finding.related)):
            source = self._source(span.path)
            for ignore in source.ignores if source else ():
                if finding.rule in ignore.rules and source and (ignore.whole_file or _on_lines(ignore, source, span)):
                    self._used.add((span.path, ignore.start, finding.rule))
                    silenced = True
        return silenced

    def unused(self, source: Source) -> Iterator[tuple[Ignore, int]]:
        """The comments of `source` with the index of each rule name that silenced nothing so far."""
        for ignore in source.ignores:
            for index, rule in enumerate(ignore.rules):
                if (source.path, ignore.start, rule) not in self._used:
                    yield ignore, index

    def _source(self, path: str) -> Source | None:
        try:
            return self._sources.get(path)
        except OSError:
            return None


def _on_lines(ignore: Ignore, source: Source, span: Span) -> bool:
    """Whether the lines that `ignore` covers and those of `span` have one in common."""
    lines = source.lines
    first, _ = lines.line_span(lines.place(span.start)[0])
    _, last = lines.line_span(lines.place(max(span.start, span.end - 1))[0])
    return first <= ignore.line_end and ignore.line_start <= last
