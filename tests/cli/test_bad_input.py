"""Input that nobody meant well: a clear message, all else checked, the right exit code, no traceback, no hang."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "trainlint"]
BAD = """\
import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1), nn.ReLU())
criterion = nn.MSELoss()
loss = criterion(net(torch.randn(4, 8)), torch.randn(4, 1))
loss.backward()
"""
OURS = ("good.py", "relu-before-regression")
HEAD = "import torch\n"
LIMIT = 120  # seconds after which a run counts as hanging


class Run:
    """What a run in a process of its own left behind."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr

    @property
    def findings(self) -> list[tuple[str, str]]:
        return [(finding["path"], finding["rule"]) for finding in json.loads(self.out)["findings"]]


def check(*paths: str, options: Sequence[str] = (), **more: Any) -> Run:
    """Checks in a process of its own; whatever happens, no traceback."""
    command = [*COMMAND, *(paths or ["."]), "--output-format=json", *options]
    run = Run(subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, **more))
    assert "Traceback" not in run.err
    return run


@pytest.fixture
def others(project) -> Callable[..., None]:
    """Makes files beside one with a finding."""

    def make(**files: str | bytes) -> None:
        project(
            {"good.py": BAD}
            | {name.replace("_py", ".py").replace("_nb", ".ipynb"): text for name, text in files.items()}
        )

    return make


def test_a_missing_path(others):
    others()
    run = check("good.py", "gone.py", "gone/")
    assert (run.code, run.findings) == (2, [OURS])
    assert "trainlint: error: gone.py: no such file or folder\n" in run.err
    assert "trainlint: error: gone/: no such file or folder\n" in run.err


def nobody() -> None:
    """Give up the rights of the superuser, who reads everything."""
    if os.geteuid() == 0:
        for capability in (1, 2):  # to read and write whatever the mode says
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


def test_an_unreadable_file_and_folder(others):
    others(secret_py=BAD)
    os.mkdir("folder")
    os.chmod("secret.py", 0)
    os.chmod("folder", 0)
    run = check(options=["--no-cache"], preexec_fn=nobody)
    os.chmod("folder", 0o755)
    assert (run.code, run.findings) == (2, [OURS])
    assert "trainlint: error: secret.py: cannot be read: Permission denied\n" in run.err
    assert "trainlint: error: folder: cannot be read\n" in run.err


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"import torch\nx = '\xff\xfe'\n", "can't decode byte 0xff"),
        (b"# coding: nonsense\nimport torch\n", "unknown encoding"),
        (b"import torch\nx = 1\0\n", "null bytes"),
        (BAD.encode("utf-16"), "encoding"),
        (bytes(range(256)) * 40, "can't decode byte 0x80"),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 64 + b"torch" + os.urandom(8).replace(b"\n", b"") + b"\xff", ""),
    ],
    ids=["bytes", "encoding", "nul", "utf-16", "binary", "elf"],
)  # fmt: skip
def test_what_is_no_text(others, text, message):
    others(bad_py=text)
    run = check()
    assert (run.code, run.findings) == (1, [("bad.py", "invalid-syntax"), OURS])
    assert message in json.loads(run.out)["findings"][0]["message"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', "null", '{"cells": [{"cell_type": "code"', "[" * 100_000]
)
def test_a_notebook_that_is_none(others, text):
    others(bad_nb=text)
    run = check()
    assert (run.code, run.findings) == (1, [("bad.ipynb", "invalid-syntax"), OURS])


def test_a_folder_called_like_a_file(project):
    project({"x.py/good.py": BAD, "y.py/z.ipynb/empty.txt": ""})
    run = check()
    assert (run.code, run.findings) == (1, [("x.py/good.py", "relu-before-regression")])
    assert check("x.py").findings == [("x.py/good.py", "relu-before-regression")]


@pytest.mark.parametrize("text", [b"", b"\n", b"\xef\xbb\xbf", b"\f", b"\\", b"#"])
def test_an_empty_file(others, text):
    others(empty_py=text)
    run = check()
    assert (run.code, run.findings, run.err.count("\n")) == (1, [OURS], 1)


TOO_MUCH = {
    "brackets": "x = " + "(" * 10_000 + ")" * 10_000 + "\n",
    "open brackets": "x = " + "[" * 10_000 + "\n",
    "elif": "if a == 0:\n    pass\n" + "".join(f"elif a == {n}:\n    pass\n" for n in range(10_000)),
    "not": "x = " + "not " * 10_000 + "y\n",
    "plus": "x = " + " + ".join(["y"] * 10_000) + "\n",
    "calls": "x = f" + "(1)" * 10_000 + "\n",
    "attributes": "x = a" + ".b" * 10_000 + "\n",
    "lambdas": "x = " + "lambda: " * 10_000 + "1\n",
    "literal": "x = [" + "123456, " * 650_000 + "]\n",
    "string": 'x = "' + "a" * 5_000_000 + '"\n',
    "line": "x = '" + "é" * 2_000_000 + "\n",
    "blocks": "".join("    " * n + "if a:\n" for n in range(99)) + "    " * 99 + "pass\n",
    "number": "x = " + "9" * 100_000 + "\n",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_too_much_of_something(others, text):
    """What is below and above it in the same file is checked all the same."""
    others(big_py=BAD.replace("\n\n", f"\n{text}\n"))
    run = check()
    assert run.code == 1
    assert set(run.findings) - {("big.py", "invalid-syntax")} == {("big.py", OURS[1]), OURS}
    assert "internal error" not in run.err


RECURSIVE = {
    "class": "class Net(Net):\n    pass\nNet().backward()\n",
    "classes": "class A(B):\n    pass\nclass B(A):\n    pass\nB()(1)\n",
    "init": "class Net(torch.nn.Module):\n    def __init__(self):\n        self.__init__()\nNet()\n",
    "init of itself": "class Net(torch.nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.net = Net()\n    def forward(self, x):\n        return self.net(x)\nNet()(x)\n",
    "function": "def f(x):\n    return f(f(x))\nf(torch.ones(1))\n",
    "functions": "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(1)\n",
    "list": "x = []\nx.append(x)\nfor y in x:\n    x = [x, y]\nprint(x)\n",
    "dict": "x = {}\nx[1] = x\nwhile x:\n    x = x[1]\n",
    "attribute": "class A: pass\na = A()\na.a = a\nfor _ in range(50):\n    a = a.a.a\n",
    "getattr": "class A:\n    def __getattr__(self, name):\n        return getattr(self, name)\nA().x\n",
    "decorator": "@f\ndef f(x):\n    return f\nf(1)\n",
    "growing": "x = [1]\nfor i in range(10 ** 9):\n    x = x + x\n",
    "tensors": "x = torch.ones(1)\nfor i in range(10 ** 9):\n    x = torch.cat([x, x]) * x + x\n",
    "turns": "x = 0\nfor i in range(10 ** 9):\n    x += 1\n    for j in range(10 ** 9):\n        x *= 2\n",
    "while": "x = 0\nwhile x < 10 ** 9:\n    x += 1\n",
    "power": "x = 10 ** 10 ** 10\ny = 2 ** 10 ** 9\nz = 1 << 10 ** 10\n",
    "text": "x = 'a' * 10 ** 10\ny = [0] * 10 ** 10\nz = list(range(10 ** 10))\n",
}


@pytest.mark.parametrize("text", RECURSIVE.values(), ids=RECURSIVE)
def test_programs_without_end(others, text):
    others(deep_py=HEAD + text)
    run = check()
    assert run.code == 1
    assert OURS in run.findings
    assert "internal error" not in run.err


def test_circular_imports(others):
    others(
        a_py="import torch\nfrom b import *\nfrom b import x\nimport a\ny = x\n",
        b_py="import torch\nfrom a import *\nfrom a import y\nimport b.b\nx = y\n",
        c_py="from . import c\nfrom .c import c\nimport torch\nc.c(c)\n",
    )
    run = check()
    assert (run.code, run.findings) == (1, [OURS])


def test_data_files_that_are_none(others, project):
    others(
        deep_py=HEAD
        + "import yaml, json\na = yaml.safe_load(open('a.yaml'))\nb = json.load(open('b.json'))\nc = json.load(open('c'))\n"
        "torch.optim.SGD(net.parameters(), lr=a['lr'])\ntorch.optim.SGD(net.parameters(), lr=b['lr'])\n"
    )
    project({"a.yaml": "a: &a [*a]\nlr: " + "[" * 5_000, "b.json": "[" * 50_000, "c": bytes(range(256))})
    run = check()
    assert (run.code, run.findings) == (1, [OURS])


def test_a_link_to_itself(others):
    others()
    os.symlink("loop.py", "loop.py")
    os.symlink(".", "again")
    run = check("loop.py", ".")
    assert (run.code, run.findings) == (2, [OURS])
    assert "trainlint: error: loop.py" in run.err


def test_a_pipe_and_a_device_are_no_files(others):
    others()
    os.mkfifo("pipe.py")
    run = check()
    assert run.findings == [OURS]
    assert run.code == 2
    assert "pipe.py: no such file" in run.err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_no_room_for_the_output(others):
    others()
    with open("/dev/full", "w") as full:
        done = subprocess.run([*COMMAND, "good.py"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=LIMIT)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "trainlint: error: " in done.stderr
    assert "No space left on device" in done.stderr


def no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))


def test_no_room_for_the_cache(others):
    others()
    run = check(options=["-v"], preexec_fn=no_room)
    assert (run.code, run.findings) == (1, [OURS])
    assert "the cache is of no use: " in run.err
    assert check().findings == [OURS]
    os.unlink("good.py")
    assert check().findings == []


def test_a_folder_that_cannot_be_written_to(others):
    others()
    os.chmod(".", 0o555)
    run = check(options=["-v"], preexec_fn=nobody)
    assert (run.code, run.findings) == (1, [OURS])
    assert "the cache is of no use: " in run.err
    os.chmod(".", 0o755)
    assert check().findings == [OURS]
    for path in Path(".trainlint_cache").iterdir():
        path.chmod(0o444)
    os.chmod(".trainlint_cache", 0o555)
    known = check(options=["-v"], preexec_fn=nobody)
    os.chmod(".trainlint_cache", 0o755)
    assert (known.code, known.findings) == (1, [OURS])
    assert "1 file known from earlier runs" in known.err


def test_little_memory(others):
    """Whatever does not fit costs one file, or the run says that it has no memory; it never hangs."""
    others(big_py=HEAD + "x = [" + "(1, 'a'), " * 25_000 + "]\n")

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (220_000_000, 220_000_000))

    run = check(preexec_fn=little)
    assert run.code in (1, 2)
    assert OURS in run.findings


def test_settings_that_are_none(others, project):
    others()
    project({"trainlint.toml": b"\xff\0"})
    run = check()
    assert run.code == 2
    assert "trainlint: error: trainlint.toml: is not UTF-8\n" in run.err
