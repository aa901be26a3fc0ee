"""explain: print the page of a rule."""

from __future__ import annotations

import argparse
import sys

from trainlint.cli.console import CHOICES, coloured, complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("rule", metavar="RULE")
    parser.add_argument("--color", choices=CHOICES, default="auto", help="when to render it for a terminal")


def run(arguments: argparse.Namespace) -> int:
    from trainlint.rules.catalogue import catalogue, page
    from trainlint.settings import suggestion

    rule = catalogue().get(arguments.rule)
    if rule is None:
        complain(f"there is no rule `{arguments.rule}`{suggestion(arguments.rule, catalogue())}")
        return 2
    text = page(rule)
    if coloured(arguments.color, sys.stdout):
        from rich.console import Console
        from rich.markdown import Markdown

        Console(force_terminal=True, soft_wrap=False).print(Markdown(text))
    else:
        sys.stdout.write(text)
    return 0
