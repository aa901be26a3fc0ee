"""What the server tells a client that traces it."""

from __future__ import annotations

from collections.abc import Callable

from attrs import define
from lsprotocol import types


@define
class Trace:
    """Sends as much as the client wants to know."""

    send: Callable[[types.LogTraceParams], None]
    level: str = "off"

    def set(self, value: types.TraceValue | str | None) -> None:
        """Take a level of the protocol; what is none turns the trace off."""
        self.level = str(getattr(value, "value", value) or "off")

    def tell(self, message: str, details: str) -> None:
        """One message, with details for those who want it verbose."""
        if self.level != "off":
            verbose = details if self.level == types.TraceValue.Verbose.value else None
            self.send(types.LogTraceParams(message, verbose))
