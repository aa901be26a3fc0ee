"""Settings files: which one holds for a path, and what is in it."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from trainlint.settings.errors import SettingsError
from trainlint.settings.layers import Layer, Settings
from trainlint.settings.lines import item_line, line_of
from trainlint.settings.reading import Keys, read_layer
from trainlint.settings.vocabulary import Vocabulary

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

OWN = "trainlint.toml"
SHARED = "pyproject.toml"


class SettingsFiles:
    """The settings of any path: those of the nearest file above it, under the layers of the command line.

    `explicit` is a file that is used for every path, with patterns relative to `cwd`; `isolated` uses none. What was
    found, or was wrong, is remembered per folder.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        cwd: Path,
        overlays: tuple[Layer, ...] = (),
        explicit: Path | None = None,
        isolated: bool = False,
    ) -> None:
        self._vocabulary = vocabulary
        self._cwd = cwd
        self._overlays = overlays
        self._isolated = isolated
        self._folders: dict[Path, Settings | SettingsError] = {}
        self._explicit: Settings | None = None
        if explicit is not None:
            self._explicit = self._layered(cwd, explicit, self._read(explicit, required=True)[1])

    def at(self, folder: Path) -> Settings:
        """The settings of the files in `folder` (absolute); raises SettingsError."""
        if self._explicit is not None:
            return self._explicit
        if folder not in self._folders:
            try:
                self._folders[folder] = self._find(folder)
            except SettingsError as error:
                self._folders[folder] = error
        found = self._folders[folder]
        if isinstance(found, SettingsError):
            raise found
        return found

    def _find(self, folder: Path) -> Settings:
        if not self._isolated:
            own, shared = folder / OWN, folder / SHARED
            table, layer = self._read(shared) if shared.is_file() else (None, Layer())
            if own.is_file():
                if table is not None:
                    raise SettingsError(
                        f"{self._shown(own)}: both {OWN} and [tool.trainlint] in {SHARED} of one folder; keep one"
                    )
                return self._layered(folder, own, self._read(own, required=True)[1])
            if table is not None:
                return self._layered(folder, shared, layer)
        if folder.parent != folder:
            above = self.at(folder.parent)
            if above.file is not None:
                return above
        return self._layered(self._project(folder), None, Layer())

    def _layered(self, root: Path, file: Path | None, layer: Layer) -> Settings:
        settings = Settings(root=root, file=file).under(layer)
        for overlay in self._overlays:
            settings = settings.under(overlay)
        return settings

    def _project(self, folder: Path) -> Path:
        """The root of what has no settings: the nearest folder with a project file or repository, else here."""
        for candidate in (folder, *folder.parents):
            if (candidate / SHARED).is_file() or (candidate / ".git").exists():
                return candidate
        return self._cwd

    def _read(self, file: Path, required: bool = False) -> tuple[Mapping[str, Any] | None, Layer]:
        """The table of trainlint in `file`, None if it has none, and the layer it describes."""
        shown = self._shown(file)
        try:
            text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"{shown}: {_reason(error)}") from error
        in_tool = file.name == SHARED
        if in_tool and "trainlint" not in text:
            return ({}, Layer()) if required else (None, Layer())
        table: Any = _parsed(text, shown)
        for key in ("tool", "trainlint") if in_tool else ():
            if key not in table:
                return ({}, Layer()) if required else (None, Layer())
            table = table[key]
            if not isinstance(table, dict):
                raise SettingsError(f"{shown}:{line_of(text, (key,))}: `{key}` must be a table")
        prefix: Keys = ("tool", "trainlint") if in_tool else ()
        where = partial(_place, shown, text, prefix, table)
        return table, read_layer(table, self._vocabulary, file.parent, where)

    def _shown(self, file: Path) -> str:
        """`file` as messages name it: from the working directory if it is below it."""
        try:
            return file.relative_to(self._cwd).as_posix()
        except ValueError:
            return file.as_posix()


def argument_layer(argument: str, vocabulary: Vocabulary, cwd: Path) -> Layer:
    """The layer of `--config KEY=VALUE`, where VALUE is TOML, or a string that needs no quotes."""
    shown = "--config"
    key, _, value = argument.partition("=")
    bare = re.fullmatch(r"\s*(?!true|false)[a-z-]+\s*", value)
    table = _parsed(f'{key}="{value.strip()}"' if bare else argument, shown)
    return read_layer(table, vocabulary, cwd, lambda keys: shown)


def _parsed(text: str, shown: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at line (\d+), column (\d+)\)", message)
        if place is None:
            raise SettingsError(f"{shown}: {message}") from error
        raise SettingsError(f"{shown}:{place[1]}:{place[2]}: {message.replace(place[0], '')}") from error


def _place(shown: str, text: str, prefix: Keys, table: Mapping[str, Any], keys: Keys) -> str:
    """`file:line` of a key, or of an item of its list."""
    line = line_of(text, (*prefix, *keys))
    if keys and isinstance(keys[-1], int):
        value: Any = table
        for key in keys:
            value = value[key]
        line = item_line(text, line, str(value))
    return f"{shown}:{line}"


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error.strerror or error)
