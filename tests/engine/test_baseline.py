"""The baseline's file: what it accepts, how it is written, read and merged."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.engine.baseline import Baseline, BaselineError, Entry, parsed, read, write, written
from trainlint.settings import SettingsError

ENTRIES = [Entry("b.py", "missing-step", "2"), Entry("a.py", "missing-step", "1"), Entry("ü\udcff.py", "x", "3")]


def test_the_exact_text():
    assert written(ENTRIES[:2]) == (
        "{\n"
        '  "version": 1,\n'
        '  "findings": [\n'
        '    {"path": "a.py", "rule": "missing-step", "fingerprint": "1"},\n'
        '    {"path": "b.py", "rule": "missing-step", "fingerprint": "2"}\n'
        "  ]\n"
        "}\n"
    )
    assert json.loads(written([])) == {"version": 1, "findings": []}


@given(st.sets(st.builds(Entry, *[st.text(st.characters(exclude_categories=["Cs"]))] * 3)))
def test_what_is_written_is_read(entries):
    text = written(entries)
    assert parsed(text) == entries
    assert text.count("\n") == (len(entries) + 5 if entries else 4)


def test_a_file_is_replaced_at_once_and_keeps_its_mode(tmp_path):
    file = tmp_path / "baseline.json"
    write(file, ENTRIES)
    assert read(file, "it").entries == set(ENTRIES)
    file.chmod(0o640)
    write(file, [])
    assert read(file, "it").entries == set()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["baseline.json"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.json").write_text(written([]))
    (tmp_path / "link.json").symlink_to("real.json")
    write(tmp_path / "link.json", ENTRIES)
    assert (tmp_path / "link.json").is_symlink()
    assert read(tmp_path / "real.json", "it").entries == set(ENTRIES)


# What it accepts


def accepted(folder: Path, entries: list[Entry], *found: Entry) -> list[Entry]:
    return sorted(Baseline(folder / "baseline.json", frozenset(entries)).matched(found))


def test_the_same_file(tmp_path):
    known, other = Entry("a.py", "r", "1"), Entry("a.py", "r", "2")
    assert accepted(tmp_path, [known], known, other) == [known]
    assert accepted(tmp_path, [known], Entry("a.py", "s", "1")) == []


def test_a_renamed_file_and_a_copy(tmp_path):
    known, now, copy = (Entry(f"{name}.py", "r", "1") for name in "abc")
    assert accepted(tmp_path, [known], now) == [now]
    assert accepted(tmp_path, [known], now, copy) == [now], "one entry is for one finding"
    (tmp_path / "a.py").touch()
    assert accepted(tmp_path, [known], now) == []
    assert accepted(tmp_path, [known], known, copy) == [known]


def test_paths_are_relative_to_the_baseline(tmp_path):
    baseline = Baseline(tmp_path / "lint/baseline.json")
    assert baseline.entry(tmp_path / "src/a.py", "r", "1") == Entry("../src/a.py", "r", "1")


# What cannot be read


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not valid JSON at line 1"),
        ("{\n\n!", "not valid JSON at line 3"),
        ("[" * 100_000, "not valid JSON"),
        ("[]", "does not say its version"),
        ('{"findings": []}', "does not say its version"),
        ('{"version": "1", "findings": []}', "does not say its version"),
        ('{"version": true, "findings": []}', "does not say its version"),
        ('{"version": 0, "findings": []}', "does not say its version"),
        ('{"version": 2, "entries": {}}', "it has version 2, and this trainlint reads up to 1: a newer trainlint wrote it"),
        ('{"version": 1}', "no list of path, rule and fingerprint"),
        ('{"version": 1, "findings": 1}', "no list of path, rule and fingerprint"),
        ('{"version": 1, "findings": [{"path": "a"}]}', "no list of path, rule and fingerprint"),
        ('{"version": 1, "findings": [{"path": 1, "rule": "r", "fingerprint": "f"}]}', "no list of path"),
        ("{\n<<<<<<< ours\n=======\n>>>>>>> theirs\n", "conflict markers"),
    ],
)  # fmt: skip
def test_what_is_no_baseline(text, complaint):
    with pytest.raises(BaselineError) as raised:
        parsed(text)
    assert complaint in str(raised.value)


def test_a_baseline_that_is_not_there(tmp_path):
    with pytest.raises(SettingsError, match="shown: there is no such baseline"):
        read(tmp_path / "nowhere", "shown")
    with pytest.raises(SettingsError, match="shown: cannot be read: "):
        read(tmp_path, "shown")


def test_a_change_is_seen(tmp_path):
    file = tmp_path / "baseline.json"
    write(file, ENTRIES[:1])
    assert read(file, "it").entries == set(ENTRIES[:1])
    write(file, ENTRIES)
    assert read(file, "it").entries == set(ENTRIES)


# Merges


def merged(folder: Path, base: list[Entry], ours: list[Entry], theirs: list[Entry], *options: str) -> tuple[int, str]:
    """What git makes of two changed versions."""
    for name, entries in (("base", base), ("ours", ours), ("theirs", theirs)):
        write(folder / name, entries)
    run = subprocess.run(
        ["git", "merge-file", "-p", *options, "ours", "base", "theirs"], cwd=folder, stdout=subprocess.PIPE
    )
    return run.returncode, run.stdout.decode()


def test_changes_apart_from_each_other_merge(tmp_path):
    base = [Entry(f"{number}.py", "r", "f") for number in range(1, 9)]
    early, late = Entry("0.py", "r", "f"), Entry("7a.py", "r", "f")
    code, text = merged(tmp_path, base, [early, *base], [*base[:3], *base[4:], late])
    assert code == 0
    assert parsed(text) == {early, *base[:3], *base[4:], late}
    assert text == written(parsed(text))


@pytest.mark.parametrize("base", [[], [Entry("b.py", "r", "f")], [Entry("b.py", "r", "f"), Entry("d.py", "r", "f")]])
def test_a_union_of_lines_is_a_union_of_entries(tmp_path, base):
    ours, theirs = ([*base, Entry(name, "r", "f")] for name in ("e.py", "f.py"))
    code, text = merged(tmp_path, base, ours, theirs, "--union")
    assert code == 0
    assert parsed(text) == {*ours, *theirs}
    code, text = merged(tmp_path, base, ours, theirs)
    with pytest.raises(BaselineError, match="conflict markers"):
        parsed(text)
