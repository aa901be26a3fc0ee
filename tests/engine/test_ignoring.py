"""Ignore comments: which lines they work on, and when they are of no use."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reporters.samples import at, finding
from trainlint.engine.ignoring import Ignoring
from trainlint.model import Note
from trainlint.source.sources import Sources

TRAIN = "import torch\nfrom models import net\n\nloss = criterion(\n    net(x),\n    y,\n)\n"
MODELS = "def net(x):\n    x = body(x)\n    return relu(x)\n"


def silences(train: str = TRAIN, models: str = MODELS, rule: str = "relu-before-regression") -> bool:
    """Whether a finding at `net(x)` in train.py, with a note at `relu(x)` in models.py, is silenced."""
    files = Sources(Path("/nowhere"), {"train.py": train.encode(), "models.py": models.encode()})
    made = finding(at(files, "train.py", "net(x)"), Note(at(files, "models.py", "relu(x)"), "the last step"), rule=rule)
    return Ignoring(files).silences(made)


COMMENT = "  # trainlint: ignore[relu-before-regression] why"


def test_without_a_comment_nothing_is():
    assert not silences()


@pytest.mark.parametrize(
    ("line", "works"),
    [("import torch", False), ("    net(x),", True), ("from models import net", False)],
)
def test_a_comment_works_on_the_primary_line(line, works):
    assert silences(TRAIN.replace(line, line + COMMENT)) == works


def test_a_comment_alone_works_on_the_statement_below():
    assert silences(TRAIN.replace("loss =", COMMENT.strip() + "\nloss ="))
    assert not silences(TRAIN.replace("from", COMMENT.strip() + "\nfrom"))


def test_a_comment_works_on_a_related_line_in_another_file():
    assert silences(models=MODELS.replace("relu(x)", "relu(x)" + COMMENT))
    assert not silences(models=MODELS.replace("body(x)", "body(x)" + COMMENT))


def test_a_comment_names_its_rules():
    assert not silences(TRAIN.replace("net(x),", "net(x),  # trainlint: ignore[unknown-rule]"))
    assert silences(TRAIN.replace("net(x),", "net(x),  # trainlint: ignore[unknown-rule, relu-before-regression]"))


def test_a_comment_for_the_whole_file_works_in_each_file_with_a_labelled_line():
    comment = "# trainlint: ignore-file[relu-before-regression]\n"
    assert silences(comment + TRAIN)
    assert silences(models=comment + MODELS)
    assert silences(models=MODELS + comment)


# Through the command

UNUSED = "import torch\nx = 1  # trainlint: ignore[relu-before-regression] once\n"


def found(run) -> list[tuple[str, int, str]]:
    return [(one["rule"], one["start"]["line"], one["message"]) for one in run.findings]


def test_an_unused_comment_is_found(project, trainlint):
    project({"a.py": UNUSED})
    run = trainlint(".", "--output-format", "json")
    assert found(run) == [("unused-ignore", 2, "`relu-before-regression` reports nothing here")]
    assert run.code == 1


def test_only_if_the_paths_cover_the_root_of_the_settings(project, trainlint):
    project({"pyproject.toml": "[tool.trainlint]\n", "src/a.py": UNUSED})
    assert found(trainlint("src", "--output-format", "json")) == []
    assert found(trainlint("src/a.py", "--output-format", "json")) == []
    assert len(found(trainlint(".", "--output-format", "json"))) == 1


def test_only_if_the_rule_was_on(project, trainlint):
    project({"a.py": UNUSED})
    assert found(trainlint(".", "--output-format", "json", "--ignore", "relu-before-regression")) == []
    assert found(trainlint(".", "--output-format", "json", "--ignore", "unused-ignore")) == []
    assert found(trainlint(".", "--output-format", "json", "--select", "unused-ignore")) == []


def test_only_in_files_that_are_analysed(project, trainlint):
    project({"a.py": UNUSED.replace("import torch", "")})
    assert found(trainlint(".", "--output-format", "json")) == []


def test_not_after_a_failure(project, trainlint):
    project({"a.py": UNUSED, "b/trainlint.toml": "x = 1", "b/b.py": "import torch\n"})
    run = trainlint(".", "--output-format", "json")
    assert (run.code, found(run)) == (2, [])


def test_a_used_comment_is_not_found(project, trainlint):
    project({"a.py": "import torch\nfor x in  # trainlint: ignore[invalid-syntax] on purpose\n"})
    run = trainlint(".", "--output-format", "json")
    assert (run.code, found(run)) == (0, [])


def test_each_name_is_judged_by_itself(project, trainlint):
    comment = "# trainlint: ignore[invalid-syntax, unknown-rule, relu-before-regression] on purpose"
    project({"a.py": f"import torch\nfor x in  {comment}\n"})
    assert [message for _, _, message in found(trainlint(".", "--output-format", "json"))] == [
        "`unknown-rule` reports nothing here",
        "`relu-before-regression` reports nothing here",
    ]


def test_unused_can_be_ignored_too(project, trainlint):
    project({"a.py": UNUSED.replace("[", "[unused-ignore, ")})
    assert found(trainlint(".", "--output-format", "json")) == []


def test_an_unknown_rule_is_found_wherever_it_is_named(project, trainlint):
    project({"a.py": "x = 1  # trainlint: ignore[relu-before-regresion, zzz]\n"})
    run = trainlint("a.py", "--output-format", "json")
    assert found(run) == [
        ("unknown-rule", 1, "there is no rule `relu-before-regresion`; did you mean `relu-before-regression`?"),
        ("unknown-rule", 1, "there is no rule `zzz`"),
    ]
    assert run.findings[0]["start"]["column"] == 28


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = 1  # trainlint: ignore[unknown-rule] why\ny = 2\n", "x = 1\ny = 2\n"),
        ("# trainlint: ignore[unknown-rule]\ny = 2\n", "y = 2\n"),
        ("if x:\n    # trainlint: ignore[unknown-rule] why\n    y = 2\n", "if x:\n    y = 2\n"),
        ("x = 1  # trainlint: ignore[unknown-rule]", "x = 1"),
    ],
)
def test_the_fix_takes_the_comment_away(project, trainlint, before, after):
    project({"a.py": "import torch\n" + before})
    (finding,) = trainlint(".", "--output-format", "json").findings
    (fix,) = finding["fixes"]
    (edit,) = fix["edits"]
    assert fix["safety"] == "safe"
    assert applied("import torch\n" + before, edit) == "import torch\n" + after


def test_the_fix_takes_one_name_away(project, trainlint):
    text = "import torch\nfor x in # trainlint: ignore[unknown-rule, invalid-syntax, relu-before-regression]\n"
    project({"a.py": text})
    edits = [finding["fixes"][0]["edits"][0] for finding in trainlint(".", "--output-format", "json").findings]
    assert [applied(text, edit).partition("ignore")[2] for edit in edits] == [
        "[invalid-syntax, relu-before-regression]\n",
        "[unknown-rule, invalid-syntax]\n",
    ]


def applied(text: str, edit: dict) -> str:
    lines = text.splitlines(keepends=True)

    def offset(at: dict) -> int:
        return sum(map(len, lines[: at["line"] - 1])) + at["column"] - 1

    return text[: offset(edit["start"])] + edit["content"] + text[offset(edit["end"]) :]
