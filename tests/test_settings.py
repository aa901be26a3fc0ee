"""Settings: which file holds, what it may say, and how it complains."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainlint.model import Confidence, Severity
from trainlint.settings import Option, Settings, SettingsError, SettingsFiles, Vocabulary, nearest, read_layer
from trainlint.settings.lines import line_of

VOCABULARY = Vocabulary(
    rules=frozenset({"learning-rate-too-high", "missing-dropout", "unknown-rule"}),
    groups=frozenset({"optimizer"}),
    options={
        "learning-rate-too-high": {
            "factor": Option(type="number", default=1.0, minimum=0, maximum=10, help="multiplies the bound"),
            "except": Option(type="strings", default=(), help="optimizers"),
            "count": Option(type="integer", default=1, help="how many"),
            "strict": Option(type="boolean", default=False, help="whether"),
            "kind": Option(type="string", default="a", choices=("a", "b"), help="which"),
        }
    },
)


def settings(folder: Path, **options: object) -> Settings:
    return SettingsFiles(VOCABULARY, cwd=folder, **options).at(folder)  # type: ignore[arg-type]


def problems(folder: Path, **options: object) -> list[str]:
    with pytest.raises(SettingsError) as raised:
        settings(folder, **options)
    return list(raised.value.problems)


# Which file


def test_without_a_file_the_defaults_hold(tmp_path):
    found = settings(tmp_path)
    assert found == Settings(root=tmp_path)
    assert (found.fail_on, found.min_confidence) == (Severity.WARNING, Confidence.MEDIUM)
    assert found.output_format == "full"


def test_the_nearest_file_holds(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.trainlint]\npedantic = true\n")
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/trainlint.toml").write_text('fail-on = "info"\n')
    files = SettingsFiles(VOCABULARY, cwd=tmp_path)
    above, inside, below = (files.at(tmp_path / name) for name in (".", "a", "a/b"))
    assert (above.pedantic, above.fail_on, above.root) == (True, Severity.WARNING, tmp_path)
    assert inside == below
    assert (inside.pedantic, inside.fail_on, inside.root) == (False, Severity.INFO, tmp_path / "a")


def test_a_project_file_that_says_nothing_of_us_is_passed_over(tmp_path):
    (tmp_path / "trainlint.toml").write_text("pedantic = true\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "a/pyproject.toml").write_text("[project]\nname = 'uses-trainlint'\n")
    assert settings(tmp_path / "a").pedantic


def test_a_project_file_that_is_no_toml_is_passed_over_unless_it_is_about_us(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[project\n")
    assert settings(tmp_path).file is None
    (tmp_path / "pyproject.toml").write_text("[tool.trainlint]\nselect = [\n")
    assert problems(tmp_path)[0].startswith("pyproject.toml:")


def test_two_files_in_one_folder_are_an_error(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.trainlint]\n")
    (tmp_path / "trainlint.toml").write_text("")
    assert problems(tmp_path) == [
        "trainlint.toml: both trainlint.toml and [tool.trainlint] in pyproject.toml of one folder; keep one"
    ]


def test_without_a_file_the_root_is_that_of_the_project(tmp_path):
    (tmp_path / "project/.git").mkdir(parents=True)
    (tmp_path / "project/src").mkdir()
    files = SettingsFiles(VOCABULARY, cwd=tmp_path)
    assert files.at(tmp_path / "project/src").root == tmp_path / "project"
    assert files.at(tmp_path).root == tmp_path


def test_isolated_reads_no_file(tmp_path):
    (tmp_path / "trainlint.toml").write_text("nonsense\n")
    assert settings(tmp_path, isolated=True) == Settings(root=tmp_path)


def test_an_explicit_file_holds_everywhere(tmp_path):
    (tmp_path / "trainlint.toml").write_text("nonsense\n")
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci/strict.toml").write_text('fail-on = "info"\nknowledge = ["losses.yaml"]\nexclude = ["a"]\n')
    found = settings(tmp_path, explicit=tmp_path / "ci/strict.toml")
    assert found.fail_on is Severity.INFO
    assert found.knowledge == (str(tmp_path / "ci/losses.yaml"),)
    assert found.root == tmp_path


# What a file may say


def test_every_key(tmp_path):
    (tmp_path / "trainlint.toml").write_text("""
fail-on = "never"
min-confidence = "low"
select = ["all"]
ignore = ["missing-dropout", "optimizer"]
pedantic = true
exclude = ["old/"]
baseline = "known.tsv"
knowledge = ["lint/losses.yaml"]
output-format = "json"
[severity]
missing-dropout = "warning"
[options.learning-rate-too-high]
factor = 2
except = ["SGD"]
[per-file-ignores]
"tests/**" = ["learning-rate-too-high"]
""")
    assert settings(tmp_path) == Settings(
        root=tmp_path,
        file=tmp_path / "trainlint.toml",
        select=("all",),
        ignore=("missing-dropout", "optimizer"),
        pedantic=True,
        severity={"missing-dropout": Severity.WARNING},
        options={"learning-rate-too-high": {"factor": 2, "except": ["SGD"]}},
        per_file_ignores={"tests/**": ("learning-rate-too-high",)},
        exclude=("old/",),
        fail_on=None,
        min_confidence=Confidence.LOW,
        baseline=str(tmp_path / "known.tsv"),
        knowledge=(str(tmp_path / "lint/losses.yaml"),),
        output_format="json",
    )


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path):
    (tmp_path / "trainlint.toml").write_bytes(b'\xef\xbb\xbfpedantic = true\r\nfail-on = "info"\r\n')
    assert settings(tmp_path).pedantic


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("\nfial-on = 1", ":2: there is no setting `fial-on`; did you mean `fail-on`?"),
        ("zzz = 1", ":1: there is no setting `zzz`"),
        ("pedantic = 1", ":1: `pedantic` must be true or false"),
        ('select = "all"', ":1: `select` must be a list of strings"),
        ("exclude = [1]", ":1: `exclude` must be a list of strings"),
        ('exclude = [\n  "a",\n  "!",\n]', ":3: `!` is no pattern"),
        ('[per-file-ignores]\n"!" = ["missing-dropout"]', ":2: `!` is no pattern"),
        ("baseline = 1", ":1: `baseline` must be a string"),
        ("severity = 1", ":1: `severity` must be a table"),
        ('fail-on = "warn"', ":1: `fail-on` must be one of error, warning, info, never; did you mean `warning`?"),
        ("min-confidence = 1", ":1: `min-confidence` must be one of high, medium, low"),
        ('select = [\n  "all",\n  "optimiser",\n]', ":3: there is no rule, group or tag `optimiser`; did you mean `optimizer`?"),
        ('x = 1\n[severity]\nmissing-dropuot = "info"', ":3: there is no rule `missing-dropuot`; did you mean `missing-dropout`?"),
        ('[severity]\n\nmissing-dropout = "bad"', ":3: `severity.missing-dropout` must be one of error, warning, info"),
        ('severity = {unknown-rule = "info", missing = "info"}', "there is no rule `missing`"),
        ('severity.missing-dropout = 1', ":1: `severity.missing-dropout` must be one of"),
        ("[options.missing]\na = 1", ":1: there is no rule `missing`"),
        ("[options.missing-dropout]\na = 1", ":2: rule `missing-dropout` has no option `a`"),
        ("[options.learning-rate-too-high]\n\nfaktor = 1", ":3: rule `learning-rate-too-high` has no option `faktor`; did you mean `factor`?"),
        ("[options]\nlearning-rate-too-high.factor = -1", ":2: `options.learning-rate-too-high.factor` must be at least 0"),
        ("[options]\nlearning-rate-too-high = {factor = 11}", ":2: `options.learning-rate-too-high.factor` must be at most 10"),
        ("[options.learning-rate-too-high]\nfactor = nan", ":2: `options.learning-rate-too-high.factor` must be a number"),
        ("[options.learning-rate-too-high]\nfactor = true", "must be a number"),
        ("[options.learning-rate-too-high]\ncount = 1.5", "must be an integer"),
        ("[options.learning-rate-too-high]\nstrict = 1", "must be a boolean"),
        ("[options.learning-rate-too-high]\nkind = 'c'", "must be one of a, b"),
        ("[options.learning-rate-too-high]\nexcept = 'c'", "must be a list of strings"),
        ('[per-file-ignores]\n"a b.py" = ["x"]', ":2: there is no rule, group or tag `x`"),
        ("a = \n", ":1:5: Invalid value"),
        ("a = [", ": Invalid value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_line(tmp_path, text, complaint):
    (tmp_path / "trainlint.toml").write_text(text)
    found = problems(tmp_path)
    assert any(problem.startswith("trainlint.toml") and complaint in problem for problem in found), found


def test_lines_in_a_project_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.ruff]\nselect = ["x"]\n\n[tool.trainlint]\nselect = ["x"]\n[tool.trainlint.severity]\n"b" = "info"\n'
    )
    assert [problem.partition(": ")[0] for problem in problems(tmp_path)] == ["pyproject.toml:5", "pyproject.toml:7"]


def test_all_problems_are_said_at_once(tmp_path):
    (tmp_path / "trainlint.toml").write_text("a = 1\nb = 2\n")
    assert len(problems(tmp_path)) == 2


def test_what_is_no_utf_8_is_said(tmp_path):
    (tmp_path / "trainlint.toml").write_bytes(b"a = '\xff'\n")
    assert problems(tmp_path) == ["trainlint.toml: is not UTF-8"]


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("", ("a",), 1),
        ("# a = 1\na = 1", ("a",), 2),
        ("[b]\na = 1\n[c]\na = 2", ("c", "a"), 4),
        ("[b]\n[b.c]\nd = 1", ("b", "c", "d"), 3),
        ('["b"."c"]\nd = 1', ("b", "c", "d"), 2),
        ("[b]\n\nc.d = 1", ("b", "c", "d"), 3),
        ("x = 1\nb = {c = 1}", ("b", "c"), 2),
        ("[b] # why", ("b", "zzz"), 1),
        ("[bb]\na = 1\n[b]\na = 1", ("b", "a"), 4),
    ],
)
def test_the_line_of_a_key(text, keys, line):
    assert line_of(text, keys) == line


# Layers


def test_select_replaces_and_ignore_adds():
    base = Settings(root=Path("/"), select=("all",), ignore=("missing-dropout",), exclude=("a",))
    where = "".join

    def over(table: dict[str, object]) -> Settings:
        return base.under(read_layer(table, VOCABULARY, Path("/"), where))  # type: ignore[arg-type]

    selected = over({"select": ["optimizer"]})
    assert (selected.select, selected.ignore) == (("optimizer",), ())
    ignored = over({"ignore": ["unknown-rule"], "exclude": ["b"]})
    assert (ignored.select, ignored.ignore) == (("all",), ("missing-dropout", "unknown-rule"))
    assert ignored.exclude == ("a", "b")


def test_the_nearest_name():
    assert nearest("missing-dropuot", VOCABULARY.rules) == "missing-dropout"
    assert nearest("missing_dropout", VOCABULARY.rules) == "missing-dropout"
    assert nearest("zzz", VOCABULARY.rules) is None


# Through the command


def test_a_broken_file_costs_only_what_is_below_it(project, trainlint):
    broken = "import torch\nfor x in\n"
    project({"a/trainlint.toml": "x = 1\n", "a/a.py": broken, "b/b.py": broken})
    run = trainlint(".", "--output-format", "concise")
    assert run.code == 2
    assert run.err.splitlines()[0] == "trainlint: error: a/trainlint.toml:1: there is no setting `x`"
    assert [line.partition(":")[0] for line in run.lines] == ["b/b.py"]


def test_settings_of_the_nearest_file_hold(project, trainlint):
    broken = "import torch\nfor x in\n"
    project(
        {
            "trainlint.toml": '[severity]\ninvalid-syntax = "warning"\n[per-file-ignores]\n"gone/*.py" = ["file"]\n',
            "a.py": broken,
            "gone/a.py": broken,
            "loud/a.py": broken,
            "loud/trainlint.toml": 'fail-on = "error"\n',
        }
    )
    run = trainlint(".", "--output-format", "concise")
    assert [line.split()[:2] for line in run.lines] == [
        ["a.py:2:8:", "warning[invalid-syntax]"],
        ["loud/a.py:2:8:", "error[invalid-syntax]"],
    ]
    assert trainlint("gone").code == 0
    assert trainlint("a.py", "--fail-on", "error").code == 0
    assert trainlint("a.py", "--config", "fail-on=error").code == 0
    assert trainlint("a.py", "--config", "severity.invalid-syntax='info'").code == 0
    assert trainlint("gone", "--isolated").code == 1
    assert trainlint("loud", "--config", "trainlint.toml", "--fail-on", "error").code == 0


def test_the_output_format_of_the_settings(project, trainlint):
    project({"a/trainlint.toml": 'output-format = "concise"\n', "a/a.py": "import torch\nfor x in\n"})
    assert len(trainlint("a").lines) == 1
    assert trainlint("a", "--output-format", "json").out.startswith("{")
