"""Every code block of every rule's page does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import projects as p

HEADINGS = ["What it finds", "Why it matters", "Example", "Fixed", "Not flagged", "Options", "Sources"]
PAGES = [page for page in p.pages() if page.parent.name != "file"]


def _cases(heading: str) -> list[object]:
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
            text = source.data[: span.start] + b"unheard_of()" + source.data[span.end :]
            files = {**project.files, span.path: text.decode()}
            again = p.check(p.Project(files), tmp_path)
            assert not any(each.rule == finding.rule for each in again), f"{rule} guesses without {span}"
            blinded += 1
    assert blinded
