"""The catalogue, the pages, the README and the package say the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readme import README, regenerated
from trainlint import __version__
from trainlint.model import Severity
from trainlint.rules.catalogue import GROUPS, CatalogueError, catalogue, located, page, parse

ROOT = Path(__file__).parents[1]
RULES = ROOT / "trainlint" / "rules"
HEADINGS = ["What it finds", "Why it matters", "Example", "Fixed", "Not flagged", "Options", "Sources"]


def test_the_catalogue_is_the_file_in_the_repository():
    assert located().read_text(encoding="utf-8") == (ROOT / "rules.yaml").read_text(encoding="utf-8")


def test_the_catalogue_is_found_from_anywhere(tmp_path):
    code = "from trainlint.rules.catalogue import catalogue; print(len(catalogue()))"
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert int(run.stdout) == len(catalogue())


@pytest.mark.parametrize("rule", catalogue().values(), ids=lambda rule: rule.name)
class TestEveryRule:
    def test_it_has_a_page_with_the_headings_in_order(self, rule):
        text = page(rule)
        assert text.startswith(f"# {rule.name}\n")
        outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
        assert re.findall(r"^#{1,6} (.*)$", outside, flags=re.MULTILINE)[1:] == HEADINGS

    def test_it_has_a_module(self, rule):
        assert (RULES / rule.page).with_suffix(".py").is_file()

    def test_it_names_every_option_on_its_page(self, rule):
        options = page(rule).partition("## Options\n")[2].partition("## Sources")[0]
        assert all(f"`{name}`" in options for name in rule.options)


def test_every_page_and_module_is_a_rule():
    expected = {rule.page for rule in catalogue().values()}
    pages = {path.relative_to(RULES).as_posix() for path in RULES.rglob("*.md")}
    modules = {
        path.relative_to(RULES).with_suffix(".md").as_posix()
        for group in GROUPS
        for path in (RULES / group).glob("*.py")
        if not path.name.startswith("_")
    }
    assert pages == modules == expected


def test_the_readme_has_todays_table():
    text = README.read_text(encoding="utf-8")
    assert regenerated(text) == text, "run `make docs`"


def test_the_readme_opens_with_the_two_commands():
    commands = re.search(r"^```console\n(.*?)^```", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert commands is not None
    assert [line.split("#")[0].strip() for line in commands[1].splitlines()] == ["make demo", "make test"]


def test_the_changelog_knows_the_version():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased" in text or f"## {__version__}" in text


ENTRY = "a-rule: {group: output, summary: A line, severity: {default: error}, since: 0.1.0"


def test_an_entry_is_typed():
    rule = parse(
        ENTRY + ", pedantic: true, tags: [keras], before: [a-rule], "
        "options: {factor: {type: number, minimum: 0, default: 1.0, help: multiplies}}}"
    )["a-rule"]
    assert rule.severity == {"default": Severity.ERROR}
    assert (rule.pedantic, rule.tags, rule.before) == (True, ("keras",), ("a-rule",))
    assert (rule.options["factor"].default, rule.options["factor"].minimum) == (1.0, 0)
    assert rule.page == "output/a_rule.md"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[]", "must be a mapping"),
        ("a: [", "rules.yaml"),
        ("a-rule: 1", "a-rule: must be a mapping"),
        (ENTRY + "}\n" + ENTRY + "}", "the key 'a-rule' is there twice"),
        (ENTRY + ", sumary: x}", "extra fields found (sumary)"),
        (ENTRY.replace("summary: A line, ", "") + "}", "required field missing @ a-rule.summary"),
        (ENTRY.replace("error", "bad") + "}", "'bad' is no severity"),
        (ENTRY.replace("default", "usual") + "}", "severity has no case `default`"),
        (ENTRY.replace("output", "outptu") + "}", "there is no group 'outptu'"),
        (ENTRY.replace("a-rule", "A_rule") + "}", "lower-case words"),
        (ENTRY.replace("A line", "A line.") + "}", "without a full stop"),
        (ENTRY.replace("since: 0.1.0", "since: 1.0") + "}", "1.0 is not a string"),
        (ENTRY + ", pedantic: 1}", "1 is not true or false"),
        (ENTRY + ", before: [other]}", "before names `other`, which is no rule"),
        (ENTRY + ", options: {a: {type: float, default: 1, help: x}}}", "options.a.type must be one of"),
        (ENTRY + ", options: {a: {type: number, default: x, help: x}}}", "options.a.default must be a number"),
        (ENTRY + ", options: {a: {type: number, help: x}}}", "required field missing"),
    ],
)
def test_what_is_wrong_with_a_catalogue_is_said(text, complaint):
    with pytest.raises(CatalogueError) as raised:
        parse(text)
    assert complaint in str(raised.value)
