"""Which command is meant, and what a terminal, a pipe and an old encoding make of the output."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = "import torch\nfor x in\n"
COMMAND = [sys.executable, "-m", "trainlint"]


def test_a_path_alone_is_checked(project, trainlint):
    project({"a.py": BROKEN})
    bare, named = trainlint("a.py", "--output-format", "concise"), trainlint("check", "a.py", "--output-format=concise")
    assert bare.code == named.code == 1
    assert bare.out == named.out != ""


def test_options_may_come_first(project, trainlint):
    project({"a.py": BROKEN})
    assert trainlint("--output-format", "concise", "a.py").code == 1


def test_nothing_at_all_checks_the_working_directory(project, trainlint):
    project({"deep/a.py": BROKEN})
    run = trainlint()
    assert run.code == 1
    assert "deep/a.py:2:" in run.out


def test_a_path_called_like_a_command_needs_a_dot(project, trainlint):
    project({"rules/a.py": BROKEN})
    assert trainlint("./rules").code == 1
    assert trainlint("rules").code == 0


def test_version(trainlint):
    run = trainlint("--version")
    assert (run.code, run.out) == (0, "trainlint 0.1.0\n")


def test_help_lists_the_commands(trainlint):
    run = trainlint("--help")
    assert run.code == 0
    for command in ("check", "explain", "rules", "recipe"):
        assert f"    {command} " in run.out


def test_wrong_usage_is_two(trainlint):
    run = trainlint("check", "--no-such-option")
    assert run.code == 2
    assert "--no-such-option" in run.err
    assert run.out == ""


LAZY = "libcst", "pygls", "lsprotocol", "yaml", "rich", "cattrs", "attr", "argparse"


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import trainlint.cli", LAZY),
        ("from trainlint.cli import main; main(['--version'])", LAZY),
        ("from trainlint.cli import main; main(['--help'])", LAZY[:-1]),
        ("from trainlint.cli import main; main(['rules'])", ("libcst", "pygls", "lsprotocol", "rich")),
        ("from trainlint.cli import main; main(['explain', 'unknown-rule'])", ("libcst", "pygls", "rich")),
        ("from trainlint.cli import main; main(['check', '--isolated', '.'])", ("libcst", "pygls", "rich")),
    ],
)
def test_each_command_imports_only_what_it_needs(statement, unwanted, tmp_path):
    (tmp_path / "unrelated.py").write_text("x = 1\n")
    code = f"{statement}\nimport sys\nprint(sorted(set({unwanted!r}) & set(sys.modules)), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert run.stderr.splitlines()[-1] == "[]"


def test_a_reader_that_leaves_is_no_error(project):
    project({f"f{n}.py": BROKEN for n in range(60)})
    run = subprocess.Popen([*COMMAND, "."], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdout.close()
    errors = run.stderr.read()
    run.wait()
    run.stderr.close()
    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors


def test_an_encoding_that_lacks_a_character_is_no_error(project):
    project({"größe.py": "import torch\nfor größe in 日本\n"})
    run = subprocess.run(
        [*COMMAND, "."], check=False, capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert run.returncode == 1
    assert b"gr\\xf6\\xdfe" in run.stdout


def test_colours_are_for_terminals_and_for_those_who_ask(project, trainlint, monkeypatch):
    project({"a.py": BROKEN})
    assert "\x1b" not in trainlint("a.py").out
    assert "\x1b" in trainlint("a.py", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" in trainlint("a.py").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in trainlint("a.py").out
    assert "\x1b" in trainlint("a.py", "--color", "always").out


def test_the_module_can_be_run(tmp_path):
    run = subprocess.run([*COMMAND, "--version"], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert run.stdout.startswith("trainlint ")


def test_the_script_is_installed():
    script = Path(sys.executable).parent / ("trainlint.exe" if os.name == "nt" else "trainlint")
    if not script.exists():
        pytest.skip("trainlint is not installed in this environment")
    run = subprocess.run([script, "--version"], check=True, capture_output=True, text=True)
    assert run.stdout.startswith("trainlint ")
