"""baseline: accept what is found now, so that only new mistakes are reported."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.cli.console import complain, remark

if TYPE_CHECKING:
    from trainlint.engine.accepting import Acceptance


def add_arguments(parser: argparse.ArgumentParser) -> None:
    from trainlint.cli import options, work

    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files and folders (default: .); entries without a finding are dropped only by a check of everything",
    )
    options.add_settings(parser)
    options.add_discovery(parser)
    work.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from trainlint.cli import options, work
    from trainlint.cli.paths import Paths
    from trainlint.engine.accepting import accept
    from trainlint.engine.project import Request
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError
    from trainlint.source.sources import Sources

    cwd = Path.cwd()
    try:
        files = options.settings(arguments, catalogue().vocabulary, cwd)
    except SettingsError as error:
        for problem in error.problems:
            complain(problem)
        return 2
    paths = Paths(cwd, files, arguments.exclude, not arguments.no_gitignore, arguments.force_exclude)
    found, problems = paths.found(arguments.paths or ["."])
    sources = Sources(cwd, steady=True)
    memory = work.memory(arguments, paths, sources)
    with work.Waiting(quiet=False) as waiting:
        acceptance = accept(
            Request(
                files=found,
                sources=sources,
                settings=paths.settings,
                catalogue=catalogue(),
                cwd=cwd,
                given=paths.folders(arguments.paths or ["."]),
                jobs=arguments.jobs,
                memory=memory,
                progress=waiting.told,
            ),
            problems,
        )
    work.keep(memory, verbose=False)
    _tell(acceptance)
    return 2 if acceptance.problems else 0


def _tell(acceptance: Acceptance) -> None:
    for change in acceptance.changes:
        remark(change.message)
        if change.setting is not None:
            remark(f"to use it, say `{change.setting}` in the settings, or `--baseline {change.shown}`")
    for problem in acceptance.problems:
        complain(problem)
    for note in acceptance.notes:
        remark(note)
