"""How diagnostics reach the client: pushed, or pulled by it, never both for one document."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define, field
from lsprotocol import types

from trainlint.server.client import Client
from trainlint.server.outcome import Outcome, View
from trainlint.server.texts import Texts

Report = types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport


@define
class Delivery:
    """Knows what the client was told last, per URI."""

    texts: Texts
    publish: Callable[[types.PublishDiagnosticsParams], None]
    refresh: Callable[[], None]
    """Asks the client to ask again."""
    client: Client = field(factory=Client)
    _cells_pulled: bool = False
    _pushed: dict[str, str] = field(factory=dict)
    _answered: dict[str, tuple[str, int | None]] = field(factory=dict)

    def pushes(self, uri: str) -> bool:
        """Whether the diagnostics of a document are pushed: to those clients that never ask for them."""
        if self.texts.is_cell(uri):
            return not (self.client.pulls and (self.client.pulls_cells or self._cells_pulled))
        return not self.client.pulls

    def deliver(self, outcome: Outcome) -> None:
        """Push what has changed; tell a client that pulls if what it was answered holds no more."""
        stale = False
        for uri, view in outcome.views.items():
            version = self.texts.version(uri)
            if version is None or version != view.sheet.version:
                continue  # closed, or edited meanwhile: the next outcome is under way
            if self.pushes(uri):
                self._push(uri, view.diagnostics, view.id, version)
            elif uri in self._answered:
                id, answered_for = self._answered[uri]
                stale = stale or (id != view.id and answered_for == version)
        for uri in [uri for uri in self._pushed if uri not in outcome.views and self.texts.version(uri) is None]:
            self.withdraw(uri)
        for uri in [uri for uri in self._answered if self.texts.version(uri) is None]:
            del self._answered[uri]
        if stale and self.client.refreshes:
            self.refresh()

    def answer(self, uri: str, view: View | None, previous: str | None) -> Report:
        """The answer to a client that asks for the diagnostics of a document."""
        if self.texts.is_cell(uri) and not self._cells_pulled:
            self._cells_pulled = True
            for cell in [each for each in self._pushed if self.texts.is_cell(each)]:
                self.withdraw(cell)
        if view is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        self._answered[uri] = (view.id, view.sheet.version)
        if previous == view.id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=view.id)
        return types.RelatedFullDocumentDiagnosticReport(items=view.diagnostics, result_id=view.id)

    def withdraw(self, uri: str) -> None:
        """Take back what was pushed about a document."""
        if self._pushed.pop(uri, None) is not None:
            self.publish(types.PublishDiagnosticsParams(uri, []))

    def _push(self, uri: str, diagnostics: list[types.Diagnostic], id: str, version: int) -> None:
        id = f"{id}:{version}"
        if self._pushed.get(uri) != id:
            self._pushed[uri] = id
            self.publish(types.PublishDiagnosticsParams(uri, diagnostics, version))
