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
_PATIENCE = 180.0


def observed(name: str, command: list[str], program: str, folder: Path, **variables: str | Path) -> dict[str, Any]:
    """What the script saw. It is told FILE, which holds the program, and OUT, where it writes."""
    (folder / "pyproject.toml").write_text("")
    file, out = folder / "train.py", OUTPUT / f"{name}.json"
    file.write_text(program, encoding="utf-8")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.unlink(missing_ok=True)
    environment = {
        **os.environ,
        "PATH": f"{_BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "LC_ALL": "C.UTF-8",
        "FILE": str(file),
        "OUT": str(out),
        **{key: str(value) for key, value in variables.items()},
    }
    run = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=_PATIENCE,
    )
    said = f"exit {run.returncode}\n{run.stdout[-2000:]}{run.stderr[-2000:]}"
    assert out.is_file(), said
    seen: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    assert "error" not in seen, f"{seen['error']}\n{said}"
    return seen
