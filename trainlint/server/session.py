"""One client and what is going on with it: its texts, folders and settings, and the checks that they call for."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from attrs import define, field
from lsprotocol import types

from trainlint.server import configuration
from trainlint.server.accepting import Accepting
from trainlint.server.actions import FIX_ALL, actions, fix_all
from trainlint.server.addresses import folder
from trainlint.server.checker import Checker, Work
from trainlint.server.client import Client
from trainlint.server.configuration import Configuration
from trainlint.server.delivery import Delivery, Report
from trainlint.server.desk import Superseded
from trainlint.server.edits import of_changes
from trainlint.server.hints import hints
from trainlint.server.hovers import hover
from trainlint.server.links import in_comments, in_settings, is_settings
from trainlint.server.mending import Change
from trainlint.server.office import Office
from trainlint.server.options import ON_TYPE
from trainlint.server.outcome import Outcome, View
from trainlint.server.progress import Progress
from trainlint.server.snapshot import Snapshot
from trainlint.server.texts import Texts
from trainlint.server.trace import Trace
from trainlint.server.workspace import Workspace

logger = logging.getLogger(__name__)
SECTION = "trainlint"


class OutdatedError(Exception):
    """The document is another one than when the client was told of it."""


@define
class Session:
    """Everything that the handlers of messages act on. It belongs to the event loop."""

    texts: Texts
    delivery: Delivery
    trace: Trace
    show: Callable[[str], None]
    """Shows a message to the user."""
    refresh_hints: Callable[[], None]
    """Asks the client to ask for inlay hints again."""
    checker: Checker = field(init=False)
    workspace: Workspace = field(init=False)
    accepting: Accepting = field(init=False)
    client_name: str = "unknown"
    folders: list[Path] = field(factory=list)
    configurations: dict[Path | None, Configuration] = field(factory=dict)
    _office: Office = field(factory=Office)
    _tasks: set[asyncio.Task[None]] = field(factory=set)
    _disk: int = 0
    _rules: int = 0
    _shown: set[str] = field(factory=set)
    _hinted: dict[str, View] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.checker = Checker(self._prepare, self._deliver, self.fail)
        self.workspace = Workspace(self.checker, self._now)
        self.accepting = Accepting(self.checker, self._now)

    # The client -------------------------------------------------------------------------------------------------------

    def greet(self, parameters: types.InitializeParams, encoding: str) -> None:
        """Take note of who is there."""
        self.texts.encoding = encoding
        self.delivery.client = Client.of(parameters.capabilities)
        self.trace.set(parameters.trace)
        if parameters.client_info is not None:
            self.client_name = f"{parameters.client_info.name} {parameters.client_info.version or ''}".strip()
        uris = [each.uri for each in parameters.workspace_folders or ()]
        if not uris and parameters.root_uri:
            uris = [parameters.root_uri]
        self.move(uris, [])
        options = parameters.initialization_options
        if isinstance(options, dict) and "settings" in options:
            self.configure(options["settings"])

    def move(self, added: Sequence[str], removed: Sequence[str]) -> None:
        """Folders come and go."""
        gone = {folder(uri) for uri in removed}
        self.folders = [each for each in self.folders if each not in gone]
        self.folders += [path for uri in added if (path := folder(uri)) is not None and path not in self.folders]

    def configure(self, table: object, root: Path | None = None) -> None:
        """Settings from the client, for one folder or for whatever it says nothing else about."""
        self.configurations[root], problems = configuration.read(table, root or Path.cwd())
        for problem in problems:
            self.once(problem)

    def typed(self) -> None:
        """A text has changed. Who wants checks on saving only gets none for that."""
        if self.configurations.get(None, Configuration()).options.run == ON_TYPE:
            self.checker.changed()

    def disk_changed(self, uris: Sequence[str]) -> None:
        """Files were made, changed or deleted outside of the editor."""
        self._disk += 1
        self._rules += any(uri.endswith(".toml") for uri in uris)
        self.checker.changed()

    def close(self) -> None:
        """Stop whatever is under way."""
        self.checker.close()
        self.workspace.close()
        self.accepting.close()

    # Answers ----------------------------------------------------------------------------------------------------------

    async def diagnose(self, uri: str, previous: str | None) -> Report:
        outcome = await self.checker.outcome()
        return self.delivery.answer(uri, outcome.views.get(uri), previous)

    async def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        view = await self._view(uri)
        return None if view is None else hover(view, position)

    async def hints(self, uri: str, range: types.Range) -> list[types.InlayHint]:
        view = await self._view(uri)
        if view is None:
            return []
        self._hinted[uri] = view
        return hints(view, range)

    async def links(self, uri: str) -> list[types.DocumentLink]:
        if is_settings(uri):
            return in_settings(uri, self.texts.content(uri) or "", self.texts.encoding)
        view = await self._view(uri)
        return [] if view is None else in_comments(view)

    async def actions(self, uri: str, range: types.Range, context: types.CodeActionContext) -> list[types.CodeAction]:
        outcome = await self.checker.outcome()
        view = outcome.views.get(uri)
        if view is None or view.sheet.version != self.texts.version(uri):
            return []
        client = self.delivery.client
        found = actions(outcome, view, range, context, versioned=client.versioned_edits)
        for action in fix_all(outcome, view, context.only, is_cell=self.texts.is_cell(uri)):
            if not client.resolves_edits:
                action = await self.resolve(action)
                action.data = None
            if client.resolves_edits or action.edit is not None:
                found.append(action)
        return found

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """The action with its edit; raises OutdatedError if the document has changed since it was offered."""
        data: Any = action.data
        if not isinstance(data, dict) or FIX_ALL not in str(getattr(action.kind, "value", action.kind)):
            return action
        uri, version = data.get("uri"), data.get("version")
        if not isinstance(uri, str) or self.texts.version(uri) != version:
            raise OutdatedError
        changes = await self._mended(uri)
        if self.texts.version(uri) != version:
            raise OutdatedError
        if changes:
            versioned = self.delivery.client.versioned_edits
            action.edit = of_changes(changes, self.texts.encoding, versioned=versioned)
        return action

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something that no request waits for."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)  # the loop itself keeps only weak references
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, Exception):
            self.fail(error)

    async def accept(
        self, uris: Sequence[str], begin: Callable[[str], Progress]
    ) -> AsyncIterator[types.ShowMessageParams]:
        """Accept what is found in folders, or in all of them; what is to be said of each."""
        roots = [folder(uri) for uri in uris] if uris else list(self.folders)
        if not roots:
            yield types.ShowMessageParams(types.MessageType.Error, "trainlint: no folder is open to accept findings in")
        for root, uri in zip(roots, uris or roots, strict=True):
            if root is None or root not in self.folders:
                yield types.ShowMessageParams(types.MessageType.Error, f"trainlint: {uri}: no such folder is open")
                continue
            accepted = await self.accepting.accept(root, begin(root.name))
            if accepted is not None:
                if changes := accepted.acceptance.changes:
                    self.disk_changed([change.file.as_uri() for change in changes])
                name = "trainlint: " if len(self.folders) == 1 else f"trainlint: {root.name}: "
                for message in accepted.messages(name):
                    yield message

    async def _mended(self, uri: str) -> list[Change]:
        snapshot, stop = self._now(), threading.Event()

        def work() -> list[Change]:
            try:
                return self._office.mend(snapshot, uri, stop)
            except Superseded:
                return []

        try:
            return await self.checker.run(work)
        except asyncio.CancelledError:
            stop.set()
            raise

    async def _view(self, uri: str) -> View | None:
        return (await self.checker.outcome()).views.get(uri)

    # Checks -----------------------------------------------------------------------------------------------------------

    def snapshot(self, revision: int) -> Snapshot:
        """Everything that is open, at this moment."""
        return Snapshot(
            revision=revision,
            documents=tuple(self.texts.documents()),
            notebooks=tuple(self.texts.notebooks()),
            folders=tuple(self.folders),
            disk=self._disk,
            rules=self._rules,
            encoding=self.texts.encoding,
            client=self.delivery.client,
            configurations=dict(self.configurations),
        )

    def _now(self) -> Snapshot:
        return self.snapshot(self.checker.revision)

    def _prepare(self, revision: int) -> Work:
        return partial(self._work, self.snapshot(revision))

    def _work(self, snapshot: Snapshot, stop: threading.Event) -> Outcome:
        return self._office.check(snapshot, stop)

    def _deliver(self, outcome: Outcome) -> None:
        if not self._shown.issuperset(outcome.failures):
            for text in outcome.tracebacks:
                logger.error("%s", text)
        for failure in (*outcome.failures, *outcome.notes):
            self.once(failure)
        count = sum(len(view.found) for view in outcome.views.values())
        documents = "".join(f"{uri}: {len(view.found)} findings\n" for uri, view in outcome.views.items())
        took = f"{self.checker.last_duration * 1000:.0f} ms"
        self.trace.tell(f"checked {len(outcome.views)} documents in {took}: {count} findings", documents)
        self.delivery.deliver(outcome)
        self._check_hints(outcome)

    def _check_hints(self, outcome: Outcome) -> None:
        """Tell the client if hints have changed in a document that has not."""
        if self.delivery.client.refreshes_hints:
            pairs = [(known, outcome.views.get(uri)) for uri, known in self._hinted.items()]
            if any(
                now is not None and now.sheet.version == known.sheet.version and now.inferred != known.inferred
                for known, now in pairs
            ):
                self._hinted.clear()
                self.refresh_hints()

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
