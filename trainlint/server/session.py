"""One client and what is going on with it: its texts, folders and settings, and the checks that they call for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from attrs import define, field
from lsprotocol import types

from trainlint.rules.catalogue import catalogue
from trainlint.server.actions import actions
from trainlint.server.addresses import folder
from trainlint.server.checker import Checker, Work
from trainlint.server.client import Client
from trainlint.server.delivery import Delivery, Report
from trainlint.server.hovers import hover
from trainlint.server.office import Office
from trainlint.server.outcome import Outcome
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Texts
from trainlint.settings import Layer, SettingsError, read_layer

logger = logging.getLogger(__name__)
SECTION = "trainlint"


@define
class Session:
    """Everything that the handlers of messages act on. It belongs to the event loop."""

    texts: Texts
    delivery: Delivery
    show: Callable[[str], None]
    """Shows a message to the user."""
    checker: Checker = field(init=False)
    folders: list[Path] = field(factory=list)
    layer: Layer = field(factory=Layer)
    _office: Office = field(factory=Office)
    _disk: int = 0
    _rules: int = 0
    _shown: set[str] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.checker = Checker(self._prepare, self._deliver, self.fail)

    # The client -------------------------------------------------------------------------------------------------------

    def greet(self, parameters: types.InitializeParams, encoding: str) -> None:
        """Take note of who is there."""
        self.texts.encoding = encoding
        self.delivery.client = Client.of(parameters.capabilities)
        uris = [each.uri for each in parameters.workspace_folders or ()]
        if not uris and parameters.root_uri:
            uris = [parameters.root_uri]
        self.move(uris, [])
        options = parameters.initialization_options
        if isinstance(options, Mapping) and "settings" in options:
            self.configure(options["settings"])

    def move(self, added: Sequence[str], removed: Sequence[str]) -> None:
        """Folders come and go."""
        gone = {folder(uri) for uri in removed}
        self.folders = [each for each in self.folders if each not in gone]
        self.folders += [path for uri in added if (path := folder(uri)) is not None and path not in self.folders]

    def configure(self, table: object) -> None:
        """Settings from the client, with the keys of `trainlint.toml`. What else editors keep there is passed over."""
        known = {}
        if isinstance(table, Mapping):
            known = {key: value for key, value in table.items() if key in _KEYS and value is not None}
        try:
            self.layer = read_layer(
                known, catalogue().vocabulary, Path.cwd(), lambda keys: f"settings of the editor: {keys[0]}"
            )
        except SettingsError as error:
            for problem in error.problems:
                self.once(problem)

    def disk_changed(self, uris: Sequence[str]) -> None:
        """Files were made, changed or deleted outside of the editor."""
        self._disk += 1
        self._rules += any(uri.endswith(".toml") for uri in uris)
        self.checker.changed()

    # Answers ----------------------------------------------------------------------------------------------------------

    async def diagnose(self, uri: str, previous: str | None) -> Report:
        outcome = await self.checker.outcome()
        return self.delivery.answer(uri, outcome.views.get(uri), previous)

    async def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        view = (await self.checker.outcome()).views.get(uri)
        return None if view is None else hover(view, position)

    async def actions(self, uri: str, range: types.Range, only: Sequence[str] | None) -> list[types.CodeAction]:
        outcome = await self.checker.outcome()
        view = outcome.views.get(uri)
        versioned = self.delivery.client.versioned_edits
        return [] if view is None else actions(outcome, view, range, only, versioned=versioned)

    # Checks -----------------------------------------------------------------------------------------------------------

    def _prepare(self, revision: int) -> Work:
        snapshot = Snapshot(
            revision=revision,
            documents=tuple(self.texts.documents()),
            notebooks=tuple(self.texts.notebooks()),
            folders=tuple(self.folders),
            layer=self.layer,
            disk=self._disk,
            rules=self._rules,
            encoding=self.texts.encoding,
            client=self.delivery.client,
        )
        return partial(self._work, snapshot)

    def _work(self, snapshot: Snapshot, stop: threading.Event) -> Outcome:
        return self._office.check(snapshot, stop)

    def _deliver(self, outcome: Outcome) -> None:
        if not self._shown.issuperset(outcome.failures):
            for text in outcome.tracebacks:
                logger.error("%s", text)
        for failure in outcome.failures:
            self.once(failure)
        self.delivery.deliver(outcome)

    # Trouble ----------------------------------------------------------------------------------------------------------

    def once(self, message: str) -> None:
        """Log and show a message, but not again and again."""
        if message not in self._shown:
            self._shown.add(message)
            logger.warning("%s", message)
            self.show(message)

    def fail(self, error: Exception) -> None:
        """An error that no unit contained: logged with its traceback, shown once."""
        logger.error("internal error", exc_info=error)
        self.once(f"internal error: {type(error).__name__}: {error} (see the server's log)")


_KEYS = frozenset(
    (
        "select",
        "ignore",
        "pedantic",
        "severity",
        "options",
        "per-file-ignores",
        "exclude",
        "fail-on",
        "min-confidence",
        "baseline",
        "knowledge",
    )
)
