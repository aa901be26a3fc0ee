"""recipe: say what was understood of a training run, and what was not."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from trainlint.cli.console import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", metavar="PATH", help="the script or notebook that starts the run, or a folder of them")
    parser.add_argument(
        "--debug",
        action="store_true",
        help="every value on a way from data to loss that could not be followed, and why",
    )


def run(arguments: argparse.Namespace) -> int:
    from trainlint.cli.paths import Paths
    from trainlint.engine.frameworks import mentions_framework
    from trainlint.engine.recipe import describe, summary, understand
    from trainlint.engine.unit import analyse, knowledge_of
    from trainlint.knowledge.schema import KnowledgeError
    from trainlint.rules.catalogue import catalogue
    from trainlint.settings import SettingsError, SettingsFiles
    from trainlint.source.sources import Sources

    cwd = Path.cwd()
    paths = Paths(cwd, SettingsFiles(catalogue().vocabulary, cwd=cwd))
    files, problems = paths.found([arguments.path])
    for problem in problems:
        complain(problem)
    if problems:
        return 2
    one = files == [paths.named(arguments.path)]
    sources, recipes, code = Sources(cwd), [], 0
    for path in files:
        try:
            source = sources.get(path)
            if source is None or not (one or mentions_framework(source.original)):
                continue
            run = analyse(path, sources, knowledge_of(paths.settings(path).knowledge))
        except OSError as error:
            complain(f"{error.filename or path}: cannot be read: {error.strerror or error}")
            code = 2
        except SettingsError as error:
            for problem in error.problems:
                complain(problem)
            return 2
        except KnowledgeError as error:
            complain(str(error))
            return 2
        else:
            recipe = understand(run)
            recipes.append(recipe)
            if one or recipe.trains:
                sys.stdout.write(describe(run, recipe, debug=arguments.debug))
    if not one:
        sys.stdout.write(summary(recipes))
    return code
