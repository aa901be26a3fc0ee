"""`trainlint check --fix`, `--unsafe-fixes`, `--diff`: what is written, and what is said of it."""

from __future__ import annotations

import json
import os
import re
import resource
import stat
import subprocess
import sys

import pytest

from tests.support.projects import notebook
from trainlint.source.sources import Sources

TRAIN = """\
import torch
from torch import nn

model = nn.Linear(8, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
{order}"""
CLEARED_EARLY = TRAIN.format(order="    optimizer.zero_grad()  # away\n    optimizer.step()\n")
CLEARED = TRAIN.format(order="    optimizer.step()\n    optimizer.zero_grad()  # away\n")
NEVER_CLEARED = TRAIN.format(order="    optimizer.step()\n")
EVER_CLEARED = NEVER_CLEARED.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")


def listed(folder):
    """What lies in a folder, the cache excepted."""
    return sorted(name for name in os.listdir(folder) if name != ".trainlint_cache")


def test_a_safe_fix_is_written(project, trainlint):
    folder = project({"a.py": CLEARED_EARLY})
    run = trainlint("--fix", ".")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("Fixed 1 finding in 1 file\nNo problems in 1 file")
    assert (folder / "a.py").read_text() == CLEARED
    assert listed(folder) == ["a.py"]


def test_an_unsafe_fix_is_only_offered(project, trainlint):
    folder = project({"a.py": NEVER_CLEARED})
    run = trainlint("--fix", ".")
    assert run.code == 1
    assert "= fix: Clear the gradients first (unsafe)\n" in run.out
    assert run.err.startswith("Fixed 0 findings in 0 files\nFound 1 problem")
    assert (folder / "a.py").read_text() == NEVER_CLEARED
    assert trainlint("--unsafe-fixes", ".").code == 0
    assert (folder / "a.py").read_text() == EVER_CLEARED


def test_a_second_run_changes_nothing(project, trainlint):
    folder = project({"a.py": CLEARED_EARLY, "b.py": NEVER_CLEARED})
    trainlint("--unsafe-fixes", ".")
    before = {path: path.stat().st_mtime_ns for path in folder.glob("*.py")}
    assert trainlint("--unsafe-fixes", ".").err.startswith("Fixed 0 findings in 0 files\n")
    assert {path: path.stat().st_mtime_ns for path in folder.glob("*.py")} == before


def test_json_shows_the_edits(project, trainlint):
    project({"a.py": NEVER_CLEARED})
    (finding,) = trainlint("--output-format", "json", ".").findings
    (fix,) = finding["fixes"]
    assert (fix["title"], fix["safety"]) == ("Clear the gradients first", "unsafe")
    (edit,) = fix["edits"]
    assert edit["content"] == "    optimizer.zero_grad()\n"
    assert (edit["path"], edit["start"], edit["end"]) == ("a.py", {"line": 8, "column": 1}, {"line": 8, "column": 1})


def test_a_diff_is_printed_and_nothing_is_written(project, trainlint):
    folder = project({"a.py": CLEARED_EARLY, "b.py": NEVER_CLEARED.rstrip("\n")})
    run = trainlint("--diff", "--unsafe-fixes", ".")
    assert run.code == 1
    assert run.err.startswith("Would fix 2 findings in 2 files\n")
    assert (folder / "a.py").read_text() == CLEARED_EARLY
    subprocess.run(["git", "apply", "-p0", "-"], input=run.out, text=True, check=True, cwd=folder)
    assert (folder / "a.py").read_text() == CLEARED
    assert (folder / "b.py").read_text() == EVER_CLEARED.rstrip("\n")


def test_a_diff_without_fixes_is_empty(project, trainlint):
    project({"a.py": CLEARED, "b.py": NEVER_CLEARED})
    run = trainlint("--diff", "a.py")
    assert (run.code, run.out) == (0, "")
    assert (trainlint("--diff", ".").code, trainlint("--diff", ".").out) == (1, "")


def test_what_stdin_holds_is_printed_with_its_fixes(project, trainlint):
    project()
    run = trainlint("--fix", "-", stdin=CLEARED_EARLY.encode())
    assert (run.code, run.out) == (0, CLEARED)
    run = trainlint("--fix", "-", stdin=NEVER_CLEARED.encode())
    assert (run.code, run.out) == (1, NEVER_CLEARED)


@pytest.mark.parametrize(
    ("encoding", "bom", "head"),
    [("utf-8", b"\xef\xbb\xbf", "# é\n"), ("latin-1", b"", "# coding: latin-1\n# é\n"), ("utf-8", b"", "\f# €\n")],
)
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_encodings_and_line_ends_are_kept(project, trainlint, encoding, bom, head, end):
    def made(text: str) -> bytes:
        return bom + (head + text).replace("\n", end).encode(encoding)

    folder = project({"a.py": made(CLEARED_EARLY), "b.py": made(NEVER_CLEARED)})
    assert trainlint("--unsafe-fixes", ".").code == 0
    assert (folder / "a.py").read_bytes() == made(CLEARED)
    assert (folder / "b.py").read_bytes() == made(EVER_CLEARED)


def test_a_notebook_changes_in_the_lines_that_are_mended_alone(project, trainlint):
    cells = re.sub(r"(?m)^(?=model|for)", "# %%\n", CLEARED_EARLY)
    book = json.dumps(json.loads(notebook("# %% [markdown]\n# Title\n# %%\n" + cells)), indent=1)
    book = book.replace('"outputs": []', '"outputs": [{"x":1.50,  "text": "\\u00e9"}]')
    folder = project({"a.ipynb": book + "\n"})
    assert trainlint("--fix", ".").code == 0
    early, late = '"    optimizer.zero_grad()  # away\\n",', '"    optimizer.step()\\n"'
    start = book.index(early)
    between = book[start + len(early) : book.index(late)]
    wanted = book.replace(early + between + late, late + "," + between + early.rstrip(","))
    assert (folder / "a.ipynb").read_text() == wanted + "\n"


def test_two_fixes_in_one_place_are_applied_one_after_the_other(project, trainlint):
    both = """\
import torch
from torch import nn

first, second = nn.Linear(8, 3), nn.Linear(8, 3)
one = torch.optim.Adam(first.parameters(), lr=0.001)
two = torch.optim.Adam(second.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    loss = nn.functional.cross_entropy(first(x) + second(x), y)
    loss.backward()
    one.step()
    two.step()
"""
    folder = project({"a.py": both})
    run = trainlint("--unsafe-fixes", ".")
    assert run.code == 0
    assert run.err.startswith("Fixed 2 findings in 1 file\n")
    text = (folder / "a.py").read_text()
    assert re.search(r"    (one|two).zero_grad\(\)\n    (one|two).zero_grad\(\)\n    loss.backward", text)


STEPS = """\
def train(model, optimizer, loss_of, x, y):
    loss = loss_of(model(x), y)
    loss.backward()
    optimizer.step()
"""
ROOT = """\
import torch
from torch import nn

from steps import train

model = nn.Linear(8, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
for x, y in torch.load("batches.pt"):
    train(model, optimizer, nn.functional.cross_entropy, x, y)
"""


def test_files_that_were_not_given_are_left(project, trainlint):
    folder = project({"steps.py": STEPS, "train.py": ROOT})
    assert trainlint("--unsafe-fixes", "train.py").err.startswith("Fixed 0 findings in 0 files\n")
    assert (folder / "steps.py").read_text() == STEPS
    assert trainlint("--unsafe-fixes", ".").code == 0
    assert "    optimizer.zero_grad()\n    loss.backward()" in (folder / "steps.py").read_text()


def test_a_fix_that_does_not_mend_is_taken_back(project, trainlint):
    """The optimizer that is cleared is the one that a closure names: another one."""
    text = """\
import torch
from torch import nn

model = nn.Linear(8, 3)
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
other = nn.Linear(8, 3)


def move(chosen):
    optimizer.step()


for x, y in torch.load("batches.pt"):
    nn.functional.cross_entropy(model(x), y).backward()
    move(other)
"""
    folder = project({"a.py": text})
    run = trainlint("--unsafe-fixes", ".")
    assert run.code == 1
    assert (folder / "a.py").read_text() == text


def test_a_fix_that_would_break_the_file_is_left_out(project, trainlint):
    """A line that goes on with a backslash cannot take a statement before it."""
    text = NEVER_CLEARED.replace("    loss.backward()", "    assert x is not \\\n None; loss.backward()")
    folder = project({"a.py": text})
    assert trainlint("--unsafe-fixes", ".").code == 1
    assert (folder / "a.py").read_text() == text


# Files that cannot be written


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions")
def test_a_read_only_file_is_said_and_the_others_are_written(project, trainlint):
    folder = project({"a.py": CLEARED_EARLY, "b.py": CLEARED_EARLY, "c/d.py": CLEARED_EARLY})
    (folder / "a.py").chmod(0o444)
    (folder / "c").chmod(0o555)
    run = trainlint("--fix", ".")
    assert run.code == 2
    assert "error: a.py: cannot be written: it is read-only\n" in run.err
    assert "error: c/d.py: cannot be written: its folder is read-only\n" in run.err
    assert "Fixed 1 finding in 1 file\nFound 2 problems (2 errors) in 3 files" in run.err
    assert [(folder / name).read_text() for name in ("a.py", "b.py", "c/d.py")] == [
        CLEARED_EARLY,
        CLEARED,
        CLEARED_EARLY,
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="needs permissions and links")
def test_permissions_are_kept_and_links_followed(project, trainlint):
    folder = project({"real/a.py": CLEARED_EARLY})
    (folder / "real/a.py").chmod(0o751)
    os.symlink("real/a.py", "link.py")
    assert trainlint("--fix", "link.py").code == 0
    assert (folder / "link.py").is_symlink()
    assert (folder / "real/a.py").read_text() == CLEARED
    assert stat.S_IMODE((folder / "real/a.py").stat().st_mode) == 0o751


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits")
def test_a_full_disk_loses_nothing(project):
    """No file may grow beyond 4 KiB, as if the disk were full."""
    large = CLEARED_EARLY + "# long\n" * 1_000
    folder = project({"a.py": large, "b.py": CLEARED_EARLY})
    run = subprocess.run(
        [sys.executable, "-m", "trainlint", "--fix", "."],
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert run.returncode == 2
    assert "error: a.py: cannot be written: File too large\n" in run.stderr
    assert (folder / "a.py").read_text() == large
    assert (folder / "b.py").read_text() == CLEARED
    assert listed(folder) == ["a.py", "b.py"]


@pytest.mark.parametrize("when", ["read", "written"])
def test_a_file_that_changes_meanwhile_is_left(project, trainlint, monkeypatch, when):
    """Somebody saves the file after it was read, or right before it would be written."""
    folder = project({"a.py": CLEARED_EARLY, "b.py": CLEARED_EARLY})
    newer = CLEARED_EARLY + "# newer\n"
    get, sync = Sources.get, os.fsync

    def read(self, path):
        source = get(self, path)
        if when == "read" and path == "a.py":
            (folder / "a.py").write_text(newer)
        return source

    def written(handle):
        sync(handle)
        if when == "written" and (folder / "a.py").read_text() == CLEARED_EARLY:
            (folder / "a.py").write_text(newer)

    monkeypatch.setattr(Sources, "get", read)
    monkeypatch.setattr(os, "fsync", written)
    run = trainlint("--fix", ".")
    assert run.code == 2
    assert re.search(r"error: a.py: .*was changed", run.err)
    assert (folder / "a.py").read_text() == newer
    assert (folder / "b.py").read_text() == CLEARED
    assert listed(folder) == ["a.py", "b.py"]


# Ignore comments


def test_an_ignore_comment_of_no_use_is_removed(project, trainlint):
    text = CLEARED.replace("x, y in torch.load", "x, y in  torch.load")
    spare = "optimizer.step()  # trainlint: ignore[missing-zero-grad] it is cleared"
    folder = project({"a.py": text.replace("optimizer.step()", spare), "pyproject.toml": "[tool.trainlint]\n"})
    assert trainlint("--fix", ".").code == 0
    assert (folder / "a.py").read_text() == text
