"""clean: remove the cache."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from trainlint.cli.console import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="of which the results go (default: .)")


def run(arguments: argparse.Namespace) -> int:
    from trainlint.cli.paths import Paths
    from trainlint.engine.store import FOLDER
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError, SettingsFiles

    paths, code = Paths(Path.cwd(), SettingsFiles(catalogue().vocabulary, cwd=Path.cwd())), 0
    for path in arguments.paths or ["."]:
        try:
            folder = paths.settings_above(path).root / FOLDER
            if folder.is_dir():
                shutil.rmtree(folder)
                print(f"Removed {folder}", file=sys.stderr)
        except SettingsError as error:
            for problem in error.problems:
                complain(problem)
            code = 2
        except OSError as error:
            complain(f"{error.filename or folder}: cannot be removed: {error.strerror or error}")
            code = 2
    return code
