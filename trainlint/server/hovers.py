"""Hover: the page of a rule, on a finding or on a comment that names it; nothing anywhere else."""

from __future__ import annotations

from lsprotocol import types

from trainlint.rules.catalogue import catalogue, page
from trainlint.server.outcome import View


def hover(view: View, position: types.Position) -> types.Hover | None:
    """What is shown at a position of a document; None leaves the place to other servers."""
    offset = view.sheet.offset(position)
    found = _findings(view, offset) or _comment(view, offset)
    if found is None:
        return None
    rules, (start, end) = found
    text = "\n\n---\n\n".join(page(catalogue()[rule]) for rule in rules)
    content = types.MarkupContent(types.MarkupKind.Markdown, text)
    return types.Hover(content, view.sheet.range(start, end))


Shown = tuple[tuple[str, ...], tuple[int, int]]


def _findings(view: View, offset: int) -> Shown | None:
    """The rules of the findings at a place, and the smallest of their spans."""
    here = [each.finding for each in view.found if each.finding.span.start <= offset < each.finding.span.end]
    if not here:
        return None
    smallest = min((each.span.end - each.span.start, each.span.start, each.span.end) for each in here)
    return tuple(dict.fromkeys(each.rule for each in here)), smallest[1:]


def _comment(view: View, offset: int) -> Shown | None:
    """The rule that a comment names at a place, or all of them beside the names."""
    for ignore in view.sheet.source.ignores:
        if not ignore.start <= offset < ignore.end:
            continue
        for rule, (start, end) in zip(ignore.rules, ignore.spans, strict=True):
            if start <= offset < end:
                return ((rule,), (start, end)) if rule in catalogue() else None
        known = tuple(rule for rule in dict.fromkeys(ignore.rules) if rule in catalogue())
        return (known, (ignore.start, ignore.end)) if known else None
    return None
