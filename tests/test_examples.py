"""The examples: trainlint finds in them what their comments expect, and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.demo import ROOT, main
from tests.markers import Marker, differences, markers, stripped
from tests.picture import PICTURE, drawn, printed

FILES = sorted((ROOT / "examples").rglob("*.py"))


def test_they_are_as_their_comments_expect():
    assert main() == 0


def test_every_rule_about_a_run_has_one():
    from trainlint.rules.catalogue import catalogue

    shown = {marker.rule for path in FILES for marker in markers(path.name, path.read_text(encoding="utf-8"))}
    assert shown == {rule.name for rule in catalogue().values() if rule.group != "file"}


def test_the_picture_shows_what_is_printed():
    assert PICTURE.read_text(encoding="utf-8") == drawn(printed())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_they_are_python(path: Path):
    ast.parse(path.read_text(encoding="utf-8"))


def test_sound_ones_expect_nothing():
    for path in (ROOT / "examples" / "sound").rglob("*.py"):
        assert not list(markers(path.name, path.read_text(encoding="utf-8")))


def at(line: int, rule: str = "a-rule", message: str = "the message", related: tuple[int, ...] = ()) -> dict:
    places = [{"path": "a.py", "cell": None, "start": {"line": number}} for number in (line, *related)]
    return {"rule": rule, "message": message, **places[0], "related": places[1:]}


def test_markers_are_read():
    text = 'x  # expect: a-rule "part; of it"; b-rule\ny\nz  # why  # expect: c-rule\n'
    assert list(markers("a.py", text)) == [
        Marker("a.py", None, 1, "a-rule", "part; of it"),
        Marker("a.py", None, 1, "b-rule", ""),
        Marker("a.py", None, 3, "c-rule", ""),
    ]
    assert stripped(text) == "x\ny\nz  # why\n"


@pytest.mark.parametrize("text", ["# expect:", "# expect: A", '# expect: a "b', "# expect: a b"])
def test_a_marker_that_cannot_be_read_is_an_error(text):
    with pytest.raises(ValueError, match="cannot read the marker"):
        list(markers("a.py", text))


def test_differences_are_said():
    marker = Marker("a.py", None, 2, "a-rule", "mess")
    assert differences([at(2)], [marker]) == []
    assert differences([at(5, related=(2,))], [marker]) == []
    assert differences([], [marker]) == ['missing: a.py:2: a-rule "mess"']
    assert differences([at(2), at(3)], [marker]) == ["not expected: a.py:3: a-rule 'the message'"]
    assert len(differences([at(2, message="other")], [marker])) == 2
    assert len(differences([at(2, rule="b-rule")], [marker])) == 2
