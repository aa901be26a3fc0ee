"""trainlint beside other checkers, in one table from one run: python benchmarks/compare.py [--runs N] [--work FOLDER]

Pinned wheels are downloaded and unpacked, and every tool is installed in an environment of its own, all below the work
folder. Then each tool checks the same folders with its default settings, one tool after the other, as many times as
there are runs. Printed are the median wall time, the CPU time and the peak memory of the process and its children, how
much of the time of `libcst.parse_module` alone this is, and how many lines were said.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
WHEELS = "timm==1.0.15", "ultralytics==8.3.0", "torchvision==0.19.0"
PLATFORM = ("--python-version", "3.11", "--platform", "manylinux1_x86_64", "--platform", "manylinux2014_x86_64")
PARSE = """
import pathlib, sys, libcst
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    libcst.parse_module(path.read_bytes())
"""
OURS = "trainlint, nothing changed"
BOUND_WARM, BOUND_COLD, BOUND_OTHERS = 3.0, 0.6, 10.0


class Tool:
    """A way to check a folder: what is installed for it, and the command, of which the first word is a program."""

    def __init__(self, name: str, packages: tuple[str, ...], *command: str, cold: bool = True) -> None:
        self.name, self.packages, self.command, self.cold = name, packages, command, cold

    def environment(self, work: Path) -> Path:
        """The folder of its environment; tools with the same packages share one."""
        return work / "environments" / "+".join(Path(package).name for package in self.packages)


TOOLS = (
    Tool("libcst.parse_module alone", ("libcst",), "python", "-c", PARSE, "."),
    Tool("trainlint, one process", (str(ROOT),), "trainlint", ".", "--no-cache", "--jobs", "1"),
    Tool("trainlint, cold", (str(ROOT),), "trainlint", "."),
    Tool(OURS, (str(ROOT),), "trainlint", ".", cold=False),
    Tool("torch-preflight", ("torch-preflight==0.5.0",), "torch-preflight", "."),
    Tool("TorchFix", ("torchfix==0.7.0",), "torchfix", "."),
    Tool("flake8", ("flake8==7.5.0",), "flake8", "."),
    Tool("ruff, without cache", ("ruff==0.17.5",), "ruff", "check", "--no-cache", "."),
)


class Measured:
    """The cost of one run."""

    def __init__(self, seconds: float, cpu: float, memory: int, lines: int, code: int) -> None:
        self.seconds, self.cpu, self.memory, self.lines, self.code = seconds, cpu, memory, lines, code


def prepare(work: Path) -> Path:
    """Download and install what is not there yet, and ourselves anew; gives the folder that is checked."""
    code = work / "code"
    if not code.exists():
        wheels = work / "wheels"
        options = ("--quiet", "--no-deps", "--only-binary=:all:", "--dest", str(wheels), *PLATFORM)
        subprocess.run([sys.executable, "-m", "pip", "download", *options, *WHEELS], check=True)
        unpacked = work / "unpacked"
        for wheel in sorted(wheels.glob("*.whl")):
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked, [name for name in archive.namelist() if name.endswith(".py")])
        unpacked.rename(code)
    (TOOLS[1].environment(work) / "done").unlink(missing_ok=True)
    for tool in TOOLS:
        environment = tool.environment(work)
        if not (environment / "done").exists():
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
            python = str(environment / "bin" / "python")
            subprocess.run([python, "-m", "pip", "install", "--quiet", *tool.packages], check=True)
            (environment / "done").touch()
    return code


def measure(tool: Tool, work: Path, code: Path) -> Measured:
    """Run a tool once, in a process of which nothing else has run."""
    if tool.cold:
        shutil.rmtree(code / ".trainlint_cache", ignore_errors=True)
    program = tool.environment(work) / "bin" / tool.command[0]
    with tempfile.TemporaryFile() as out:
        started = time.perf_counter()
        child = os.fork()
        if child == 0:
            os.chdir(code)
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
            _adopt()
            inner = subprocess.Popen([str(program), *tool.command[1:]])
            ended = inner.wait()
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.wait()
            used = resource.getrusage(resource.RUSAGE_CHILDREN)  # of all that it has waited for
            Path(work / "used").write_text(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}")
            os._exit(ended & 0xFF)
        _, status = os.waitpid(child, 0)
        seconds = time.perf_counter() - started
        out.seek(0)
        lines = out.read().count(b"\n")
    cpu, memory = (work / "used").read_text().split()
    return Measured(seconds, float(cpu), int(memory) // 1024, lines, os.waitstatus_to_exitcode(status))


def _adopt() -> None:
    """Become the parent of processes whose own has ended, so that they can be waited for; only Linux can do that."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def table(results: dict[str, list[Measured]]) -> str:
    """The medians, a line per tool."""

    def middle(name: str, what: Callable[[Measured], float]) -> float:
        return median(map(what, results[name]))

    parse = middle(TOOLS[0].name, lambda each: each.seconds)
    rows = ["| tool | wall | CPU | memory | of parsing alone | lines said | exit |", "|---|--:|--:|--:|--:|--:|--:|"]
    for tool in TOOLS:
        wall, cpu = middle(tool.name, lambda each: each.seconds), middle(tool.name, lambda each: each.cpu)
        memory = max(each.memory for each in results[tool.name])
        last = results[tool.name][-1]
        cells = f"{wall:.2f} s", f"{cpu:.2f} s", f"{memory} MB", f"{wall / parse:.2f}", last.lines, last.code
        rows.append(f"| {' | '.join(map(str, (tool.name, *cells)))} |")
    return "\n".join(rows)


def verdicts(results: dict[str, list[Measured]]) -> str:
    """Our bounds, and whether they hold; each run is compared with itself."""

    def ratio(of: str, to: str) -> float:
        return median(a.seconds / b.seconds for a, b in zip(results[of], results[to], strict=True))

    one, cold = TOOLS[1].name, TOOLS[2].name
    said = [
        ("cold, one process, of parsing alone", ratio(one, TOOLS[0].name), BOUND_COLD, True),
        ("nothing changed, of ruff without cache", ratio(OURS, "ruff, without cache"), BOUND_WARM, True),
        ("torch-preflight, of trainlint cold", ratio("torch-preflight", cold), BOUND_OTHERS, False),
        ("TorchFix, of trainlint cold", ratio("TorchFix", cold), BOUND_OTHERS, False),
    ]
    return "\n".join(
        f"{name}: {found:.2f} (at {'most' if most else 'least'} {bound}): "
        f"{'holds' if (found <= bound) == most else 'does not hold'}"
        for name, found, bound, most in said
    )


def run(work: Path, runs: int) -> None:
    code = prepare(work)
    files = list(code.rglob("*.py"))
    results: dict[str, list[Measured]] = {tool.name: [] for tool in TOOLS}
    for number in range(runs):
        for tool in TOOLS:
            measured = measure(tool, work, code)
            results[tool.name].append(measured)
            print(f"run {number + 1}: {tool.name}: {measured.seconds:.2f} s", file=sys.stderr, flush=True)
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    print(f"{', '.join(WHEELS)}: {len(files)} files, {lines:,} lines\n")
    print(table(results), verdicts(results), sep="\n\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="trainlint beside other checkers, in one table from one run.")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "trainlint-benchmarks")
    given = parser.parse_args()
    given.work.mkdir(parents=True, exist_ok=True)
    run(given.work.resolve(), given.runs)
