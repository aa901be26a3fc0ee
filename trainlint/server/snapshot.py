"""What one check is made of: everything that is open, at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from attrs import field, frozen

from trainlint.server.client import Client
from trainlint.server.configuration import Configuration
from trainlint.server.texts import Notebook, Text


@frozen
class Snapshot:
    """Frozen, so that the thread that checks and the loop that listens need no lock."""

    revision: int
    documents: tuple[Text, ...]
    notebooks: tuple[Notebook, ...]
    folders: tuple[Path, ...]
    disk: int
    """Counts what the client has said of changes on the disk."""
    rules: int
    """The same, of changes in files of settings."""
    encoding: str
    client: Client
    configurations: Mapping[Path | None, Configuration] = field(factory=dict)
    """What the client has set, by folder; under None for those of which it says nothing."""

    def configuration(self, root: Path) -> Configuration:
        """What holds for a folder."""
        return self.configurations.get(root) or self.configurations.get(None) or Configuration()
