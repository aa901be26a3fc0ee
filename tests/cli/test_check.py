"""`trainlint check`: what is said where, and with which exit code."""

from __future__ import annotations

import json
import os
import sys

import pytest

BROKEN = "import torch\nfor x in\n"
CONCISE = ("--output-format", "concise")


# Exit codes


def test_no_problem_is_zero(project, trainlint):
    project({"a.py": "import torch\n"})
    run = trainlint(".")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("No problems in 1 file in ")


def test_a_problem_is_one(project, trainlint):
    project({"a.py": BROKEN})
    run = trainlint(".", *CONCISE)
    assert run.code == 1
    assert run.lines == ["a.py:2:8: error[invalid-syntax] invalid syntax"]
    assert run.err == "Found 1 problem (1 error) in 1 file\n"


def test_a_missing_path_is_two_and_the_others_are_checked(project, trainlint):
    project({"a.py": BROKEN})
    run = trainlint("a.py", "nowhere", *CONCISE)
    assert run.code == 2
    assert len(run.lines) == 1
    assert "nowhere: no such file or folder" in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs links")
def test_an_unreadable_file_is_two_and_the_others_are_checked(project, trainlint):
    project({"a.py": BROKEN})
    os.symlink("loop.py", "loop.py")
    run = trainlint("loop.py", "a.py", *CONCISE)
    assert run.code == 2
    assert len(run.lines) == 1
    assert "loop.py" in run.err


def test_an_empty_folder_is_zero(project, trainlint):
    project()
    run = trainlint(".")
    assert (run.code, run.err) == (0, "No Python files to check\n")


def test_files_without_a_framework_are_counted_as_such(project, trainlint):
    project({"a.py": "for x in\n", "b.py": ""})
    run = trainlint(".")
    assert (run.code, run.out) == (0, "")
    assert run.err == "No problems: 2 files, none of which uses a known framework\n"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--fail-on", "error"], 1),
        (["--fail-on", "never"], 0),
        (["--exit-zero"], 0),
        (["--severity", "invalid-syntax=warning"], 1),
        (["--severity", "invalid-syntax=warning", "--fail-on", "error"], 0),
        (["--severity", "invalid-syntax=info"], 0),
        (["--severity", "invalid-syntax=info", "--fail-on", "info"], 1),
    ],
)
def test_what_fails(project, trainlint, options, code):
    project({"a.py": BROKEN})
    run = trainlint("a.py", *options, *CONCISE)
    assert run.code == code
    assert len(run.lines) == 1


def test_exit_zero_does_not_hide_a_failure(project, trainlint):
    project({"a.py": BROKEN})
    assert trainlint("a.py", "nowhere", "--exit-zero").code == 2


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (("--select", "invalid-sintax"), "--select: there is no rule, group or tag `invalid-sintax`; did you mean `invalid-syntax`?"),
        (("--ignore", "fil"), "--ignore: there is no rule, group or tag `fil`; did you mean `file`?"),
        (("--severity", "unknown-rul=info"), "--severity: there is no rule `unknown-rul`; did you mean `unknown-rule`?"),
        (("--severity", "unknown-rule=eror"), "did you mean `error`?"),
        (("--fail-on", "warn"), "`fail-on` must be one of error, warning, info, never; did you mean `warning`?"),
        (("--min-confidence", "hihg"), "did you mean `high`?"),
        (("--output-format", "jason"), "did you mean `json`?"),
        (("--config", "nowhere.toml"), "nowhere.toml"),
        (("--config", "fial-on=error"), "there is no setting `fial-on`; did you mean `fail-on`?"),
        (("--stdin-filename", "a.py"), "`-` is not among the paths"),
    ],
)  # fmt: skip
def test_wrong_options_are_two(project, trainlint, option, complaint):
    project({"a.py": BROKEN})
    run = trainlint("a.py", *option)
    assert (run.code, run.out) == (2, "")
    assert complaint in run.err


# What is reported


def test_findings_are_ordered_by_path_and_place(project, trainlint):
    ignored = "import torch\n# trainlint: ignore[b-b]\nx = 1  # trainlint: ignore[a-a]\n"
    project({"b.py": ignored, "a.py": ignored, "a/z.py": ignored})
    places = [line.partition(": ")[0] for line in trainlint("b.py", "a", "a.py", *CONCISE).lines]
    assert places == ["a.py:2:21", "a.py:3:28", "a/z.py:2:21", "a/z.py:3:28", "b.py:2:21", "b.py:3:28"]


def test_a_file_given_twice_is_checked_once(project, trainlint):
    project({"a.py": BROKEN})
    assert len(trainlint("a.py", "./a.py", ".", *CONCISE).lines) == 1


def test_a_file_outside_is_named_absolutely(project, trainlint):
    root = project({"inside/a.py": "", "b.py": BROKEN})
    os.chdir("inside")
    assert trainlint("../b.py", *CONCISE).lines[0].startswith(f"{(root / 'b.py').as_posix()}:2:")


def test_select_and_ignore(project, trainlint):
    project({"a.py": BROKEN + "x = 1  # trainlint: ignore[no-rule]\n"})

    def rules(*options: str) -> set[str]:
        return {finding["rule"] for finding in trainlint("a.py", "--output-format=json", *options).findings}

    assert rules() == {"invalid-syntax", "unknown-rule"}
    assert rules("--select", "unknown-rule") == {"unknown-rule"}
    assert rules("--select", "output") == set()
    assert rules("--select", "output,file") == {"invalid-syntax", "unknown-rule"}
    assert rules("--select", "all", "--ignore", "unknown-rule") == {"invalid-syntax"}
    assert rules("--ignore", "file") == set()
    assert rules("--pedantic") == {"invalid-syntax", "unknown-rule"}


def test_bytes_that_are_no_text_and_a_notebook_that_is_no_json(project, trainlint):
    project({"a.py": b"import torch\nx = '\xff'\n", "b.py": b"import torch\nx = 1\0\n", "c.ipynb": "{"})
    run = trainlint(".", "--output-format=json")
    assert [(finding["rule"], finding["path"]) for finding in run.findings] == [
        ("invalid-syntax", "a.py"),
        ("invalid-syntax", "b.py"),
        ("invalid-syntax", "c.ipynb"),
    ]
    assert run.code == 1


def notebook(*cells: tuple[str, str]) -> str:
    made = [
        {"cell_type": kind, "metadata": {}, "source": text}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for kind, text in cells
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_notebook_is_named_by_its_cells(project, trainlint):
    cells = ("markdown", "# Title"), ("code", "import torch\n%matplotlib inline"), ("code", "\nfor x in")
    project({"a.ipynb": notebook(*cells)})
    assert trainlint("a.ipynb", *CONCISE).lines[0].startswith("a.ipynb:cell 3:2:")
    assert "\n --> a.ipynb:cell 3:2:" in trainlint("a.ipynb").out
    finding = trainlint("a.ipynb", "--output-format=json").findings[0]
    assert (finding["cell"], finding["start"]["line"], finding["end"]["line"]) == (3, 2, 2)


# Which files


def test_gitignore_and_exclude(project, trainlint):
    project({".gitignore": "made/\n", "made/a.py": BROKEN, "b.py": BROKEN, "old/c.py": BROKEN})

    def paths(*options: str) -> list[str]:
        return [line.partition(":")[0] for line in trainlint(*options, *CONCISE).lines]

    assert paths(".") == ["b.py", "old/c.py"]
    assert paths(".", "--no-gitignore") == ["b.py", "made/a.py", "old/c.py"]
    assert paths(".", "--exclude", "old") == ["b.py"]
    assert paths("old/c.py", "--exclude", "old") == ["old/c.py"]
    assert paths("old/c.py", "--exclude", "old", "--force-exclude") == []


def test_exclude_of_the_settings_is_relative_to_their_folder(project, trainlint):
    project(
        {
            "one/trainlint.toml": 'exclude = ["old/", "/x/b.py"]\n',
            "one/old/a.py": BROKEN,
            "one/x/b.py": BROKEN,
            "one/y/x/b.py": BROKEN,
            "two/old/a.py": BROKEN,
        }
    )
    left = ["one/y/x/b.py", "two/old/a.py"]
    assert [line.partition(":")[0] for line in trainlint(".", *CONCISE).lines] == left
    assert [line.partition(":")[0] for line in trainlint("one", "two", *CONCISE).lines] == left
    os.chdir("one/y")
    assert [line.partition(":")[0] for line in trainlint(".", *CONCISE).lines] == ["x/b.py"]
    assert trainlint("../x/b.py", "--force-exclude").out == ""


def test_stdin(project, trainlint):
    project({"trainlint.toml": 'per-file-ignores = {"tests/**" = ["invalid-syntax"]}\n'})
    run = trainlint("-", "--stdin-filename", "src/a.py", *CONCISE, stdin=BROKEN.encode())
    assert (run.code, run.lines) == (1, ["src/a.py:2:8: error[invalid-syntax] invalid syntax"])
    assert trainlint("-", "--stdin-filename", "tests/a.py", stdin=BROKEN.encode()).code == 0
    assert trainlint("-", *CONCISE, stdin=BROKEN.encode()).lines[0].startswith("-:2:8: ")
    assert trainlint("-", "a.py").code == 2


def test_stdin_of_an_excluded_file(project, trainlint):
    project({"trainlint.toml": 'exclude = ["old/"]\n'})
    options = "-", "--stdin-filename", "old/a.py"
    assert trainlint(*options, stdin=BROKEN.encode()).code == 1
    assert trainlint(*options, "--force-exclude", stdin=BROKEN.encode()).code == 0


def test_stdin_takes_the_place_of_the_file(project, trainlint):
    project({"a.py": BROKEN})
    assert trainlint("-", "--stdin-filename", "a.py", stdin=b"import torch\n").code == 0


# How much is said


def test_quiet(project, trainlint):
    project({"a.py": BROKEN})
    once, twice = trainlint("a.py", "-q", *CONCISE), trainlint("a.py", "-qq", *CONCISE)
    assert (once.code, len(once.lines), once.err) == (1, 1, "")
    assert (twice.code, twice.out, twice.err) == (1, "", "")
    assert "nowhere" in trainlint("nowhere", "-qq").err


def test_statistics(project, trainlint):
    project({"a.py": BROKEN, "b.py": BROKEN + "# trainlint: ignore[no-rule]\n"})
    run = trainlint(".", "--statistics")
    assert (run.code, run.lines) == (1, ["2 error[invalid-syntax]", "1 error[unknown-rule]"])
    assert json.loads(trainlint(".", "--statistics", "--output-format=json").out)["statistics"][0] == {
        "rule": "invalid-syntax",
        "severity": "error",
        "count": 2,
    }


def test_a_statement_over_the_limits_is_noted(project, trainlint):
    project({"a.py": "import torch\nx = " + "[" * 400 + "]" * 400 + "\n"})
    run = trainlint("a.py")
    assert run.code == 0
    assert "a.py:2: this statement is too large or too deep to be analysed" in run.err
    assert "too deep" not in trainlint("a.py", "-q").err


def test_an_exclude_that_is_no_pattern_is_a_usage_error(project, trainlint):
    project({"a.py": "x = 1\n"})
    run = trainlint(".", "--exclude", "!")
    assert run.code == 2
    assert "'!' is no pattern" in run.err
