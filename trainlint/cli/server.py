"""server: speak the language server protocol with an editor."""

from __future__ import annotations

import argparse

from trainlint.cli.console import complain


def add_arguments(parser: argparse.ArgumentParser) -> None:
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--stdio", action="store_true", help="through stdin and stdout (the default)")
    way.add_argument("--tcp", metavar="HOST:PORT", type=_address, help="wait for a client at this address")


def run(arguments: argparse.Namespace) -> int:
    import gc
    import logging
    import os
    import sys

    from trainlint.server.server import make

    gc.set_threshold(1_000_000, 50, 1_000)  # as for `check`
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("pygls").setLevel(logging.ERROR)  # it warns of requests that are cancelled when they are answered
    server = make()
    if arguments.tcp is None:
        # The protocol keeps stdout for itself: what anything else prints there goes to stderr.
        protocol = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        server.start_io(stdout=protocol)
        return server.status
    try:
        server.start_tcp(*arguments.tcp)
    except OSError as error:
        complain(f"--tcp: {error.strerror or error}")
        return 2
    return server.status


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not HOST:PORT")
    return host.strip("[]") or "127.0.0.1", int(port)
