"""The tree of arguments, one branch per subcommand."""

from __future__ import annotations

import argparse
from importlib import import_module

from trainlint import __version__
from trainlint.cli import COMMANDS

_EPILOG = """\
`trainlint PATH…` is `trainlint check PATH…`; a path that is called like a command needs `./` before it.
Exit codes: 0 nothing at or above --fail-on · 1 findings · 2 usage, settings, a file that cannot be read.
"""


def parser() -> argparse.ArgumentParser:
    """The whole tree; parsed arguments carry the `run` of their subcommand."""
    top = argparse.ArgumentParser(
        prog="trainlint",
        description="Finds the mistakes in PyTorch and Keras training code that keep a network from learning.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("-V", "--version", action="version", version=f"trainlint {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = import_module(f"trainlint.cli.{name}")
        summary = (module.__doc__ or "").partition(": ")[2].partition("\n")[0].rstrip(".")
        branch = commands.add_parser(name, help=summary, description=f"{summary[:1].upper()}{summary[1:]}.")
        module.add_arguments(branch)
        branch.set_defaults(run=module.run)
    return top
