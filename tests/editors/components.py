"""What the tests in real editors need of the system: found, or installed by root, or said to be missing."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache/editors"
"""Where editors are kept between runs."""
OUTPUT = Path(__file__).parents[2] / "build/editors"
"""Where the tests leave what they saw."""
MISSING: dict[str, str] = {}
"""Components that could not be had, and why; told at the end of the run."""


def needed(component: str, programs: Sequence[str], package: str) -> str:
    """The path of the first of some programs. Without any the system's package is installed, or the test is skipped."""
    found = _found(programs)
    if found is None:
        reason = _installed(package)
        found = _found(programs)
        if found is None:
            lack(component, reason or f"the package {package} holds none of {', '.join(programs)}")
    return found


def provide(component: str, package: str) -> None:
    """Install a package of the system, or skip the test."""
    if reason := _installed(package):
        lack(component, reason)


def lack(component: str, reason: str) -> None:
    """Skip what cannot be run here, and say so at the end."""
    MISSING[component] = reason
    pytest.skip(f"NOT TESTED: {component}: {reason}")


def attempt(component: str, command: Sequence[str], cwd: Path) -> str:
    """What a command prints that gets something from outside; if it fails, the component is missing."""
    run = subprocess.run(command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if run.returncode != 0:
        lack(component, f"{' '.join(command)}: {(run.stderr or run.stdout).strip()[-500:]}")
    return run.stdout


def _found(programs: Sequence[str]) -> str | None:
    return next((path for program in programs if (path := shutil.which(program))), None)


@cache
def _installed(package: str) -> str | None:
    """Why the package could not be installed."""
    if shutil.which("apt-get") is None:
        return f"{package} is not installed, and there is no apt-get"
    if os.geteuid() != 0:
        return f"{package} is not installed, and only root may install it"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    patient = ["-o", "DPkg::Lock::Timeout=300"]
    for command in (["update", "-qq"], ["install", "-y", "-qq", *patient, "--no-install-recommends", package]):
        run = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True)
        if run.returncode != 0 and command[0] == "install":
            return f"apt-get {' '.join(command)}: {run.stderr.strip()[-500:]}"
    return None
