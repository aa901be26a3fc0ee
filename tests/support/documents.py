"""The fences of a document, and the commands in them with what they are said to print."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
WAY = ("Gate a repository", "Accept what is there", "Before each commit")
"""The headings of the README that are followed step by step, from the installation to a gated repository."""
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "editors/README.md", "examples/README.md")

_FENCE = re.compile(r"^```(\w*)(?: title=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_COMMAND = re.compile(r"\$ (?P<text>.*?)(?:\s+# exit (?P<code>\d))?$")


@frozen
class Fence:
    """A code block under a heading; `title` is the file that it shows."""

    language: str
    title: str | None
    text: str
    heading: str


@frozen
class Command:
    """A line after `$ `, the exit code that it ends with, and what it prints, where `…` is anything."""

    text: str
    code: int
    output: str

    def run(self, folder: Path, environment: Mapping[str, str]) -> None:
        """Run it with bash in `folder`; raises AssertionError if it does anything else than what is said."""
        run = subprocess.run(
            ["bash", "-c", self.text],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
        )
        assert run.returncode == self.code, f"$ {self.text}\nexit {run.returncode}\n{run.stdout}"
        pattern = "".join(map(_line, self.output.splitlines()))
        assert re.fullmatch(pattern, run.stdout), f"$ {self.text}\nprinted\n{run.stdout}\ninstead of\n{self.output}"


def _line(text: str) -> str:
    if text == "…":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in text.split("…")) + r"\n"


def fences(document: str) -> list[Fence]:
    """The code blocks of one of the documents, in order."""
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = list(_FENCE.finditer(text))
    prose = _FENCE.sub(lambda match: " " * len(match[0]), text)  # a comment in a block is no heading
    found = []
    for block in blocks:
        above = [match[1] for match in _HEADING.finditer(prose, 0, block.start())]
        found.append(Fence(block[1], block[2], block[3], above[-1] if above else ""))
    return found


def commands(fence: Fence) -> Iterator[Command]:
    """The commands of a block whose lines begin with `$ `, each with the lines up to the next."""
    for part in re.split(r"(?m)^(?=\$ )", fence.text)[1:]:
        line, _, output = part.partition("\n")
        command = _COMMAND.fullmatch(line)
        assert command is not None
        yield Command(command["text"], int(command["code"] or 0), output)


def put(fence: Fence, folder: Path) -> None:
    """Write the file that `fence` shows; what a file of that name holds already stays above it."""
    assert fence.title is not None
    path = folder / fence.title
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(f"{before}\n{fence.text}" if before else fence.text, encoding="utf-8")


def environment(**more: str) -> dict[str, str]:
    """The environment of the tests, without what asks for colours, and with `more`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("FORCE_COLOR", "PYTHONPATH")}
    return {**kept, "NO_COLOR": "1", **more}
