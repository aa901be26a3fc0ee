"""Holds SARIF logs of trainlint against the schema and the rules of the SARIF multitool, those of GitHub included.

Called with the folder of the npm package `@microsoft/sarif-multitool-linux`, which needs no network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import jsonschema

from tests.cli.test_check import notebook

ROOT = Path(__file__).parents[1]


def main(package: Path) -> int:
    schema = json.loads((package / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        logs = dict(_logs(folder))
        for name, log in logs.items():
            jsonschema.validate(log, schema)
            wrong += (f"{name}: {complaint}" for complaint in _complaints(package, folder, log))
        spoiled = json.loads(json.dumps(logs["examples"]))
        for rule in spoiled["runs"][0]["tool"]["driver"]["rules"]:
            del rule["shortDescription"], rule["fullDescription"]
        if not _complaints(package, folder, spoiled):
            wrong.append("the multitool takes a log without descriptions, so its word is worth nothing")
    print(*(wrong or [f"the multitool has nothing against {len(logs)} logs"]), sep="\n")
    return 1 if wrong else 0


def _logs(folder: Path) -> Iterator[tuple[str, dict[str, object]]]:
    """Logs of a repository: with everything that examples show, with nothing, with notebooks, with failures."""
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / ".git").mkdir()
    (folder / "with blanks").mkdir()
    broken = "import torch\n\n# é 😀\nfor x in\n"
    (folder / "with blanks/ünusual name.py").write_text(broken, encoding="utf-8")
    (folder / "with blanks/a.ipynb").write_text(notebook(("markdown", "# T"), ("code", broken)), encoding="utf-8")
    (folder / "clean.py").write_text("import torch\n", encoding="utf-8")
    for name, paths in {
        "examples": ["examples"],
        "clean": ["clean.py"],
        "names": ["with blanks"],
        "failures": ["clean.py", "nowhere.py"],
    }.items():
        command = [sys.executable, "-m", "trainlint", *paths, "--pedantic", "--output-format", "sarif", "--quiet"]
        run = subprocess.run(command, cwd=folder, check=False, stdout=subprocess.PIPE, env=_environment())
        yield name, json.loads(run.stdout)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _complaints(package: Path, folder: Path, log: dict[str, object]) -> list[str]:
    """What the multitool says against a log, as errors and warnings."""
    file = folder / "log.sarif"
    file.write_text(json.dumps(log), encoding="utf-8")
    rules = ["--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--kind", "Fail"]
    run = subprocess.run(
        [str(package / "Sarif.Multitool"), "validate", str(file), *rules],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"},
    )
    found = re.findall(r": ((?:error|warning) .*)", run.stdout)
    if not found and "Analysis completed successfully" not in run.stdout:
        found.append(f"the multitool failed: {run.stdout[-500:]}")
    return found


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
