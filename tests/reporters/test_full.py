"""`full`: excerpts with labels, as they are drawn."""

from __future__ import annotations

from textwrap import dedent

from tests.reporters.samples import at, finding, report, sources
from trainlint.model import Confidence, Edit, Fix, Note, Safety, Severity
from trainlint.reporters.full import render

URL = "https://github.com/trainlint/trainlint/blob/main/trainlint/rules/output/relu_before_regression.md"


def frame(text: str) -> str:
    return dedent(text).strip("\n").replace("URL", URL) + "\n\n"


def test_several_places_across_files():
    files = sources(
        train="from models import Net\n\nnet = Net()\ncriterion = MSELoss()\nx = 1\n\n\nloss = criterion(net(x), y)\n",
        models="class Net:\n    def forward(self, x):\n        x = self.out(x)\n        return relu(x)\n",
    )
    made = finding(
        at(files, "train.py", "net(x)"),
        Note(at(files, "models.py", "relu(x)"), "the last step is ReLU"),
        Note(at(files, "models.py", "self.out(x)"), "its input comes from here"),
        Note(at(files, "train.py", "MSELoss()"), "the loss is made here"),
        Note(at(files, "train.py", "criterion", 1), "and applied here"),
    )
    assert render(report(files, made), files) == frame("""
        warning[relu-before-regression]: the output is [0, inf)
         --> train.py:8:18
          |
        4 | criterion = MSELoss()
          |             --------- the loss is made here
        ...
        8 | loss = criterion(net(x), y)
          |        --------- and applied here
          |                  ^^^^^^
          |
         ::: models.py:4:16
          |
        3 |         x = self.out(x)
          |             ----------- its input comes from here
        4 |         return relu(x)
          |                ------- the last step is ReLU
          |
          = help: URL
        """)


def test_one_line_between_two_places_is_shown():
    files = sources(a="a = 1\nb = 2\nc = 3\n")
    made = finding(at(files, "a.py", "c"), Note(at(files, "a.py", "a"), "here"))
    assert "1 | a = 1\n  | - here\n2 | b = 2\n3 | c = 3\n  | ^\n" in render(report(files, made), files)


def test_a_note_at_the_primary_place_is_its_label():
    files = sources(a="loss(x)\n")
    place = at(files, "a.py", "x")
    text = render(report(files, finding(place, Note(place, "in [0, 1]"))), files)
    assert "1 | loss(x)\n  |      ^ in [0, 1]\n  |\n" in text


def test_confidence_and_fixes_are_said():
    files = sources(a="loss(relu(x))\n")
    place = at(files, "a.py", "relu(x)")
    made = finding(
        place,
        confidence=Confidence.MEDIUM,
        severity=Severity.ERROR,
        fixes=(Fix("Remove the ReLU", Safety.UNSAFE, (Edit(place, "x"),)), Fix("Say so", Safety.SAFE, ())),
    )
    assert render(report(files, made), files) == frame("""
        error[relu-before-regression]: the output is [0, inf)
         --> a.py:1:6
          |
        1 | loss(relu(x))
          |      ^^^^^^^
          |
          = confidence: medium
          = fix: Remove the ReLU (unsafe)
          = fix: Say so
          = help: URL
        """)


def test_places_over_several_lines():
    files = sources(a="loss(\n    model(\n        x,\n\n    )\n)\n")
    made = finding(at(files, "a.py", "model(\n        x,\n\n    )"))
    assert render(report(files, made), files) == frame("""
        warning[relu-before-regression]: the output is [0, inf)
         --> a.py:2:5
          |
        2 |     model(
          |     ^^^^^^
        3 |         x,
          |         ^^
        4 |
        5 |     )
          |     ^
          |
          = help: URL
        """)


def test_long_places_show_their_ends():
    files = sources(a="loss([\n" + "    1,\n" * 8 + "])\n")
    source = files.get("a.py")
    made = finding(at(files, "a.py", source.original.decode()[5:-2]))
    text = render(report(files, made), files)
    assert "1 | loss([\n   |      ^\n...\n10 | ])\n   | ^\n" in text.replace(" 1 |", "1 |")


def test_wide_characters_and_tabs_are_aligned():
    files = sources(a="\tlabel = '日本', e\u0301, x\n")
    made = finding(at(files, "a.py", "x"))
    assert f"1 |     label = '日本', e\u0301, x\n  |{' ' * 24}^\n" in render(report(files, made), files)


def test_the_column_counts_code_points():
    files = sources(a="日本 = x\n")
    assert " --> a.py:1:6\n" in render(report(files, finding(at(files, "a.py", "x"))), files)


def test_long_lines_are_cut_around_the_place():
    files = sources(a="x = [" + "1, " * 200 + "here, " + "2, " * 200 + "]\n")
    lines = render(report(files, finding(at(files, "a.py", "here"))), files, width=80).split("\n")
    line, marks = lines[3], lines[4]
    assert len(line) == 80
    assert line.startswith("1 | ...")
    assert line.endswith("...")
    assert marks.index("^^^^") == line.index("here")


def test_the_end_of_a_long_line_is_not_cut():
    files = sources(a="x = [" + "1, " * 200 + "here]\n")
    lines = render(report(files, finding(at(files, "a.py", "here"))), files, width=80).split("\n")
    assert lines[3].endswith("1, here]")
    assert len(lines[3]) == 80


def test_a_place_that_is_longer_than_the_window():
    files = sources(a="loss(" + "x" * 500 + ")\n")
    lines = render(report(files, finding(at(files, "a.py", "x" * 500))), files, width=80).split("\n")
    assert lines[3] == "1 | loss(" + "x" * 68 + "..."
    assert lines[4] == "  |      " + "^" * 68


def test_what_a_terminal_would_obey_is_not_printed():
    files = sources(a="x = '\x1b[31m\u202e'\n")
    made = finding(at(files, "a.py", "x"), message="a\x1bb\nc")
    text = render(report(files, made), files)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "a\ufffdb\ufffdc" in text


def test_empty_places_and_the_end_of_the_file_have_a_mark():
    files = sources(a="x = (\n", b="")
    end = at(files, "a.py", "\n")
    assert "1 | x = (\n  |      ^\n" in render(report(files, finding(end)), files)
    assert "1 |\n  | ^\n" in render(report(files, finding(at(files, "b.py", ""))), files)


def test_colours_change_nothing_else():
    import re

    files = sources(a="a = 1\nb = 2\n\n\nc = 3\n")
    made = finding(at(files, "a.py", "c"), Note(at(files, "a.py", "a"), "here"))
    plain, coloured = (render(report(files, made), files, colour=colour) for colour in (False, True))
    assert plain != coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_nothing_is_nothing():
    assert render(report(sources()), sources()) == ""
