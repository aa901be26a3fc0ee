"""`trainlint baseline` and `--baseline`: old mistakes are accepted, new ones are not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import visible

FILE = "trainlint-baseline.json"
SETTINGS = f'baseline = "{FILE}"\n'
BROKEN = "import torch\nfor x in\n"
WORSE = BROKEN + "for y in\n"
CONCISE = ("--output-format", "concise")


def entries(file: str = FILE) -> list[tuple[str, str]]:
    return [(entry["path"], entry["rule"]) for entry in json.loads(Path(file).read_text())["findings"]]


def test_only_new_findings_are_reported(project, trainlint):
    project({"a.py": BROKEN, "trainlint.toml": SETTINGS, FILE: '{"version": 1, "findings": []}'})
    assert trainlint().code == 1
    run = trainlint("baseline")
    assert (run.code, run.out) == (0, "")
    assert run.err == f"trainlint: note: {FILE}: 1 accepted finding (1 new)\n"
    run = trainlint()
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith("No new problems in 1 file in ") and run.err.endswith("; 1 in the baseline\n")
    Path("a.py").write_text("# moved\n" + WORSE)
    run = trainlint(*CONCISE)
    assert (run.code, run.lines) == (1, ["a.py:4:8: error[invalid-syntax] invalid syntax"])
    assert run.err == "Found 1 problem (1 error) in 1 file; 1 in the baseline\n"


def test_without_a_setting_it_says_how_to_use_it(project, trainlint):
    project({"src/a.py": BROKEN, "pyproject.toml": ""})
    os.chdir("src")
    run = trainlint("baseline")
    assert (run.code, entries(f"../{FILE}")) == (0, [("src/a.py", "invalid-syntax")])
    assert f'to use it, say `baseline = "{FILE}"` in the settings' in run.err
    assert trainlint().code == 1
    assert trainlint("--baseline", f"../{FILE}").code == 0
    os.chdir("..")
    assert trainlint("--baseline", FILE).code == 0
    assert trainlint(f"--config=baseline={FILE}").code == 2  # a dot needs quotes
    assert trainlint(f'--config=baseline="{FILE}"').code == 0


def test_the_option_names_another_file(project, trainlint):
    project({"a.py": BROKEN, "trainlint.toml": 'baseline = "no.json"\n'})
    assert trainlint("baseline", "--baseline", "other.json").code == 0
    assert entries("other.json") == [("a.py", "invalid-syntax")]
    assert trainlint("--baseline", "other.json").code == 0
    assert not Path("no.json").exists()


def test_each_project_has_its_own(project, trainlint):
    project(
        {f"{name}/{file}": text for name in "ab" for file, text in {"x.py": BROKEN, "trainlint.toml": SETTINGS}.items()}
    )
    assert trainlint("baseline").code == 0
    assert entries(f"a/{FILE}") == entries(f"b/{FILE}") == [("x.py", "invalid-syntax")]
    assert trainlint().code == 0
    Path("b/x.py").write_text(WORSE)
    assert [line.partition(":")[0] for line in trainlint(*CONCISE).lines] == ["b/x.py"]


def test_a_renamed_file_keeps_its_entries(project, trainlint):
    project({"a.py": BROKEN, "trainlint.toml": SETTINGS})
    trainlint("baseline")
    os.rename("a.py", "b.py")
    assert trainlint().code == 0
    assert trainlint("b.py").code == 0
    assert "note" not in trainlint().err
    Path("c.py").write_text(BROKEN)
    assert [line.partition(":")[0] for line in trainlint(*CONCISE).lines] == ["c.py"]
    os.remove("c.py")
    assert f"{FILE}: 1 accepted finding (1 moved)" in trainlint("baseline").err
    assert entries() == [("b.py", "invalid-syntax")]


def test_stale_entries_are_reported_and_dropped(project, trainlint):
    project({"a.py": BROKEN, "b.py": BROKEN, "trainlint.toml": SETTINGS})
    trainlint("baseline")
    Path("a.py").write_text("import torch\n")
    note = f"{FILE} accepts what is no longer found (`trainlint baseline` drops it): a.py: invalid-syntax"
    run = trainlint()
    assert (run.code, note in run.err) == (0, True)
    assert note not in trainlint("a.py").err, "only a check of everything can know"
    assert note not in trainlint("--select", "missing-step").err, "nor if the rule was off"
    assert note in trainlint("--min-confidence", "low").err
    assert note not in trainlint("-q").err
    os.remove("a.py")
    assert note in trainlint().err
    assert f"{FILE}: 1 accepted finding (1 dropped)" in trainlint("baseline").err
    assert "note" not in trainlint().err
    assert f"{FILE}: 1 accepted finding (nothing new)" in trainlint("baseline").err


def test_entries_of_what_was_not_checked_stay(project, trainlint):
    project({"a.py": BROKEN, "b.py": BROKEN, "trainlint.toml": SETTINGS})
    trainlint("baseline")
    Path("a.py").write_text("import torch\n")
    Path("b.py").write_text(WORSE)
    trainlint("baseline", "b.py")
    assert len(entries()) == 3
    trainlint("baseline", "--select", "missing-step")
    assert len(entries()) == 3, "of a rule that was off nothing is known"
    trainlint("baseline")
    assert entries() == [("b.py", "invalid-syntax")] * 2


def test_an_entry_of_an_unknown_rule_is_stale(project, trainlint):
    entry = {"path": "a.py", "rule": "no-such-rule", "fingerprint": "1"}
    project(
        {"a.py": "import torch\n", "trainlint.toml": SETTINGS, FILE: json.dumps({"version": 1, "findings": [entry]})}
    )
    assert "a.py: no-such-rule" in trainlint().err
    trainlint("baseline")
    assert entries() == []


def test_comments_that_silence_are_not_needed_and_unused_ones_are_accepted(project, trainlint):
    silenced = "import torch\nfor x in  # trainlint: ignore[invalid-syntax] why\n"
    unused = "import torch\nx = 1  # trainlint: ignore[invalid-syntax] why\n"
    project({"a.py": silenced, "b.py": unused, "trainlint.toml": SETTINGS})
    trainlint("baseline")
    assert entries() == [("b.py", "unused-ignore")]
    assert trainlint().code == 0


NEWER = '{"version": 2, "findings": []}'


@pytest.mark.parametrize("text", [NEWER, "{", "\xff", '{"version": 1, "findings": [1]}'])
def test_a_baseline_that_cannot_be_read_is_two_and_is_left_alone(project, trainlint, text):
    project(
        {"one/a.py": BROKEN, "one/trainlint.toml": SETTINGS, f"one/{FILE}": text.encode("latin-1"), "two/b.py": BROKEN}
    )
    run = trainlint(*CONCISE)
    assert (run.code, [line.partition(":")[0] for line in run.lines]) == (2, ["two/b.py"])
    complaints = [line for line in run.err.splitlines() if "error" in line and "Found" not in line]
    assert len(complaints) == 1
    assert complaints[0].startswith(f"trainlint: error: one/{FILE}: cannot be used as a baseline: it")
    run = trainlint("baseline", "one")
    assert (run.code, f"one/{FILE}: cannot be used" in run.err) == (2, True)
    assert Path(f"one/{FILE}").read_bytes() == text.encode("latin-1")


def test_a_newer_one_is_said_to_be_newer(project, trainlint):
    project({"a.py": BROKEN, FILE: NEWER})
    assert "a newer trainlint wrote it" in trainlint("--baseline", FILE).err


def test_one_that_is_not_there_is_two(project, trainlint):
    project({"a.py": BROKEN})
    run = trainlint("--baseline", "nowhere.json")
    assert (run.code, run.out) == (2, "")
    assert "nowhere.json: there is no such baseline; `trainlint baseline` writes one" in run.err


def test_what_goes_wrong_while_it_is_made_is_two(project, trainlint):
    project({"a.py": BROKEN, "trainlint.toml": SETTINGS})
    run = trainlint("baseline", "nowhere", ".")
    assert (run.code, entries()) == (2, [("a.py", "invalid-syntax")])
    assert "nowhere: no such file or folder" in run.err
    run = trainlint("baseline", "--baseline", "no/where.json")
    assert (run.code, "no/where.json: cannot be written: " in run.err) == (2, True)
    assert trainlint("baseline", "--select", "no-rule").code == 2


def test_with_nothing_to_check_nothing_is_written(project, trainlint):
    root = project()
    run = trainlint("baseline")
    assert (run.code, visible(root)) == (0, [])
    assert "nothing was written" in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits")
def test_on_a_full_disk_the_old_one_stays(project):
    old = '{"version": 1, "findings": []}'
    root = project({"a.py": BROKEN, "trainlint.toml": SETTINGS, FILE: old})
    command = f"ulimit -f 0; {sys.executable} -m trainlint baseline"
    run = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert run.returncode == 2
    assert f"trainlint: error: {FILE}: cannot be written: " in run.stderr
    assert visible(root) == sorted(["a.py", "trainlint.toml", FILE])
    assert Path(FILE).read_text() == old
