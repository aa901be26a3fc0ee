"""unused-ignore: an ignore comment silences nothing."""

from __future__ import annotations

import re

from trainlint.model import Confidence, Edit, Finding, Fix, Safety, Span
from trainlint.rules.catalogue import catalogue
from trainlint.source.ignores import Ignore
from trainlint.source.source import Source

NAME = "unused-ignore"


def finding(source: Source, ignore: Ignore, index: int) -> Finding:
    """The finding about rule name number `index` of the comment `ignore`, which silenced nothing."""
    start, end = ignore.spans[index]
    where = "in this file" if ignore.whole_file else "here"
    return Finding(
        NAME,
        catalogue()[NAME].default_severity,
        Confidence.HIGH,
        f"`{ignore.rules[index]}` reports nothing {where}",
        Span(source.path, start, end),
        fixes=(Fix("Remove it", Safety.SAFE, (_removal(source, ignore, index),)),),
    )


def _removal(source: Source, ignore: Ignore, index: int) -> Edit:
    """Takes away the name with one comma, or the whole comment if it is the only name."""
    text = source.original
    if len(ignore.rules) > 1:
        start, end = ignore.spans[index]
        if index + 1 < len(ignore.rules):
            end = ignore.spans[index + 1][0]
        else:
            start = ignore.spans[index - 1][1]
        return Edit(Span(source.path, start, end), "")
    line_start, line_end = source.lines.line_span(source.lines.place(ignore.start)[0])
    start, end = ignore.start, ignore.end
    before = re.search(rb"[ \t]*\Z", text[line_start:start])
    start -= len(before[0]) if before else 0
    if start == line_start and end == line_end:  # alone on its line: the line end goes too
        after = re.compile(rb"\r\n|\r|\n").match(text, end)
        end = after.end() if after else end
    return Edit(Span(source.path, start, end), "")
