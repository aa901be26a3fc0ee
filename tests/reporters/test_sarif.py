"""`sarif`: what code scanning reads of it. `.ci/run` holds it against the schema and the rules of the SARIF multitool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attrs import evolve

from tests.reporters.samples import at, finding, notebook, report, sources
from trainlint.model import Confidence, Edit, Fix, Note, Safety, Severity, Span
from trainlint.reporters.sarif import render
from trainlint.rules.catalogue import catalogue, page
from trainlint.source.sources import Sources


def run_of(text: str) -> dict[str, Any]:
    log = json.loads(text)
    assert (log["version"], set(log)) == ("2.1.0", {"$schema", "version", "runs"})
    (run,) = log["runs"]
    return dict(run)


def place(location: dict[str, Any]) -> tuple[str, int, int, int, int]:
    physical = location["physicalLocation"]
    names = "startLine", "startColumn", "endLine", "endColumn"
    return (physical["artifactLocation"]["uri"], *(physical["region"][name] for name in names))


def test_the_evidence_is_told_as_links_and_as_a_flow():
    files = sources(a="é = f(x)\n", b="y = [1]\nz\n")
    notes = Note(at(files, "b.py", "[1]"), "gives [0, 1]"), Note(at(files, "b.py", "z"), "handed on here")
    made = report(files, finding(at(files, "a.py", "f(x)"), *notes, severity=Severity.ERROR))
    text = render(made, files)
    assert text.isascii()
    run = run_of(text)
    assert (run["columnKind"], run["invocations"]) == ("unicodeCodePoints", [{"executionSuccessful": True}])
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == ("relu-before-regression", "error")
    assert result["message"]["text"] == "the output is [0, inf).\n1. [gives \\[0, 1\\]](1).\n2. [handed on here](2)."
    (primary,) = result["locations"]
    assert place(primary) == ("a.py", 1, 5, 1, 9)
    assert primary["physicalLocation"]["region"]["snippet"] == {"text": "f(x)"}
    assert primary["physicalLocation"]["contextRegion"]["snippet"] == {"text": "é = f(x)\n"}
    related = [(each["id"], place(each), each["message"]["text"]) for each in result["relatedLocations"]]
    assert related == [
        (1, ("b.py", 1, 5, 1, 8), "gives [0, 1]"),
        (2, ("b.py", 2, 1, 2, 2), "handed on here"),
    ]
    ((flow,),) = ([each["locations"] for each in flow["threadFlows"]] for flow in result["codeFlows"])
    assert [place(step["location"])[0:2] for step in flow] == [("b.py", 1), ("b.py", 2), ("a.py", 1)]
    assert [step["importance"] for step in flow] == ["essential", "important", "essential"]
    assert flow[-1]["location"]["message"]["text"] == "the output is [0, inf)"


def test_a_finding_without_evidence_has_no_flow():
    files = sources(a="x\n")
    (result,) = run_of(render(report(files, finding(at(files, "a.py", "x"))), files))["results"]
    assert not {"codeFlows", "relatedLocations", "fixes"} & set(result)


def test_only_rules_that_spoke_are_described():
    files = sources(a="x\ny\nz\n")
    spans = [at(files, "a.py", name) for name in "xyz"]
    made = report(
        files,
        finding(spans[0], confidence=Confidence.MEDIUM),
        finding(spans[1], confidence=Confidence.HIGH),
        finding(spans[2], rule="missing-dropout", severity=Severity.INFO, confidence=Confidence.LOW),
    )
    run = run_of(render(made, files))
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        "relu-before-regression",
        "relu-before-regression",
        "missing-dropout",
    ]
    assert len(rules) == 2
    for rule in rules:
        info = catalogue()[rule["id"]]
        assert rule["help"]["markdown"] == page(info)
        assert rule["shortDescription"]["text"] == f"{info.summary}."
        assert rule["fullDescription"]["text"].startswith(info.summary)
        assert all(len(rule[name]["text"]) <= 1024 for name in ("shortDescription", "fullDescription"))
        assert rule["helpUri"] == info.url
        assert rule["properties"]["tags"] == [info.group, *info.tags]
    said = {rule["id"]: (rule["properties"]["precision"], rule["properties"]["problem.severity"]) for rule in rules}
    assert said == {"relu-before-regression": ("high", "warning"), "missing-dropout": ("low", "recommendation")}


def test_every_rule_can_be_described():
    files = sources(a="x\n" * len(catalogue()))
    made = [finding(Span("a.py", 2 * line, 2 * line + 1), rule=rule) for line, rule in enumerate(catalogue())]
    rules = run_of(render(report(files, *made), files))["tool"]["driver"]["rules"]
    assert len(rules) == len(catalogue())
    assert all(len(rule["properties"]["tags"]) <= 10 and len(rule["name"]) <= 255 for rule in rules)


def test_paths_are_relative_to_the_root_of_the_repository(tmp_path):
    (tmp_path / "in side/.git").mkdir(parents=True)
    (tmp_path / "in side/src").mkdir()
    outside = (tmp_path / "out.py").as_posix()
    files = Sources(tmp_path / "in side/src", {"a b.py": b"x\n", "../c.py": b"x\n", outside: b"x\n"})
    made = [finding(Span(path, 0, 1)) for path in ("a b.py", outside)]
    run = run_of(render(report(files, *made), files))
    inner, outer = (result["locations"][0]["physicalLocation"]["artifactLocation"] for result in run["results"])
    assert inner == {"uri": "src/a%20b.py", "uriBaseId": "%SRCROOT%"}
    assert outer == {"uri": Path(outside).as_uri()}
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"], "where the repository lies is nobody's business"


def test_fingerprints_are_those_of_the_content():
    files = sources(a="x\n")
    made = report(files, finding(at(files, "a.py", "x")))
    (result,) = run_of(render(made, files))["results"]
    assert result["partialFingerprints"] == {"trainlint/v1": made.fingerprints[made.findings[0].identity]}


def test_fixes_are_changes_by_file():
    files = sources(a="f(x)\n", b="y\n")
    edits = Edit(at(files, "a.py", "x"), "ü"), Edit(at(files, "b.py", "y"), "")
    made = finding(at(files, "a.py", "f(x)"), fixes=(Fix("Do", Safety.UNSAFE, edits),))
    ((fix,),) = (each["fixes"] for each in run_of(render(report(files, made), files))["results"])
    assert fix["description"]["text"] == "Do."
    changes = {each["artifactLocation"]["uri"]: each["replacements"] for each in fix["artifactChanges"]}
    assert changes["a.py"] == [
        {
            "deletedRegion": {"startLine": 1, "startColumn": 3, "endLine": 1, "endColumn": 4},
            "insertedContent": {"text": "ü"},
        }
    ]
    assert set(changes) == {"a.py", "b.py"}


def test_a_notebook_is_placed_in_its_file(tmp_path):
    files, span = notebook(tmp_path)
    made = finding(span, Note(span, "made"), fixes=(Fix("Do", Safety.SAFE, (Edit(span, ""),)),))
    (result,) = run_of(render(report(files, made), files))["results"]
    assert place(result["locations"][0]) == ("a.ipynb", 16, 1, 16, 12)
    assert result["message"]["text"] == "cell 2, line 2: the output is [0, inf).\n1. [cell 2, line 2: made](1)."
    assert "fixes" not in result


def test_what_went_wrong_is_in_the_log():
    (invocation,) = run_of(render(evolve(report(sources()), failures=("a.py: cannot be read",)), sources()))[
        "invocations"
    ]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "a.py: cannot be read."
