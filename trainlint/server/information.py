"""What somebody needs to know who looks into a problem with the server."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint import __version__
from trainlint.rules.catalogue import catalogue
from trainlint.settings import SettingsError, SettingsFiles

if TYPE_CHECKING:
    from trainlint.server.session import Session

_LIBRARIES = ("libcst", "lsprotocol", "pygls")


def describe(session: Session) -> str:
    """Versions, the client, folders with their settings, and what is open, as Markdown."""
    return "\n".join(_lines(session)) + "\n"


def _lines(session: Session) -> Iterator[str]:
    client = session.delivery.client
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    yield f"- trainlint {__version__}, {libraries}"
    yield f"- Python {platform.python_version()}, {sys.executable}"
    yield f"- {platform.platform()}"
    pulls = "pulls cells too" if client.pulls_cells else "pulls" if client.pulls else "is pushed to"
    yield f"- client: {session.client_name}, {pulls}, {session.texts.encoding}, trace {session.trace.level}"
    yield f"- last check: {session.checker.last_duration * 1000:.0f} ms, revision {session.checker.revision}"
    yield "- folders:"
    for root in session.folders:
        options = session.snapshot(0).configuration(root).options
        yield f"  - {root}: {_settings(root)}; {options}"
    yield "- open:"
    latest = session.checker.latest
    for uri, view in sorted(latest.views.items() if latest else ()):
        size = f"version {view.sheet.version}, {view.sheet.source.lines.count} lines"
        yield f"  - {uri}: {size}, {len(view.found)} findings, below {view.sheet.root}"
    for failure in latest.failures if latest else ():
        yield f"- failed: {failure}"


def _settings(root: Path) -> str:
    try:
        return str(SettingsFiles(catalogue().vocabulary, cwd=root).at(root).file or "no settings file")
    except SettingsError as error:
        return f"mistakes in the settings file: {error}"
