"""How long after an edit the diagnostics are there: p50 and p95, beside a bare parse of the same text by libcst.

    python -m benchmarks.editor train.py ultralytics/engine/trainer.py …

Each file is opened in a server of its own, with the folder above its package as the workspace, and edited by somebody
who pauses between edits. Three kinds of edit: a comment within a function; a statement within a function; a statement
between the functions, after which the whole unit is analysed anew.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from attrs import define, field

PAUSE = 0.4
Edit = Callable[[int], str]


@define
class Wire:
    """A server process, and messages to and from it."""

    process: subprocess.Popen[bytes]
    number: int = 0
    seen: dict[tuple[str, int], float] = field(factory=dict)

    def send(self, method: str, parameters: Any, id: int | None = None) -> None:
        body: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if id is not None:
            body["id"] = id
        data = json.dumps(body).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        size = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if not line:
                raise SystemExit("the server has ended")
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.process.stdout.read(size))
        return message

    def until(self, version: int) -> int:
        """Wait for the diagnostics of a version; how many there are."""
        while True:
            message = self.receive()
            parameters = message.get("params") or {}
            if message.get("method") == "textDocument/publishDiagnostics" and parameters.get("version") == version:
                return len(parameters["diagnostics"])


def started(file: Path) -> Wire:
    folder = file.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    command = [sys.executable, "-m", "trainlint", "server"]
    wire = Wire(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
    folders = [{"uri": folder.as_uri(), "name": folder.name}]
    wire.send("initialize", {"capabilities": {}, "processId": None, "workspaceFolders": folders}, id=1)
    while wire.receive().get("id") != 1:
        pass
    wire.send("initialized", {})
    return wire


def edits(text: str, chance: random.Random) -> Iterator[tuple[str, Edit]]:
    """The kinds of edit, each from a number to a text."""
    lines = text.split("\n")
    tree = ast.parse(text)
    bodies = [
        (node.body[0].lineno - 1, node.body[0].col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.body[0].lineno > node.lineno
    ]
    top = [node.lineno - 1 for node in tree.body[1:] if not isinstance(node, ast.ImportFrom) and node.col_offset == 0]
    top = [line for line in top if not lines[line - 1].startswith("@")] or [len(lines)]

    def inserted(line: int, column: int, content: str) -> str:
        return "\n".join((*lines[:line], " " * column + content, *lines[line:]))

    yield "comment", lambda number: inserted(*chance.choice(bodies or [(0, 0)]), f"# {number}")
    yield "statement", lambda number: inserted(*chance.choice(bodies or [(0, 0)]), f"probe = {number}")
    yield "whole unit", lambda number: inserted(chance.choice(top), 0, f"probe = {number}")


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def parse_time(text: str) -> float:
    import libcst

    times = []
    for _ in range(5):
        begin = time.perf_counter()
        libcst.parse_module(text)
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def measure(file: Path, count: int, seed: int) -> None:
    text = file.read_text(encoding="utf-8")
    wire, uri, version = started(file), file.as_uri(), 1
    begin = time.perf_counter()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    wire.send("textDocument/didOpen", {"textDocument": document})
    found = wire.until(1)
    cold = time.perf_counter() - begin
    lines = text.count("\n")
    print(f"{file.name}: {lines:,} lines, {found} diagnostics, opened in {cold * 1000:.0f} ms", end="")
    print(f"; libcst parses it in {parse_time(text) * 1000:.0f} ms")
    for kind, edit in edits(text, random.Random(seed)):
        times = []
        for number in range(count):
            time.sleep(max(PAUSE, 2.2 * (times[-1] if times else cold)))
            version += 1
            changes = [{"text": edit(number)}]
            begin = time.perf_counter()
            identifier = {"uri": uri, "version": version}
            wire.send("textDocument/didChange", {"textDocument": identifier, "contentChanges": changes})
            wire.until(version)
            times.append(time.perf_counter() - begin)
        low, high = percentile(times, 0.5) * 1000, percentile(times, 0.95) * 1000
        print(f"  {kind:<10}  p50 {low:5.0f} ms   p95 {high:5.0f} ms", flush=True)
    wire.send("shutdown", None, id=2)
    wire.send("exit", None)
    assert wire.process.stdin is not None
    wire.process.stdin.close()
    wire.process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--edits", type=int, default=30, help="of each kind (default 30)")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    for file in arguments.files:
        measure(file.resolve(), arguments.edits, arguments.seed)


if __name__ == "__main__":
    main()
