"""rules: list the rules."""

from __future__ import annotations

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as a JSON list")
    form.add_argument("--markdown", action="store_true", help="as the table of the README")


def run(arguments: argparse.Namespace) -> int:
    from trainlint.reporters import listing
    from trainlint.rules.catalogue import catalogue

    render = listing.as_json if arguments.json else listing.as_markdown if arguments.markdown else listing.as_text
    sys.stdout.write(render(catalogue()))
    return 0
