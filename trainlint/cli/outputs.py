"""Where the findings go, and in which formats: one to stdout, any number to files."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from attrs import evolve, frozen

from trainlint.cli.console import coloured, width
from trainlint.engine.report import Report
from trainlint.settings import OUTPUT_FORMATS, SettingsError, suggestion
from trainlint.source.sources import Sources

_COUNTED = ("full", "concise", "json")
"""The formats in which statistics can be said."""


@frozen
class Output:
    """A format, None for that of the settings, and the file that it goes to, None for stdout."""

    format: str | None = None
    file: str | None = None


def requested(arguments: argparse.Namespace) -> tuple[Output, ...]:
    """The outputs that the options ask for; raises SettingsError."""
    outputs = [_output(text) for text in arguments.output_format]
    plain = [output for output in outputs if output.file is None]
    if len(plain) > 1:
        raise SettingsError("--output-format: only one can go to stdout; give a file, as in `sarif=report.sarif`")
    if arguments.output_file is not None:
        outputs = [output for output in outputs if output.file is not None]
        outputs.append(evolve(plain[0] if plain else Output(), file=arguments.output_file))
    files = [output.file for output in outputs if output.file is not None]
    for file in files:
        if not file:
            raise SettingsError("the name of an output file is empty")
        if files.count(file) > 1:
            raise SettingsError(f"{file}: two outputs cannot go to one file")
    if arguments.statistics:
        for output in outputs:
            if output.format not in (None, *_COUNTED):
                raise SettingsError(f"--statistics can be said as {', '.join(_COUNTED)}, not as {output.format}")
    return tuple(outputs) or (Output(),)


def _output(text: str) -> Output:
    name, equals, file = text.partition("=")
    if name not in OUTPUT_FORMATS:
        known = ", ".join(OUTPUT_FORMATS)
        raise SettingsError(f"--output-format: `{name}` is none of {known}{suggestion(name, OUTPUT_FORMATS)}")
    return Output(name, file if equals else None)


def write(
    outputs: Sequence[Output],
    report: Report,
    sources: Sources,
    default: str,
    arguments: argparse.Namespace,
    *,
    to_stdout: bool = True,
) -> list[str]:
    """Write every output, and give a message for each file that cannot be written.

    `default` is the format of the settings; without `to_stdout` only files are written.
    """
    problems = []
    for output in outputs:
        name = output.format or default
        if output.file is not None:
            problems += _filed(Path(output.file), _rendered(name, report, sources, arguments, to_file=True))
        elif to_stdout and arguments.quiet < 2:
            sys.stdout.write(_rendered(name, report, sources, arguments, to_file=False))
            sys.stdout.flush()  # before anything is said on stderr, so that the two do not mix on a terminal
    return problems


def _filed(file: Path, text: str) -> list[str]:
    try:
        file.write_bytes(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        return [f"{file.as_posix()}: cannot be written: {error.strerror or error}"]
    return []


def _rendered(name: str, report: Report, sources: Sources, arguments: argparse.Namespace, *, to_file: bool) -> str:
    if arguments.statistics:
        from trainlint.reporters.statistics import render as statistics

        return statistics(report, as_json=name == "json")
    if name == "full":
        from trainlint.reporters.full import render as full

        if to_file:
            return full(report, sources, colour=arguments.color == "always")
        return full(report, sources, colour=coloured(arguments.color, sys.stdout), width=width(sys.stdout))
    text: str = import_module(f"trainlint.reporters.{name}").render(report, sources)
    return text
