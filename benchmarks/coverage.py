"""How much of real training code is followed: python benchmarks/coverage.py FOLDER…

Per folder: the training scripts (those that make an optimizer or send something backward), the share in which a loss
was seen to reach weights that an optimizer steps, the same share among scripts whose parts are all in the folder, and
the commonest reasons why a value on the way from data to loss was not followed.
"""

from __future__ import annotations

import collections
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from trainlint.engine.recipe import Recipe, understand
from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.source.sources import Sources

_OUTSIDE = re.compile(r"nothing is known of (?!torch\b|builtins|trainlint)")


def scripts(folder: str) -> Iterator[str]:
    """The Python files and notebooks below a folder, relative to it."""
    for top, _, names in os.walk(folder):
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")):
                yield os.path.relpath(os.path.join(top, name), folder)


def is_inside(recipe: Recipe) -> bool:
    """Whether nothing that matters comes from a library that is not known."""
    return not any(_OUTSIDE.match(gap.why) for gap in recipe.gaps)


def report(folder: str, *, verbose: bool = False) -> None:
    sources = Sources(Path(folder))
    training: list[tuple[str, Recipe]] = []
    reasons: collections.Counter[str] = collections.Counter()
    for name in scripts(folder):
        recipe = understand(analyse(name, sources, standard()))
        if recipe.trains:
            training.append((name, recipe))
            if not recipe.resolved:
                reasons.update({gap.why for gap in recipe.gaps} or {"no loss met an optimizer"})
    resolved = [name for name, recipe in training if recipe.resolved]
    inside = [recipe for _, recipe in training if is_inside(recipe)]
    print(f"{folder}: {len(training)} training scripts, {share(len(resolved), len(training))} resolved", end="")
    print(f"; parts all inside: {share(sum(recipe.resolved for recipe in inside), len(inside))} of {len(inside)}")
    for reason, count in reasons.most_common(10):
        print(f"  {count:4} {reason}")
    if verbose:
        for name, recipe in training:
            print(f"  {'+' if recipe.resolved else '-'} {name}")


def share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.0%})" if whole else "none"


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        if argument != "-v":
            report(argument, verbose="-v" in sys.argv)
