"""Every code block of every rule's page does what the page says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.support import projects as p

HEADINGS = ["What it finds", "Why it matters", "Example", "Fixed", "Not flagged", "Options", "Sources"]
PAGES = [page for page in p.pages() if page.parent.name != "file"]


def _cases(heading: str) -> list[ParameterSet]:
    cases = []
    for page in PAGES:
        for index, project in enumerate(p.projects(p.sections(page.read_text(encoding="utf-8"))[heading])):
            rule = page.stem.replace("_", "-")
            cases.append(pytest.param(rule, project, id=f"{rule}-{index}"))
    return cases


@pytest.mark.parametrize("page", p.pages(), ids=lambda page: page.stem)
def test_headings_stand_once_in_order(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.stem.replace('_', '-')}\n")
    assert list(p.sections(text)) == HEADINGS


@pytest.mark.parametrize(("rule", "project"), _cases("Example"))
def test_example_is_flagged_where_it_says(rule: str, project: p.Project, tmp_path: Path) -> None:
    wanted = p.expected(project)
    assert wanted, "an example has at least one marker"
    found = p.check(project, tmp_path)
    held = p.sources(project, tmp_path)
    for each in wanted:
        assert any(
            finding.rule == each.rule
            and (each.path, each.line) in p.lines(finding, held)
            and any(each.message in text for text in (finding.message, *(note.message for note in finding.related)))
            for finding in found
        ), f"{each} is not among {found}"
    assert {finding.rule for finding in found} == {each.rule for each in wanted}


@pytest.mark.parametrize(("rule", "project"), _cases("Fixed"))
def test_fixed_is_quiet(rule: str, project: p.Project, tmp_path: Path) -> None:
    assert p.expected(project) == []
    assert p.check(project, tmp_path) == []


def _pairs() -> list[ParameterSet]:
    """Each example, with the fenced project that stands in its place under *Fixed*, if one does."""
    pairs = []
    for page in PAGES:
        parts = p.sections(page.read_text(encoding="utf-8"))
        examples, mended = (list(p.projects(parts[heading])) for heading in ("Example", "Fixed"))
        rule = page.stem.replace("_", "-")
        for index, example in enumerate(examples):
            wanted = mended[index] if index < len(mended) else None
            pairs.append(pytest.param(rule, example, wanted, id=f"{rule}-{index}"))
    return pairs


@pytest.mark.parametrize(("rule", "example", "wanted"), _pairs())
def test_fixes_make_of_the_example_what_stands_under_fixed(
    rule: str, example: p.Project, wanted: p.Project | None, tmp_path: Path
) -> None:
    made = p.fixed(example, tmp_path)
    offered = any(finding.fixes for finding in p.check(example, tmp_path) if finding.rule == rule)
    assert offered == (made != example.stripped())
    if offered:
        assert wanted is None or made.files == wanted.files
        assert p.check(made, tmp_path) == []
        assert p.fixed(made, tmp_path) == made


MENDED = {
    "always-on-dropout",
    "double-normalization",
    "eval-mode-not-restored",
    "excessive-dropout",
    "hand-rolled-softmax",
    "logits-into-probability-loss",
    "loss-keeps-graph",
    "missing-dropout",
    "missing-eval-mode",
    "missing-no-grad",
    "missing-zero-grad",
    "nll-without-log-softmax",
    "relu-before-regression",
    "scheduler-before-optimizer",
    "sigmoid-before-logits-loss",
    "sigmoid-with-categorical-loss",
    "single-output-cross-entropy",
    "softmax-before-cross-entropy",
    "softmax-over-one-unit",
    "softmax-with-binary-loss",
    "step-before-backward",
    "unscaled-accumulation",
    "zero-grad-before-step",
}


def test_the_rules_that_can_mend_an_example_are_known(tmp_path: Path) -> None:
    """Those for which the catalogue has a fix, safe or unsafe."""
    found: dict[str, set[str]] = {}
    for case in _cases("Example"):
        rule, project = case.values
        assert isinstance(rule, str) and isinstance(project, p.Project)
        for finding in p.check(project, tmp_path):
            found.setdefault(finding.rule, set()).update(fix.safety.value for fix in finding.fixes)
    assert {rule for rule, safeties in found.items() if safeties} == MENDED
    assert {rule for rule, safeties in found.items() if "safe" in safeties} == {
        "always-on-dropout",
        "hand-rolled-softmax",
        "logits-into-probability-loss",
        "loss-keeps-graph",
        "scheduler-before-optimizer",
        "zero-grad-before-step",
    }


@pytest.mark.parametrize(("rule", "project"), _cases("Not flagged"))
def test_not_flagged_is_quiet(rule: str, project: p.Project, tmp_path: Path) -> None:
    assert p.check(project, tmp_path) == []


@pytest.mark.parametrize(("rule", "project"), _cases("Example"))
def test_a_finding_vanishes_with_any_part_of_its_evidence(rule: str, project: p.Project, tmp_path: Path) -> None:
    """Blinding: what a labelled place says is replaced by a call of an unknown function."""
    held = p.sources(project, tmp_path)
    blinded = 0
    for finding in p.check(project, tmp_path):
        for span in (finding.span, *(note.span for note in finding.related)):
            source = held.get(span.path)
            assert source is not None
            if source.cells:
                continue
            files = {**project.files, span.path: _without(source.data, span.start, span.end)}
            again = p.check(p.Project(files), tmp_path)
            assert not any(each.rule == finding.rule for each in again), f"{rule} guesses without {span}"
            blinded += 1
    assert blinded


def _without(source: bytes, start: int, end: int) -> str:
    """The source with an unknown value in place of a part of it: of an expression, or of the target of an assignment."""
    for unknown in (b"unheard_of()", b"unheard_of().it"):
        text = (source[:start] + unknown + source[end:]).decode()
        try:
            ast.parse(text)
        except SyntaxError:
            continue
        return text
    raise AssertionError(f"{source[start:end]!r} cannot be hidden")


UNSEEN = {  # what else the rules about rates must have seen, though they do not label it
    "optimizer": re.compile(r"\b(torch\.optim|keras\.optimizers)\.\w+(?=\()"),
    "schedule": re.compile(r"\b\w+(LR|Decay|LearningRateScheduler)(?=\()"),
    "network": re.compile(r"\b(nn|keras)\.Sequential(?=\()"),
}
NEEDS_NO_NETWORK = ("invalid-learning-rate", "unbounded-learning-rate")  # 0 is 0 whatever is trained


@pytest.mark.parametrize("part", UNSEEN)
@pytest.mark.parametrize(
    ("rule", "project"), [each for each in _cases("Example") if "learning-rate" in str(each.values[0])]
)
def test_a_rate_is_nothing_without_its_optimizer(rule: str, project: p.Project, part: str, tmp_path: Path) -> None:
    """Blinding: the optimizer, the schedule, the network are made by an unknown function."""
    files = {name: UNSEEN[part].sub("unheard_of", text) for name, text in project.files.items()}
    if files == project.files or (part == "network" and rule in NEEDS_NO_NETWORK):
        pytest.skip(f"{part} plays no part here")
    assert not any(finding.rule == rule for finding in p.check(p.Project(files), tmp_path))
