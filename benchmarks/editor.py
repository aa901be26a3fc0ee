"""How long after an edit the diagnostics are there: p50 and p95, of trainlint's server and of others in the same run.

    python -m benchmarks.editor train.py ultralytics/engine/trainer.py …
    python -m benchmarks.editor --lines 10000 --against ruff --against fixit train.py

Each file is opened in a server of its own, with the folder above its package as the workspace, and edited by somebody
who pauses between edits. Four kinds of edit: a comment within a function; a variable within a function that nothing
reads, as a line is when it has just been begun; another number within a function; a new function, of which every other
statement could make use. The first two leave other functions as they are, the others are analysed with the whole unit.

With ``--lines`` the functions and classes of a file are repeated under other names until it is that long. Other servers
are installed into environments of their own, below ``.cache``, run with their default settings, and take turns with
ours, edit by edit; a bare parse of the same text by libcst is the yardstick.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import statistics
import subprocess
import sys
import time
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

PAUSE = 0.4
Edit = Callable[[int], str]
ENVIRONMENTS = Path(__file__).parents[1] / ".cache" / "benchmarks"


@frozen
class Server:
    """A language server: how it is installed, and how it starts."""

    name: str
    requirement: str
    command: tuple[str, ...]
    remark: str = ""

    def installed(self) -> list[str]:
        """The command, in an environment that has nothing else."""
        folder = ENVIRONMENTS / re.sub(r"\W+", "-", self.requirement)
        program = folder / "bin" / self.command[0]
        if not program.exists():
            venv.create(folder, with_pip=True)
            subprocess.run([folder / "bin" / "pip", "install", "--quiet", self.requirement], check=True)
        return [str(program), *self.command[1:]]


OURS = Server("trainlint", "", ())
OTHERS = {
    "ruff": Server("ruff", "ruff", ("ruff", "server")),
    "fixit": Server("fixit", "fixit[lsp]", ("fixit", "lsp"), "waits 500 ms by itself"),
    "fixit-0": Server("fixit, no wait", "fixit[lsp]", ("fixit", "lsp", "--debounce-interval", "0")),
}


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


def started(file: Path, server: Server) -> Wire:
    folder = file.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    command = [sys.executable, "-m", "trainlint", "server"] if server is OURS else server.installed()
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
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    bodies = [(each.body[0].lineno - 1, each.body[0].col_offset) for each in functions]
    bodies = [place for place, each in zip(bodies, functions, strict=True) if each.body[0].lineno > each.lineno]
    numbers = [each for function in functions or [tree] for each in ast.walk(function) if _is_number(each)]
    top = [node.lineno - 1 for node in tree.body[1:] if not isinstance(node, ast.ImportFrom) and node.col_offset == 0]
    top = [line for line in top if not lines[line - 1].startswith("@")] or [len(lines)]

    def inserted(line: int, column: int, content: str) -> str:
        return "\n".join((*lines[:line], " " * column + content, *lines[line:]))

    def changed(number: int) -> str:
        constant: Any = chance.choice(numbers)
        value = constant.value + 1 + number % 2 if isinstance(constant.value, int) else constant.value * 1.01**number
        line = lines[constant.lineno - 1].encode()
        now = line[: constant.col_offset] + repr(value).encode() + line[constant.end_col_offset :]
        return "\n".join((*lines[: constant.lineno - 1], now.decode(), *lines[constant.lineno :]))

    yield "comment", lambda number: inserted(*chance.choice(bodies or [(0, 0)]), f"# {number}")
    yield "unused", lambda number: inserted(*chance.choice(bodies or [(0, 0)]), f"probe = {number}")
    if numbers:
        yield "number", changed
    yield "function", lambda number: inserted(chance.choice(top), 0, f"def probe_{number}():\n    return {number}\n\n")


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.lineno == node.end_lineno


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


def grown(text: str, lines: int) -> str:
    """The program with its functions and classes again and again, each time under other names."""
    parts = [
        ast.get_source_segment(text, node, padded=True) or ""
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.decorator_list
    ]
    number, whole = 0, [text.rstrip("\n")]
    length = text.count("\n")
    while length < lines and parts:
        number += 1
        for part in parts:
            copy = re.sub(r"\A((?:async )?(?:def|class) \w+)", rf"\1_{number}", part)
            whole.append(copy)
            length += copy.count("\n") + 3
            if length >= lines:
                break
    return "\n\n\n".join(whole) + "\n"


@define
class Editor:
    """A file that is open in a server, and how long each answer has taken."""

    server: Server
    wire: Wire
    uri: str
    version: int = 0
    times: list[float] = field(factory=list)

    def told(self, text: str) -> int:
        """Send a text, and wait for its diagnostics; how many there are."""
        self.version += 1
        begin = time.perf_counter()
        if self.version == 1:
            document = {"uri": self.uri, "languageId": "python", "version": 1, "text": text}
            self.wire.send("textDocument/didOpen", {"textDocument": document})
        else:
            identifier = {"uri": self.uri, "version": self.version}
            parameters = {"textDocument": identifier, "contentChanges": [{"text": text}]}
            self.wire.send("textDocument/didChange", parameters)
        found = self.wire.until(self.version)
        self.times.append(time.perf_counter() - begin)
        return found

    def close(self) -> None:
        self.wire.send("shutdown", None, id=2)
        self.wire.send("exit", None)
        assert self.wire.process.stdin is not None
        self.wire.process.stdin.close()
        self.wire.process.wait()


def measure(file: Path, lines: int | None, servers: Sequence[Server], count: int, seed: int) -> None:
    text = file.read_text(encoding="utf-8")
    text = text if lines is None else grown(text, lines)
    parsed = parse_time(text)
    print(f"{file.name}: {text.count(chr(10)):,} lines; libcst parses it in {parsed * 1000:.0f} ms")
    editors = [Editor(server, started(file, server), file.as_uri()) for server in servers]
    for editor in editors:
        found = editor.told(text)
        remark = f" ({editor.server.remark})" if editor.server.remark else ""
        name = editor.server.name
        print(f"  {name:<14}  opened in {editor.times[0] * 1000:6.0f} ms, {found} diagnostics{remark}", flush=True)
    for kind, edit in edits(text, random.Random(seed)):
        for editor in editors:
            del editor.times[:-1]
        for number in range(count):
            now = edit(number)
            for editor in editors:
                time.sleep(max(PAUSE, 2.2 * editor.times[-1]))
                editor.told(now)
        for editor in editors:
            times = editor.times[1:]
            low, high = percentile(times, 0.5), percentile(times, 0.95)
            said = f"p50 {low * 1000:6.0f} ms   p95 {high * 1000:6.0f} ms   {low / parsed:5.2f} parses"
            print(f"  {editor.server.name:<14}  {kind:<10}  {said}", flush=True)
    for editor in editors:
        editor.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--edits", type=int, default=30, help="of each kind (default 30)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lines", type=int, help="make the files that long")
    parser.add_argument("--against", action="append", choices=sorted(OTHERS), default=[], help="another server")
    arguments = parser.parse_args()
    for file in arguments.files:
        servers = [OURS, *(OTHERS[each] for each in arguments.against)]
        measure(file.resolve(), arguments.lines, servers, arguments.edits, arguments.seed)


if __name__ == "__main__":
    main()
