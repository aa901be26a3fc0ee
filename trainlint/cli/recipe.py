"""recipe: say what was understood of a training run, and what was not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trainlint.cli.console import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="the script or notebook that starts the run")
    parser.add_argument(
        "--debug",
        action="store_true",
        help="every value on a way from data to loss that could not be followed, and why",
    )


def run(arguments: argparse.Namespace) -> int:
    from trainlint.cli.paths import Paths
    from trainlint.engine.recipe import describe
    from trainlint.knowledge.schema import KnowledgeError
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError, SettingsFiles
    from trainlint.source.sources import Sources

    cwd = Path.cwd()
    paths = Paths(cwd, SettingsFiles(catalogue().vocabulary, cwd=cwd))
    path = paths.named(arguments.path)
    sources = Sources(cwd)
    try:
        if sources.get(path) is None:
            complain(f"{arguments.path}: no such file")
            return 2
        text = describe(path, sources, debug=arguments.debug, knowledge=paths.settings(path).knowledge)
    except OSError as error:
        complain(f"{error.filename or arguments.path}: cannot be read: {error.strerror or error}")
        return 2
    except SettingsError as error:
        for problem in error.problems:
            complain(problem)
        return 2
    except KnowledgeError as error:
        complain(str(error))
        return 2
    sys.stdout.write(text.rstrip("\n") + "\n")
    return 0
