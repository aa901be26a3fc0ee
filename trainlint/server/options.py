"""What an editor may set of the server itself, beside the settings of a project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen

from trainlint.settings import Option

ON_TYPE, ON_SAVE = "onType", "onSave"
OPEN_FILES, WORKSPACE = "openFilesOnly", "workspace"

OPTIONS: Mapping[str, Option] = {
    "enable": Option("boolean", True, "Check Python files and notebooks."),
    "run": Option("string", ON_TYPE, "Check while you type, or when a file is saved.", choices=(ON_TYPE, ON_SAVE)),
    "diagnosticMode": Option(
        "string", OPEN_FILES, "Check the files that are open, or all of the workspace.", choices=(OPEN_FILES, WORKSPACE)
    ),
    "showInlayHints": Option(
        "boolean", False, "Show beside the code what was inferred: shapes, ranges, effective learning rates."
    ),
}
"""By the names that editors use. Extensions make their own settings from this."""


@frozen
class Options:
    """The choices of one folder."""

    enable: bool = True
    run: str = ON_TYPE
    diagnostic_mode: str = OPEN_FILES
    show_inlay_hints: bool = False


def read_options(table: Mapping[str, Any]) -> tuple[Options, list[str]]:
    """The options in a table, with a message for each that cannot be used."""
    problems, known = [], {}
    for name, option in OPTIONS.items():
        value = table.get(name)
        if value is None:
            continue
        if problem := option.problem(value):
            problems.append(f"settings of the editor: `{name}` {problem}")
        else:
            known[_ATTRIBUTES[name]] = value
    return Options(**known), problems


_ATTRIBUTES = {
    "enable": "enable",
    "run": "run",
    "diagnosticMode": "diagnostic_mode",
    "showInlayHints": "show_inlay_hints",
}
