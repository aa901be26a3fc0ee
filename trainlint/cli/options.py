"""Options that several subcommands take, and the settings that they make."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainlint.cli.paths import Paths
    from trainlint.settings import SettingsFiles, Vocabulary


def add_settings(parser: argparse.ArgumentParser) -> None:
    """What lies over the settings files."""
    group = parser.add_argument_group("rules and settings")
    for name, text in (("select", "only these rules, groups or tags; `all` for every rule"), ("ignore", "not these")):
        group.add_argument(f"--{name}", action="append", type=_names, metavar="NAME,…", help=text)
    group.add_argument("--pedantic", action="store_true", default=None, help="pedantic rules too")
    group.add_argument("--severity", action="append", type=_pair, metavar="RULE=LEVEL", help="error, warning or info")
    group.add_argument("--min-confidence", metavar="LEVEL", help="high, medium (default) or low")
    group.add_argument("--fail-on", metavar="LEVEL", help="exit 1 from: error, warning (default), info; or never")
    group.add_argument("--baseline", metavar="FILE", help="do not report what this file, made by `baseline`, accepts")
    group.add_argument(
        "--config",
        action="append",
        default=[],
        metavar="FILE|KEY=VALUE",
        help="this file for every path, or one setting",
    )
    group.add_argument("--isolated", action="store_true", help="read no settings file")


def add_discovery(parser: argparse.ArgumentParser) -> None:
    """Which files are looked at."""
    group = parser.add_argument_group("files")
    group.add_argument(
        "--exclude",
        action="append",
        type=_pattern,
        default=[],
        metavar="PATTERN",
        help="leave out, as .gitignore would",
    )
    group.add_argument("--force-exclude", action="store_true", help="leave out excluded files even if given by name")
    group.add_argument("--no-gitignore", action="store_true", help="do not read .gitignore files")


def add_fixes(parser: argparse.ArgumentParser) -> None:
    """What is done about findings."""
    group = parser.add_argument_group("fixes")
    group.add_argument("--fix", action="store_true", help="apply safe fixes")
    group.add_argument("--unsafe-fixes", action="store_true", help="apply those too that change how a network trains")
    group.add_argument("--diff", action="store_true", help="show what fixes would change, and write nothing")


def settings(arguments: argparse.Namespace, vocabulary: Vocabulary, cwd: Path) -> SettingsFiles:
    """The settings of every path under the options of the command line; raises SettingsError."""
    from trainlint.settings import SettingsError, SettingsFiles, read_layer
    from trainlint.settings.files import argument_layer

    table = {
        "select": _flat(arguments.select),
        "ignore": _flat(arguments.ignore),
        "pedantic": arguments.pedantic,
        "severity": None if arguments.severity is None else dict(arguments.severity),
        "min-confidence": arguments.min_confidence,
        "fail-on": arguments.fail_on,
        "baseline": arguments.baseline,
    }
    given = {key: value for key, value in table.items() if value is not None}
    overlays, explicit = [], None
    for argument in arguments.config:
        if "=" in argument and not (cwd / argument).exists():
            overlays.append(argument_layer(argument, vocabulary, cwd))
        elif explicit is not None:
            raise SettingsError("--config: only one file can be given")
        else:
            explicit = cwd / argument
    if explicit is not None and arguments.isolated:
        raise SettingsError("--config: a file cannot be given together with --isolated")
    overlays.append(read_layer(given, vocabulary, cwd, lambda keys: f"--{keys[0]}"))
    return SettingsFiles(vocabulary, cwd=cwd, overlays=tuple(overlays), explicit=explicit, isolated=arguments.isolated)


def output_format(arguments: argparse.Namespace, paths: Paths) -> str:
    """The format of the whole run where none is chosen: that in the settings of the first path."""
    first = next((path for path in arguments.paths if path != "-"), arguments.stdin_filename or ".")
    return paths.settings_above(first).output_format


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _flat(lists: Sequence[list[str]] | None) -> list[str] | None:
    return None if lists is None else [name for names in lists for name in names]


def _pattern(text: str) -> str:
    from trainlint.settings.patterns import is_pattern

    if not is_pattern(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no pattern")
    return text


def _pair(text: str) -> tuple[str, str]:
    rule, equals, level = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not RULE=LEVEL")
    return rule.strip(), level.strip()
