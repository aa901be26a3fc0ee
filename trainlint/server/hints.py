"""Inlay hints: what was inferred, beside the expression of which it is known."""

from __future__ import annotations

from lsprotocol import types

from trainlint.server.outcome import View


def hints(view: View, range: types.Range) -> list[types.InlayHint]:
    """The hints of a part of a document."""
    start, end = view.sheet.span(range)
    return [
        types.InlayHint(
            position=view.sheet.range(each.span.start, each.span.end).end,
            label=each.says,
            kind=types.InlayHintKind.Type,
            tooltip=each.sentence,
            padding_left=True,
        )
        for each in view.inferred
        if start <= each.span.end <= end
    ]
