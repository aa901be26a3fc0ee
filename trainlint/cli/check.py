"""check: report the mistakes in files and folders."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.cli.console import CHOICES, coloured, complain, remark, width

if TYPE_CHECKING:
    from trainlint.engine.report import Report
    from trainlint.source.sources import Sources

_STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from trainlint.cli import options

    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders, `-` for stdin (default: .)")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the name of what `-` reads")
    options.add_settings(parser)
    options.add_discovery(parser)
    options.add_fixes(parser)
    output = parser.add_argument_group("output")
    output.add_argument("--output-format", metavar="FORMAT", help="full (default), concise or json")
    output.add_argument("--statistics", action="store_true", help="print how often each rule speaks, not where")
    output.add_argument("--exit-zero", action="store_true", help="exit 0 even if there are findings")
    output.add_argument("-q", "--quiet", action="count", default=0, help="no summary; twice: no findings either")
    output.add_argument("-v", "--verbose", action="store_true", help="say what was left out and why")
    output.add_argument("--color", choices=CHOICES, default="auto", help="when to use colours")


def run(arguments: argparse.Namespace) -> int:
    from trainlint.cli import fixing, options
    from trainlint.cli.paths import Paths
    from trainlint.engine.project import Request, check
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError
    from trainlint.source.sources import Sources

    started = time.perf_counter()
    gc.set_threshold(1_000_000, 50, 1_000)  # values form chains, not cycles: looking for these costs a tenth of a run
    cwd = Path.cwd()
    try:
        settings = options.settings(arguments, catalogue().vocabulary, cwd)
    except SettingsError as error:
        for problem in error.problems:
            complain(problem)
        return 2
    paths = Paths(cwd, settings, arguments.exclude, not arguments.no_gitignore, arguments.force_exclude)
    if _STDIN in arguments.paths:
        if len(arguments.paths) > 1:
            complain("`-` cannot be checked together with other paths")
            return 2
        name = paths.named(arguments.stdin_filename or _STDIN)
        overlays = {name: sys.stdin.buffer.read()}
        sources = Sources(cwd, overlays, steady=True)
        files, problems = paths.allowed([name]), list[str]()
    else:
        if arguments.stdin_filename:
            complain("--stdin-filename names what `-` reads, but `-` is not among the paths")
            return 2
        overlays = {}
        sources = Sources(cwd, steady=True)
        files, problems = paths.found(arguments.paths or ["."])
    request = Request(
        files=files,
        sources=sources,
        settings=paths.settings,
        catalogue=catalogue(),
        cwd=cwd,
        given=paths.folders(arguments.paths or ["."]),
    )
    report = check(request)
    made = fixing.fixed(arguments, request, report, overlays) if fixing.wanted(arguments) else None
    report = report if made is None else made.report
    try:
        output_format = options.output_format(arguments, paths)
    except SettingsError:  # said already, for the files that it concerns
        output_format = "full"
    if made is not None and (arguments.diff or overlays):
        fixing.show(made, arguments, overlays)
    elif arguments.quiet < 2:
        sys.stdout.write(_rendered(report, sources, output_format, arguments))
        sys.stdout.flush()  # before anything is said on stderr, so that the two do not mix on a terminal
    for problem in (*problems, *report.failures):
        complain(problem)
    if arguments.verbose:
        for text in report.tracebacks:
            sys.stderr.write(text)
    if not arguments.quiet:
        for note in (*report.notes, *(report.details if arguments.verbose else ())):
            remark(note)
        from trainlint.cli.summary import summary

        if made is not None:
            print(fixing.summary(made, arguments), file=sys.stderr)
        print(summary(report, time.perf_counter() - started), file=sys.stderr)
    if problems or report.failures:
        return 2
    fails = report.fails or (made is not None and arguments.diff and made.changes)
    return 1 if fails and not arguments.exit_zero else 0


def _rendered(report: Report, sources: Sources, output_format: str, arguments: argparse.Namespace) -> str:
    """The text for stdout."""
    if arguments.statistics:
        from trainlint.reporters.statistics import render as statistics

        return statistics(report, as_json=output_format == "json")
    if output_format == "json":
        from trainlint.reporters.json import render as json

        return json(report, sources)
    if output_format == "concise":
        from trainlint.reporters.concise import render as concise

        return concise(report, sources)
    from trainlint.reporters.full import render as full

    return full(report, sources, colour=coloured(arguments.color, sys.stdout), width=width(sys.stdout))
