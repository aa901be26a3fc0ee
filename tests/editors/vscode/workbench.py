"""A real VS Code: its server and workbench, as they lie in the npm package code-server, without a window.

Of that package only VS Code itself is used, which Node starts as it is: nothing is compiled and no display is needed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import tarfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.editors.components import CACHE, OUTPUT, attempt, lack, needed

CODE_SERVER = "4.100.3"  # VS Code 1.100.3, the last for Node 20
PLAYWRIGHT = "1.65.1"
EXTENSION = Path(__file__).parents[3] / "editors/vscode"
SHOTS = OUTPUT / "vscode"
_DRIVERS = Path(__file__).parent
_SETTINGS = {
    "security.workspace.trust.enabled": False,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "telemetry.telemetryLevel": "off",
    "extensions.autoCheckUpdates": False,
    "extensions.autoUpdate": False,
    "extensions.ignoreRecommendations": True,
    "files.autoSave": "off",
    "git.enabled": False,
    "editor.minimap.enabled": False,
    "editor.autoClosingBrackets": "never",  # what is typed here is whole
    "editor.autoClosingQuotes": "never",
    "editor.autoSurround": "never",
    "editor.acceptSuggestionOnCommitCharacter": False,
    "editor.suggestOnTriggerCharacters": False,
    "[jsonc]": {"editor.quickSuggestions": False},
}
_PATIENCE = 900.0


@cache
def packaged() -> Path:
    """The extension, packaged as a user does it."""
    npm = needed("npm", ["npm"], "npm")
    lock, installed = EXTENSION / "package-lock.json", EXTENSION / "node_modules/.package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < lock.stat().st_mtime:
        attempt("the extension's own packages", [npm, "ci", "--ignore-scripts"], EXTENSION)
    run = subprocess.run([npm, "run", "package"], cwd=EXTENSION, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return EXTENSION / "trainlint.vsix"


def packed(folder: Path, archive: Path) -> Path:
    """An extension of a few files, packaged without tools."""
    package = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    identity = f'Id="{package["name"]}" Version="{package["version"]}" Publisher="{package["publisher"]}"'
    manifest = f"""<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata><Identity Language="en-US" {identity}/></Metadata>
  <Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation>
  <Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/></Assets>
</PackageManifest>"""
    with zipfile.ZipFile(archive, "w") as packing:
        packing.writestr("extension.vsixmanifest", manifest)
        for file in folder.iterdir():
            packing.write(file, f"extension/{file.name}")
    return archive


def vscode() -> Path:
    """The folder of VS Code's server, fetched once."""
    folder = CACHE / f"code-server-{CODE_SERVER}"
    if not (folder / "complete").is_file():
        npm = needed("npm", ["npm"], "npm")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        attempt("VS Code", [npm, "pack", "--silent", f"code-server@{CODE_SERVER}"], folder)
        (archive,) = folder.glob("*.tgz")
        _unpack(archive, "package/lib/vscode/", folder)
        archive.unlink()
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund"]
        attempt("VS Code", [npm, "install", "--omit=dev", *quiet], folder)
        (folder / "complete").touch()
    return folder


def playwright() -> Path:
    """The folder with the module that drives the browser."""
    folder = CACHE / f"playwright-core-{PLAYWRIGHT}"
    if not (folder / "node_modules/playwright-core").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        npm = needed("npm", ["npm"], "npm")
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(folder)]
        attempt("playwright-core", [npm, "install", *quiet, f"playwright-core@{PLAYWRIGHT}"], folder)
    return folder


def observed(
    scenario: str,
    workspace: Path,
    scratch: Path,
    *,
    opened: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    variables: Mapping[str, str] | None = None,
    others: Sequence[Path] = (),
) -> dict[str, Any]:
    """What the driver of a scenario saw in a workspace; it is left in `SHOTS`, with pictures.

    Another folder or workspace file may be the one that is `opened`.
    """
    node = needed("node", ["node"], "nodejs")
    if int(attempt("node", [node, "-p", "parseInt(process.versions.node)"], scratch)) < 20:
        lack("node", "VS Code needs version 20 or newer")
    chromium = needed("chromium", ["chromium", "chromium-browser", "google-chrome"], "chromium")
    SHOTS.mkdir(parents=True, exist_ok=True)
    seen = SHOTS / f"{scenario}.json"
    seen.unlink(missing_ok=True)
    extensions = [packaged(), *others]
    with _serving(node, vscode(), extensions, scratch, settings or {}, variables or {}) as port:
        driver = {
            "port": port,
            "workspace": str(workspace),
            "opened": str(opened or workspace),
            "seen": str(seen),
            "shots": str(SHOTS),
            "chromium": chromium,
            "playwright": str(playwright() / "node_modules/playwright-core/index.mjs"),
        }
        command = [node, str(_DRIVERS / f"{scenario}.mjs"), json.dumps(driver)]
        with (scratch / "driver.log").open("w+b") as said:
            run = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=_PATIENCE
            )
            said.seek(0)
            told = said.read().decode("utf-8", "replace")
    log = (scratch / "server.log").read_text(encoding="utf-8", errors="replace")
    assert run.returncode == 0, f"{told}\nVS Code's server:\n{_told(log)}"
    found: dict[str, Any] = json.loads(seen.read_text(encoding="utf-8"))
    return found


@contextmanager
def _serving(
    node: str,
    code: Path,
    extensions: Sequence[Path],
    scratch: Path,
    settings: Mapping[str, Any],
    variables: Mapping[str, str],
) -> Iterator[int]:
    """VS Code's server with some extensions in it, on the port that is given."""
    data = scratch / "data"
    for scope in ("User", "Machine"):  # a program is read from the second, all else from the first
        (data / "data" / scope).mkdir(parents=True)
        text = json.dumps({**_SETTINGS, **settings})
        (data / "data" / scope / "settings.json").write_text(text, encoding="utf-8")
    program = [node, "out/server-main.js", "--accept-server-license-terms", "--server-data-dir", str(data)]
    for vsix in extensions:
        install = [*program, "--install-extension", str(vsix), "--force"]
        done = subprocess.run(install, cwd=code, capture_output=True, text=True)
        assert "successfully installed" in done.stdout, done.stdout + done.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    serve = [*program, "--host", "127.0.0.1", "--port", str(port), "--without-connection-token"]
    with (scratch / "server.log").open("wb") as log:
        process = subprocess.Popen(
            serve,
            cwd=code,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait(port, process)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _told(log: str) -> str:
    """What the server's log says itself, without the traces of modules that it does without."""
    return "\n".join(line for line in log.splitlines() if line.startswith("["))


def _wait(port: int, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/version", timeout=5).read()
            return
        except OSError:
            assert process.poll() is None, "VS Code's server has ended"
            assert time.monotonic() < end, "VS Code's server does not answer"
            time.sleep(0.1)


def _unpack(archive: Path, prefix: str, folder: Path) -> None:
    """What lies below a folder of an archive, without source maps, which are half of it."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.name.startswith(prefix) and not member.name.endswith(".map"):
                member.name = member.name.removeprefix(prefix)
                tar.extract(member, folder, filter="data")
