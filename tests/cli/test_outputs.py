"""`--output-format` and `--output-file`: one output to stdout, any number to files."""

from __future__ import annotations

import json
import sys

import pytest

from tests.conftest import visible
from trainlint.settings import OUTPUT_FORMATS

BROKEN = "import torch\nfor x in\n"


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_format_goes_to_stdout_and_to_a_file_alike(project, trainlint, name):
    root = project({"a.py": BROKEN})
    there = trainlint("a.py", "--output-format", name)
    assert there.code == 1 and "invalid syntax" in there.out
    run = trainlint("a.py", "--output-format", f"{name}=out.txt")
    assert (run.code, run.out) == (1, "")
    assert (root / "out.txt").read_text(encoding="utf-8") == there.out
    run = trainlint("a.py", "--output-format", name, "--output-file", "other.txt")
    assert (run.code, run.out) == (1, "")
    assert (root / "other.txt").read_text(encoding="utf-8") == there.out


def test_several_outputs_of_one_run(project, trainlint):
    root = project({"a.py": BROKEN, "trainlint.toml": 'output-format = "concise"\n'})
    formats = "--output-format=sarif=a.sarif", "--output-format=json=b.json"
    run = trainlint("a.py", *formats, "--output-format=jsonl")
    assert run.code == 1
    assert json.loads(run.out)["rule"] == "invalid-syntax"
    assert len(json.loads((root / "a.sarif").read_text())["runs"][0]["results"]) == 1
    assert len(json.loads((root / "b.json").read_text())["findings"]) == 1
    run = trainlint("a.py", *formats, "--output-file=c.txt")
    assert (run.out, (root / "c.txt").read_text()) == ("", "a.py:2:8: error[invalid-syntax] invalid syntax\n")


def test_files_are_written_when_nothing_is_said(project, trainlint):
    root = project({"a.py": BROKEN})
    run = trainlint("a.py", "-qq", "--output-format=concise=a.txt")
    assert (run.code, run.out, run.err) == (1, "", "")
    assert (root / "a.txt").read_text()


def test_a_clean_run_writes_its_files_too(project, trainlint):
    root = project({"a.py": "import torch\n"})
    assert trainlint("a.py", "--output-format=json=a.json").code == 0
    assert json.loads((root / "a.json").read_text()) == {"version": 1, "findings": []}


@pytest.mark.parametrize("name", ["nowhere/a.txt", "."])
def test_a_file_that_cannot_be_written_is_two(project, trainlint, name):
    project({"a.py": BROKEN})
    run = trainlint("a.py", f"--output-format=concise={name}", "--output-format=json")
    assert run.code == 2
    assert len(run.findings) == 1
    assert f"error: {name}: cannot be written: " in run.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
def test_a_full_disk_is_two(project, trainlint):
    project({"a.py": BROKEN})
    run = trainlint("a.py", "--output-format=concise=/dev/full")
    assert run.code == 2
    assert "/dev/full: cannot be written: " in run.err


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--output-format=sarfi"], "`sarfi` is none of full, concise, json"),
        (["--output-format=sarfi=a.sarif"], "did you mean `sarif`?"),
        (["--output-format=json", "--output-format=full"], "only one can go to stdout"),
        (["--output-format=json="], "the name of an output file is empty"),
        (["--output-format=json=a", "--output-file=a"], "a: two outputs cannot go to one file"),
        (["--output-format=sarif", "--statistics"], "--statistics can be said as full, concise, json, not as sarif"),
    ],
)
def test_wrong_outputs_are_usage_errors(project, trainlint, options, complaint):
    root = project({"a.py": BROKEN})
    run = trainlint("a.py", *options)
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err
    assert visible(root) == ["a.py"]


def test_the_help_names_every_format(trainlint):
    help = " ".join(trainlint("check", "--help").out.split())
    assert all(name in help for name in OUTPUT_FORMATS)
