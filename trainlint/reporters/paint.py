"""Colours, or none: every style is a function from text to text."""

from __future__ import annotations

from attrs import frozen

from trainlint.model import Severity

_BOLD, _BLUE = "1", "1;34"
_SEVERITIES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}


@frozen
class Paint:
    """Paints if `colour`; else hands text back as it is."""

    colour: bool = False

    def bold(self, text: str) -> str:
        return self._in(_BOLD, text)

    def frame(self, text: str) -> str:
        return self._in(_BLUE, text)

    def severity(self, severity: Severity, text: str) -> str:
        return self._in(_SEVERITIES[severity], text)

    def _in(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text
