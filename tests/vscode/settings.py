"""Writes the settings of the VS Code extension into its package.json: the server's options, and the keys of settings
files, which an editor may send as well.

None of those has a default: what the user has not set is null, and leaves the settings files their say.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trainlint.model import Confidence, Severity
from trainlint.rules.catalogue import Catalogue, RuleInfo, catalogue
from trainlint.server.options import OPTIONS
from trainlint.settings import Option

PACKAGE = Path(__file__).parents[2] / "editors/vscode/package.json"
_LEVELS = [each.name.lower() for each in reversed(Severity)]
_CONFIDENCES = [each.name.lower() for each in Confidence]
_STRINGS = {"type": ["array", "null"], "items": {"type": "string"}}

_STARTING: Mapping[str, Mapping[str, Any]] = {
    "path": {
        "type": "string",
        "default": "",
        "scope": "machine-overridable",
        "markdownDescription": "The program `trainlint`. Empty: it is looked for in the interpreter, then on `PATH`.",
    },
    "interpreter": {
        "type": "string",
        "default": "",
        "scope": "machine-overridable",
        "markdownDescription": "The Python whose trainlint is used. Empty: the one selected in the Python extension, "
        "else that of `.venv`, else the first on `PATH`.",
    },
    "trace.server": {
        "type": "string",
        "enum": ["off", "messages", "verbose"],
        "default": "off",
        "scope": "window",
        "markdownDescription": "Write the messages between editor and server to the log.",
    },
}
"""What only the extension itself needs."""


def properties(rules: Catalogue) -> dict[str, dict[str, Any]]:
    """All settings, as `contributes.configuration.properties` has them."""
    found = {**_STARTING, **{name: _of_option(option) for name, option in OPTIONS.items()}, **_of_files(rules)}
    return {f"trainlint.{name}": {"scope": "resource", **schema} for name, schema in found.items()}


def regenerated(text: str) -> str:
    """`text`, which is a package.json, with today's settings."""
    package = json.loads(text)
    package["contributes"]["configuration"]["properties"] = properties(catalogue())
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _of_option(option: Option) -> dict[str, Any]:
    schema = _STRINGS if option.type == "strings" else {"type": option.type}
    bounds = {"enum": list(option.choices) or None, "minimum": option.minimum, "maximum": option.maximum}
    return {
        **schema,
        **{key: bound for key, bound in bounds.items() if bound is not None},
        "default": option.default,
        "markdownDescription": option.help,
    }


def _of_files(rules: Catalogue) -> dict[str, dict[str, Any]]:
    """The keys of settings files, by the names that editors use."""
    selectors = sorted({"all", "default"} | rules.vocabulary.selectors)
    chosen = {"type": ["array", "null"], "items": {"enum": selectors}}
    levels = {name: {"enum": _LEVELS, "description": rule.summary} for name, rule in rules.items()}
    tables = {name: _of_rule(rule) for name, rule in rules.items() if rule.options}
    patterns = {"type": ["object", "null"], "additionalProperties": chosen}
    return {
        "select": _unset(chosen, "The rules, groups and tags that are on."),
        "ignore": _unset(chosen, "Rules, groups and tags that are off."),
        "pedantic": _unset({"type": ["boolean", "null"]}, "Also the rules that not everyone wants."),
        "severity": _unset(_table(levels), "The severity of rules."),
        "options": _unset(_table(tables), "The options of rules."),
        "perFileIgnores": _unset(patterns, "Patterns of paths, and what is off below them."),
        "exclude": _unset(_STRINGS, "Patterns of paths that are not checked."),
        "minConfidence": _unset({"enum": [*_CONFIDENCES, None]}, "Only findings that are at least as sure."),
        "baseline": _unset({"type": ["string", "null"]}, "The file with the findings that are known already."),
        "knowledge": _unset(_STRINGS, "Files that say what libraries of your own do."),
    }


def _of_rule(rule: RuleInfo) -> dict[str, Any]:
    return _table({name: _of_option(option) for name, option in rule.options.items()}, "object")


def _table(members: Mapping[str, Any], kind: object = ("object", "null")) -> dict[str, Any]:
    kinds = list(kind) if isinstance(kind, tuple) else kind
    return {"type": kinds, "properties": dict(members), "additionalProperties": False}


def _unset(schema: Mapping[str, Any], text: str) -> dict[str, Any]:
    return {**schema, "default": None, "markdownDescription": f"{text} Lies over the settings files."}


if __name__ == "__main__":
    PACKAGE.write_text(regenerated(PACKAGE.read_text(encoding="utf-8")), encoding="utf-8")
