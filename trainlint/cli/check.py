"""check: report the mistakes in files and folders."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

from trainlint.cli.console import CHOICES, complain, remark

_STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from trainlint.cli import options, work

    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders, `-` for stdin (default: .)")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the name of what `-` reads")
    options.add_settings(parser)
    options.add_discovery(parser)
    options.add_fixes(parser)
    work.add_arguments(parser)
    output = parser.add_argument_group("output")
    output.add_argument(
        "--output-format",
        action="append",
        default=[],
        metavar="FORMAT[=FILE]",
        help="full (default), concise, json, jsonl, github, gitlab, junit, rdjson or sarif; to stdout, or to a file, "
        "and then as often as there are formats: `--output-format full --output-format sarif=report.sarif`",
    )
    output.add_argument("--output-file", metavar="FILE", help="where to write what would go to stdout")
    output.add_argument("--statistics", action="store_true", help="print how often each rule speaks, not where")
    output.add_argument("--exit-zero", action="store_true", help="exit 0 even if there are findings")
    output.add_argument("-q", "--quiet", action="count", default=0, help="no summary; twice: no findings either")
    output.add_argument("-v", "--verbose", action="store_true", help="say what was left out and why")
    output.add_argument("--color", choices=CHOICES, default="auto", help="when to use colours")


def run(arguments: argparse.Namespace) -> int:
    from attrs import evolve

    from trainlint.cli import fixing, options, outputs, work
    from trainlint.cli.paths import Paths
    from trainlint.engine.project import Request, check
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError
    from trainlint.source.sources import Sources

    started = time.perf_counter()
    gc.set_threshold(1_000_000, 50, 1_000)  # values form chains, not cycles: looking for these costs a tenth of a run
    cwd = Path.cwd()
    try:
        wanted = outputs.requested(arguments)
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
        files, problems, memory = paths.allowed([name]), list[str](), None
    else:
        if arguments.stdin_filename:
            complain("--stdin-filename names what `-` reads, but `-` is not among the paths")
            return 2
        overlays = {}
        sources = Sources(cwd, steady=True)
        files, problems = paths.found(arguments.paths or ["."])
        memory = work.memory(arguments, paths, sources)
    with work.Waiting(arguments.quiet > 0) as waiting:
        request = Request(
            files=files,
            sources=sources,
            settings=paths.settings,
            catalogue=catalogue(),
            cwd=cwd,
            given=paths.folders(arguments.paths or ["."]),
            jobs=arguments.jobs,
            memory=memory,
            progress=waiting.told,
        )
        report = check(request)
    made = fixing.fixed(arguments, request, report, overlays) if fixing.wanted(arguments) else None
    report = report if made is None else made.report
    work.keep(memory, verbose=arguments.verbose)
    try:
        default = options.output_format(arguments, paths)
    except SettingsError:  # said already, for the files that it concerns
        default = "full"
    report = evolve(report, failures=(*problems, *report.failures))
    shown = made if arguments.diff or overlays else None  # stdout has the diff, or the mended text
    if shown is not None:
        fixing.show(shown, arguments, overlays)
    unwritten = outputs.write(wanted, report, sources, default, arguments, to_stdout=shown is None)
    for problem in (*report.failures, *unwritten):
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
    if report.failures or unwritten:
        return 2
    fails = report.fails or (made is not None and arguments.diff and made.changes)
    return 1 if fails and not arguments.exit_zero else 0
