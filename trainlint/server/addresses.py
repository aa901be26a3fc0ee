"""From the URI of a document to the folder and the path under which it is checked, and back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen
from pygls.uris import to_fs_path

from trainlint.settings import SettingsError, SettingsFiles, Vocabulary


@frozen
class Address:
    """A file as `trainlint check` names it when it is started in ``root``."""

    root: Path
    path: str

    @property
    def uri(self) -> str:
        """The URI of the file, if it is one."""
        return (self.root / self.path).as_uri()


def address(uri: str, folders: Sequence[Path], vocabulary: Vocabulary) -> Address:
    """Where a document belongs: the innermost folder that is open, else the project around the file.

    What is no file (an untitled document) belongs to the first folder.
    """
    file = to_fs_path(uri)
    if file is None:
        return Address(folders[0] if folders else Path.cwd(), uri.replace("/", "-").lstrip("."))
    path = Path(os.path.normpath(file))
    around = [folder for folder in folders if path.is_relative_to(folder)]
    root = max(around, key=lambda folder: len(folder.parts)) if around else _project(path.parent, vocabulary)
    return Address(root, path.relative_to(root).as_posix())


def folder(uri: str) -> Path | None:
    """The path of a workspace folder; None for one that is not on this machine."""
    path = to_fs_path(uri)
    return None if path is None else Path(os.path.normpath(path))


def _project(folder: Path, vocabulary: Vocabulary) -> Path:
    try:
        root = SettingsFiles(vocabulary, cwd=folder).at(folder).root
    except SettingsError:
        return folder  # said when the file is checked
    return root if folder.is_relative_to(root) else folder
