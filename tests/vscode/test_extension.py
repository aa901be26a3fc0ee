"""What can be said of the VS Code extension without an editor; `tests/editors` starts one."""

from __future__ import annotations

import json
import re
import runpy
import struct
import zlib

import pytest

from tests.vscode.settings import PACKAGE, properties, regenerated
from trainlint import __version__
from trainlint.rules.catalogue import catalogue
from trainlint.server.configuration import _KEYS, _key, read
from trainlint.server.options import Options, read_options

FOLDER = PACKAGE.parent
ROOT = FOLDER.parents[1]
MANIFEST = json.loads(PACKAGE.read_text(encoding="utf-8"))
SETTINGS = MANIFEST["contributes"]["configuration"]["properties"]


def test_settings_are_those_of_the_server():
    text = PACKAGE.read_text(encoding="utf-8")
    assert regenerated(text) == text, "run `make docs`"


def test_every_key_that_the_server_takes_can_be_set():
    named = {_key(name.removeprefix("trainlint.")) for name in properties(catalogue())}
    assert named >= _KEYS - {"fail-on"}  # an editor has no exit code


def test_what_is_not_set_changes_nothing(tmp_path):
    """VS Code sends the defaults of all settings."""
    sent = {name.removeprefix("trainlint."): schema["default"] for name, schema in SETTINGS.items()}
    nothing, _ = read({}, tmp_path)
    assert read(sent, tmp_path) == (nothing, [])
    assert read_options(sent) == (Options(), [])


@pytest.mark.parametrize("name", ["select", "ignore"])
def test_names_of_rules_are_offered(name):
    assert set(SETTINGS[f"trainlint.{name}"]["items"]["enum"]) >= {*catalogue(), "all"}


def test_the_extension_has_the_version_and_the_licence_of_trainlint():
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert MANIFEST["version"] == lock["version"] == lock["packages"][""]["version"] == __version__
    assert (FOLDER / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_lock_names_no_host_to_get_packages_from():
    lock = json.loads((FOLDER / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]


def test_commands_are_registered_and_registered_ones_declared():
    sources = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "src").glob("*.ts"))
    registered = set(re.findall(r'registerCommand\(\s*"([\w.]+)"', sources))
    assert registered == {each["command"] for each in MANIFEST["contributes"]["commands"]}


def test_a_folder_without_trust_names_no_program():
    starting = {name for name, schema in SETTINGS.items() if schema["scope"].startswith("machine")}
    assert set(MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]) == starting


def test_the_icon_is_the_one_that_is_drawn():
    drawn = runpy.run_path(str(FOLDER / "icon.py"))
    assert _unpacked((FOLDER / "icon.png").read_bytes()) == _unpacked(drawn["png"](drawn["pixels"]()))


def test_the_readme_names_settings_and_commands_that_there_are():
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(trainlint\.[\w.]+)`", text)) - {"trainlint.toml"} <= set(SETTINGS)
    titles = {each["title"] for each in MANIFEST["contributes"]["commands"]}
    named = {each.removeprefix("trainlint: ") for each in re.findall(r"\*([A-Zt][^*]+)\*", re.sub(r"\s+", " ", text))}
    assert named
    assert named <= titles


def test_pictures_of_the_readme_are_there():
    pictures = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert pictures
    for picture in pictures:
        assert (FOLDER / picture).read_bytes().startswith(b"\x89PNG"), picture


def _unpacked(png: bytes) -> tuple[bytes, bytes]:
    """Size and pixels: how they are compressed depends on the version of zlib."""
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += length + 12
    return png[16:29], zlib.decompress(data)
