"""Vim with ALE and with vim-lsp, on the files of editors/vim."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.editors.components import CACHE, attempt, needed, provide
from tests.editors.headless import EDITORS, SCRIPTS, observed
from tests.editors.programs import FIX, JAPANESE, NARROW, RULE, mended

VIM_LSP = "https://github.com/prabirshrestha/vim-lsp"


def vim() -> str:
    return needed("Vim", ["vim"], "vim")


def has_ale(program: str) -> bool:
    ask = "if exists(':ALELint') | qall! | else | cquit! | endif"
    command = [program, "-Nu", "NONE", "-i", "NONE", "-es", "-c", "silent! packadd ale", "-c", ask]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def vim_lsp() -> Path:
    """The plugin, fetched once."""
    folder = CACHE / "vim-lsp"
    if not (folder / "plugin/lsp.vim").is_file():
        folder.parent.mkdir(parents=True, exist_ok=True)
        attempt("vim-lsp", ["git", "clone", "--quiet", "--depth", "1", VIM_LSP, str(folder)], folder.parent)
    return folder


def script(name: str) -> list[str]:
    return [vim(), "-Nu", "NONE", "-i", "NONE", "-n", "-es", "-S", str(SCRIPTS / name)]


def test_findings_and_a_fix_in_ale(tmp_path: Path) -> None:
    if not has_ale(vim()):
        provide("ALE for Vim", "vim-ale")
        assert has_ale(vim())
    seen = observed("ale", script("ale.vim"), NARROW, tmp_path, CONFIGURATION=EDITORS / "vim", FIX=FIX)
    (finding,) = seen["findings"]
    assert (finding["rule"], finding["text"]) == (RULE, "model(x)")
    assert any(f"Ignore {RULE} here" in action for action in seen["actions"])
    assert seen["text"] == mended(NARROW)


def test_findings_and_a_fix_in_vim_lsp(tmp_path: Path) -> None:
    variables = {"CONFIGURATION": EDITORS / "vim/vim-lsp.vim", "VIM_LSP": vim_lsp(), "FIX": FIX}
    seen = observed("vim-lsp", script("vim-lsp.vim"), JAPANESE, tmp_path, **variables)
    (finding,) = seen["findings"]
    assert finding["rule"] == RULE
    assert seen["root"].rstrip("/") == tmp_path.as_uri()
    assert any(f"Ignore {RULE} here" in action for action in seen["actions"])
    assert seen["text"] == mended(JAPANESE)
