"""An editor without a window: it is started on a file, follows a script, and leaves what it saw as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.editors.components import OUTPUT

EDITORS = Path(__file__).parents[2] / "editors"
SCRIPTS = Path(__file__).parent
_BIN = Path(sys.executable).parent
_PATIENCE = 600.0


def observed(name: str, command: list[str], program: str, folder: Path, **variables: str | Path) -> dict[str, Any]:
    """What the script saw. It is told FILE, which holds the program, and OUT, where it writes. What it and the server
    write to LOG is shown with an error."""
    (folder / "pyproject.toml").write_text("")
    file, out = folder / "train.py", OUTPUT / f"{name}.json"
    file.write_text(program, encoding="utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    started = folder / "bin/trainlint"
    started.parent.mkdir()
    started.write_text(f'#!/bin/sh\nexec "{_BIN}/trainlint" "$@" 2>> "$LOG"\n')
    started.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{started.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "LC_ALL": "C.UTF-8",
        "FILE": str(file),
        "OUT": str(out),
        "LOG": str(folder / "log"),
        **{key: str(value) for key, value in variables.items()},
    }
    with (folder / "said").open("w+b") as said:
        run = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE,
        )
    seen: dict[str, Any] = (
        json.loads(out.read_text(encoding="utf-8")) if out.is_file() else {"error": f"exit {run.returncode}"}
    )
    told = json.dumps(seen, indent=1, ensure_ascii=False)
    assert "error" not in seen, f"{told}\n{_end(folder / 'said')}\nlog:\n{_end(folder / 'log')}"
    return seen


def _end(file: Path, size: int = 20_000) -> str:
    """The last characters of a file, if it is there."""
    return file.read_text(encoding="utf-8", errors="replace")[-size:] if file.is_file() else ""
