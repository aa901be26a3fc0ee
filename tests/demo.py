"""Runs trainlint on the examples and says whether it found exactly what their markers expect."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.markers import differences, markers

ROOT = Path(__file__).parents[1]


def main() -> int:
    command = [sys.executable, "-m", "trainlint", "check", "--isolated", "examples"]
    subprocess.run(command, cwd=ROOT, check=False)
    run = subprocess.run(
        [*command, "--output-format", "json", "--quiet"], cwd=ROOT, check=False, stdout=subprocess.PIPE
    )
    findings = json.loads(run.stdout)["findings"]
    files = sorted((ROOT / "examples").rglob("*.py"))
    expected = [
        marker
        for path in files
        for marker in markers(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]
    wrong = differences(findings, expected)
    if run.returncode != (1 if expected else 0):
        wrong.append(f"exit code {run.returncode}")
    for problem in wrong:
        print(problem)
    print(
        f"demo: {len(findings)} findings in {len(files)} files, {'not ' if wrong else ''}as their comments expect",
        flush=True,
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
