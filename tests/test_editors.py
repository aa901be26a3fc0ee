"""What lies ready for editors can be read in its format, and the command in it starts the server.

`make test-editors` runs those editors that can be had.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import lupa
import pytest

from tests.support.documents import ROOT
from trainlint.cli import main

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EDITORS = ROOT / "editors"
COMMAND = ["trainlint", "server"]
OF_THE_USER = {"init.lua", "pyproject.toml", "trainlint.toml"}
"""Files that a README speaks of and that are not ours."""


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((EDITORS / name).read_text(encoding="utf-8"))


def from_json(name: str) -> Any:
    return json.loads((EDITORS / name).read_text(encoding="utf-8"))


def lua(name: str) -> Mapping[str, Any]:
    """The table that a file returns to Neovim."""
    run = lupa.LuaRuntime()
    run.execute("vim = { NIL = {} }")
    table: Mapping[str, Any] = run.execute((EDITORS / name).read_text(encoding="utf-8"))
    return table


def test_the_command_starts_the_server(capsys):
    assert main([*COMMAND[1:], "--help"]) == 0
    assert "language server" in capsys.readouterr().out


def test_neovim():
    table = lua("nvim/lsp/trainlint.lua")
    assert list(table["cmd"].values()) == COMMAND
    assert list(table["filetypes"].values()) == ["python"]
    assert "pyproject.toml" in table["root_markers"].values()


def test_helix():
    table = toml("helix/languages.toml")
    server = table["language-server"]["trainlint"]
    assert [server["command"], *server["args"]] == COMMAND
    (language,) = table["language"]
    assert language == {"name": "python", "language-servers": ["trainlint"]}


def test_sublime():
    (client,) = from_json("sublime/LSP.sublime-settings")["clients"].values()
    assert client == {"enabled": True, "command": COMMAND, "selector": "source.python", "settings": {}}


def test_kate():
    ((language, server),) = from_json("kate/settings.json")["servers"].items()
    assert (language, server["command"]) == ("python", COMMAND)
    assert re.search(server["highlightingModeRegex"], "Python")


def test_pycharm():
    template = from_json("pycharm/trainlint/template.json")
    assert template.keys() == {"id", "name", "programArgs", "fileTypeMappings"}
    assert template["programArgs"]["default"].split() == COMMAND
    (mapping,) = template["fileTypeMappings"]
    assert (mapping["fileType"]["patterns"], mapping["languageId"]) == (["*.py"], "python")


@pytest.mark.parametrize("name", ["trainlint", "trainlint-lsp-mode"])
def test_emacs(name):
    text = (EDITORS / f"emacs/{name}.el").read_text(encoding="utf-8")
    code = re.sub(r'"(?:\\.|[^"\\])*"|;.*', lambda match: "" if match[0][0] == ";" else '""', text)
    assert code.count("(") == code.count(")")
    assert f"(provide '{name})" in text
    assert '"trainlint" "server"' in text


def test_ale():
    text = (EDITORS / "vim/ale_linters/python/trainlint.vim").read_text(encoding="utf-8")
    assert re.findall(r"'name': '(\w+)'", text) == ["trainlint"]
    assert re.findall(r"'command': '%e (\w+)'", text) == COMMAND[1:]


def test_vim_lsp():
    text = (EDITORS / "vim/vim-lsp.vim").read_text(encoding="utf-8")
    assert re.findall(r"'cmd': {info -> (\[.*?\])}", text) == [str(COMMAND)]


def test_zed():
    manifest, package = toml("zed/extension.toml"), toml("zed/Cargo.toml")
    ((server, about),) = manifest["language_servers"].items()
    assert (manifest["id"], server, about["languages"]) == ("trainlint", "trainlint", ["Python"])
    assert manifest["version"] == package["package"]["version"]
    assert package["lib"]["crate-type"] == ["cdylib"]
    source = (EDITORS / "zed" / package["lib"]["path"]).read_text(encoding="utf-8")
    assert "register_extension!" in source


@pytest.mark.parametrize(
    "folder", sorted(path for path in EDITORS.iterdir() if path.is_dir()), ids=lambda path: path.name
)
def test_every_editor_is_explained(folder: Path):
    assert f"]({folder.name}/README.md)" in (EDITORS / "README.md").read_text(encoding="utf-8")
    text = (folder / "README.md").read_text(encoding="utf-8")
    assert "pip install trainlint" in text
    shown = set(re.findall(r"`([\w./-]+\.(?:lua|el|toml|vim|json))`", text))
    assert all((folder / name).is_file() for name in shown - OF_THE_USER)
