"""Progress of work that takes a while, where the client has given a token for it or lets us make one."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING

from attrs import define, field
from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from pygls.lsp.server import LanguageServer


@define
class Progress:
    """Belongs to the event loop. Says nothing before the first report, and ends with `end`."""

    server: LanguageServer
    title: str
    token: types.ProgressToken | None = None
    can_make: bool = False
    """Whether the client lets servers begin progress of their own."""
    _begun: bool = False
    _percentage: int = -1
    _last: tuple[int, int] | None = None
    _making: asyncio.Task[None] | None = field(default=None)

    def report(self, done: int, total: int) -> None:
        """So much is done."""
        self._last = (done, total)
        if self.token is None:
            if self.can_make and self._making is None:
                self._making = asyncio.ensure_future(self._make())
            return
        percentage = 100 * done // max(total, 1)
        if percentage == self._percentage:
            return
        self._percentage, message = percentage, f"{done} of {total} files"
        progress = self.server.work_done_progress
        if not self._begun:
            self._begun = True
            progress.begin(self.token, types.WorkDoneProgressBegin(self.title, message=message, percentage=percentage))
        else:
            progress.report(self.token, types.WorkDoneProgressReport(message=message, percentage=percentage))

    def end(self) -> None:
        self._last = None  # a token that is still being made is left unused: pygls cannot take its request back
        if self._begun and self.token is not None:
            self._begun = False
            self.server.work_done_progress.end(self.token, types.WorkDoneProgressEnd())
            self.server.work_done_progress.tokens.pop(self.token, None)

    async def _make(self) -> None:
        token = str(uuid.uuid4())
        try:
            await self.server.work_done_progress.create_async(token)
        except JsonRpcException:
            return
        self.token = token
        if self._last is not None:
            self.report(*self._last)
