"""baseline: accept what is found now, so that only new mistakes are reported."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from trainlint.cli.console import complain, plural, remark

if TYPE_CHECKING:
    from trainlint.cli.paths import Paths
    from trainlint.engine.baseline import Entry
    from trainlint.engine.report import Report
    from trainlint.settings import Settings


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
    from attrs import evolve

    from trainlint.cli import options, work
    from trainlint.cli.paths import Paths
    from trainlint.engine.project import Request, check
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
    given = paths.folders(arguments.paths or ["."])
    sources = Sources(cwd, steady=True)
    memory = work.memory(arguments, paths, sources)
    with work.Waiting(quiet=False) as waiting:
        report = check(
            Request(
                files=found,
                sources=sources,
                settings=lambda path: evolve(paths.settings(path), baseline=None),
                catalogue=catalogue(),
                cwd=cwd,
                given=given,
                jobs=arguments.jobs,
                memory=memory,
                progress=waiting.told,
            )
        )
    work.keep(memory, verbose=False)
    problems += report.failures
    for target, settings in _targets(report, paths).items():
        whole = not problems and any(folder in (settings.root, *settings.root.parents) for folder in given)
        if complaint := _update(target, settings, report, paths, whole):
            problems.append(complaint)
    for problem in problems:
        complain(problem)
    for note in report.notes:
        remark(note)
    if not report.files and not problems:
        remark("no Python files to check, so nothing was written")
    return 2 if problems else 0


def _targets(report: Report, paths: Paths) -> Mapping[Path, Settings]:
    """The baselines of all files that were checked, each with the settings that say so."""
    return {_target(paths.settings(path)): paths.settings(path) for path in report.files}


def _target(settings: Settings) -> Path:
    from trainlint.engine.baseline import NAME

    return settings.root / NAME if settings.baseline is None else Path(settings.baseline)


def _update(target: Path, settings: Settings, report: Report, paths: Paths, whole: bool) -> str | None:
    """Bring one baseline up to date and say what changed; a message if it cannot be done.

    What has no finding is dropped if the `whole` project was checked, else only if its file is no longer there.
    """
    from trainlint.engine import baseline
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError

    shown = paths.named(str(target))
    try:
        before = baseline.read(target, shown) if target.exists() else baseline.Baseline(target)
    except SettingsError as error:
        return str(error)
    found = {
        before.entry(paths.cwd / finding.span.path, finding.rule, report.fingerprints[finding.identity])
        for finding in report.findings
        if _target(paths.settings(finding.span.path)) == target
    }
    enabled = catalogue().enabled(settings)

    def stays(entry: Entry) -> bool:
        return entry.rule in catalogue() and entry.rule not in enabled if whole else not before.is_gone(entry)

    entries = found | {entry for entry in before.entries if stays(entry)}
    moved = {was for now, was in before.matched(found).items() if now != was}
    try:
        baseline.write(target, entries)
    except OSError as error:
        return f"{shown}: cannot be written: {error.strerror or error}"
    counts = {
        "new": len(entries - before.entries) - len(moved),
        "moved": len(moved),
        "dropped": len(before.entries - entries) - len(moved),
    }
    changes = ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "nothing new"
    remark(f"{shown}: {plural(len(entries), 'accepted finding')} ({changes})")
    if settings.baseline is None:
        remark(f'to use it, say `baseline = "{target.name}"` in the settings, or `--baseline {shown}`')
    return None
