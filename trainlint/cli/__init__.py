"""The command line: which subcommand is meant, and what happens to its output when the terminal does not cooperate."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

COMMANDS = ("check", "explain", "rules", "recipe", "baseline", "server", "clean")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line `arguments` (those of the process if None) and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = _run(words)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # The reader (`head`, a pager) has seen enough. Nothing may be written when Python flushes at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141  # as if ended by SIGPIPE
    except OSError as error:  # those of files that are read are told of where they happen
        with contextlib.suppress(OSError):
            where = error.filename or "the output cannot be written"
            print(f"trainlint: error: {where}: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return 130


def _run(words: list[str]) -> int:
    if words[:1] in (["--version"], ["-V"]):
        from trainlint import __version__

        print(f"trainlint {__version__}")
        return 0
    if not words or words[0] not in (*COMMANDS, "-h", "--help"):
        words.insert(0, "check")
    from trainlint.cli.parser import parser

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        parsed = parser().parse_args(words)
    except SystemExit as end:  # argparse has printed its help or its complaint
        return end.code if isinstance(end.code, int) else 2
    status: int = parsed.run(parsed)
    return status
