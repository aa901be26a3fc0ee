"""The source of the extension for Zed is Rust. Zed itself is not run, nor is the extension built."""

from __future__ import annotations

import subprocess

from tests.editors.components import attempt, needed
from tests.editors.headless import EDITORS


def test_the_source_can_be_parsed() -> None:
    rustfmt = needed("rustfmt", ["rustfmt"], "rustfmt")
    attempt("rustfmt", [rustfmt, "--version"], EDITORS)  # it may be a mere proxy, with no toolchain behind it
    command = [rustfmt, "--edition", "2021", "--check", str(EDITORS / "zed/src/trainlint.rs")]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
