"""What one check is made of: everything that is open, at one moment."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from trainlint.server.client import Client
from trainlint.server.texts import Notebook, Text
from trainlint.settings import Layer


@frozen
class Snapshot:
    """Frozen, so that the thread that checks and the loop that listens need no lock."""

    revision: int
    documents: tuple[Text, ...]
    notebooks: tuple[Notebook, ...]
    folders: tuple[Path, ...]
    layer: Layer
    """The settings that the client has sent."""
    disk: int
    """Counts what the client has said of changes on the disk."""
    rules: int
    """The same, of changes in files of settings."""
    encoding: str
    client: Client
