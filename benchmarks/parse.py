"""Our cold time against parsing alone: python benchmarks/parse.py [--runs N] FOLDER…

Per run, in a fresh process each and one after the other: `libcst.parse_module` of every Python file below the folders,
and a whole check of the same folders in one process. Printed are the wall times, their ratio (the bound is 1.0), and
what a step of the interpreter costs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

BOUND = 1.0


def files(folders: list[str]) -> Iterator[Path]:
    """The Python files below the folders, in order."""
    for folder in folders:
        yield from sorted(Path(folder).rglob("*.py"))


def parse(folders: list[str]) -> dict[str, float]:
    """Parse every file with libcst, and nothing else."""
    import libcst

    texts = [path.read_bytes() for path in files(folders)]
    started = time.perf_counter()
    for text in texts:
        libcst.parse_module(text)
    return {"seconds": time.perf_counter() - started, "files": len(texts), "lines": sum(t.count(b"\n") for t in texts)}


def check(folders: list[str]) -> dict[str, float]:
    """Check the folders as `trainlint check` does in one process, and count the steps of the interpreter."""
    import libcst  # noqa: F401 - before the clock runs, as for parsing alone

    from trainlint.cli import main
    from trainlint.engine import unit
    from trainlint.semantics import roots
    from trainlint.semantics.machine import Machine

    steps = 0
    interpret = roots.interpret

    def counting(machine: Machine, *, assume: bool) -> None:
        nonlocal steps
        before = machine.fuel
        interpret(machine, assume=assume)
        steps += before - machine.fuel

    unit.interpret = counting
    started = time.perf_counter()
    main(["check", "--output-format", "concise", "--exit-zero", "--quiet", *folders])
    return {"seconds": time.perf_counter() - started, "steps": steps}


def apart(what: str, folders: list[str]) -> dict[str, float]:
    """Run one of the two in a process of its own."""
    command = [sys.executable, __file__, "--only", what, *folders]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    measured: dict[str, float] = json.loads(lines[-1])
    return measured


def run(folders: list[str], runs: int) -> None:
    ratios, costs = [], []
    for index in range(runs):
        parsed, checked = apart("parse", folders), apart("check", folders)
        ratios.append(checked["seconds"] / parsed["seconds"])
        costs.append(1e6 * checked["seconds"] / checked["steps"])
        print(
            f"run {index + 1}: parse {parsed['seconds']:.2f} s, check {checked['seconds']:.2f} s, "
            f"ratio {ratios[-1]:.2f}, {checked['steps']:.0f} steps"
        )
    print(f"{parsed['files']:.0f} files, {parsed['lines']:.0f} lines")
    print(f"cold check: {median(ratios):.2f} of libcst.parse_module alone (at most {BOUND})")
    print(f"a step of the interpreter: {median(costs):.1f} µs, everything else included")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Cold time of a check against libcst.parse_module alone.")
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", choices=["parse", "check"], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.only:
        print(json.dumps({"parse": parse, "check": check}[given.only](given.folders)))
    else:
        run(given.folders, given.runs)
