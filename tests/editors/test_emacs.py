"""Emacs with its own client eglot, and with lsp-mode, on the files of editors/emacs."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from tests.editors.components import needed, provide
from tests.editors.headless import EDITORS, SCRIPTS, observed
from tests.editors.programs import FIX, JAPANESE, RULE, WIDE, mended


def emacs(library: str) -> str:
    """An Emacs that has a library, of its own or from a package of the system."""
    program = needed("Emacs", ["emacs"], "emacs-nox")
    if not holds(program, library):
        provide(f"{library} for Emacs", f"elpa-{library}")
        assert holds(program, library)
    return program


def holds(program: str, library: str) -> bool:
    ask = f'(progn (require \'package) (package-initialize) (kill-emacs (if (locate-library "{library}") 0 1)))'
    return subprocess.run([program, "--batch", "--eval", ask], capture_output=True).returncode == 0


def seen_by(client: str, file: str, program: str, folder: Path) -> dict[str, Any]:
    command = [emacs(client), "--batch", "-l", str(SCRIPTS / "emacs.el")]
    variables = {"CONFIGURATION": EDITORS / "emacs" / file, "CLIENT": f"with-{client}", "FIX": FIX}
    return observed(client, command, program, folder, **variables)


def test_findings_and_a_fix_in_eglot(tmp_path: Path) -> None:
    seen = seen_by("eglot", "trainlint.el", WIDE, tmp_path)
    (finding,) = seen["findings"]
    assert RULE in finding["message"]
    assert finding["text"] == "model(x)"
    assert any(f"Ignore {RULE} here" in action for action in seen["actions"])
    assert seen["text"] == mended(WIDE)


def test_findings_and_a_fix_in_lsp_mode(tmp_path: Path) -> None:
    seen = seen_by("lsp-mode", "trainlint-lsp-mode.el", JAPANESE, tmp_path)
    (finding,) = seen["findings"]
    assert (finding["rule"], finding["text"]) == (RULE, "model(x)")
    assert any(f"Ignore {RULE} here" in action for action in seen["actions"])
    assert seen["text"] == mended(JAPANESE)
