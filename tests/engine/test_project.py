"""Many files in one run: what goes wrong with one costs only that one."""

from __future__ import annotations

from pathlib import Path

from trainlint.engine.project import Request, check
from trainlint.rules.catalogue import catalogue
from trainlint.settings import Settings
from trainlint.source.source import Source
from trainlint.source.sources import Sources

BROKEN = b"import torch\nfor x in\n"


class Failing(Sources):
    """Sources of which one is beyond all reason."""

    def get(self, path: str) -> Source | None:
        if path == "worse.py":
            raise RuntimeError("no way")
        if path == "bad.py":
            raise PermissionError(13, "not for you")
        return super().get(path)


def request(files: list[str], **texts: bytes) -> Request:
    here = Path("/nowhere")
    sources = Failing(here, {f"{name}.py": text for name, text in texts.items()})
    return Request(files, sources, lambda path: Settings(root=here), catalogue(), here, given=(here,))


def test_a_failure_costs_one_file():
    report = check(request(["bad.py", "a.py", "gone.py", "worse.py", "z.py"], a=BROKEN, z=BROKEN))
    assert [finding.span.path for finding in report.findings] == ["a.py", "z.py"]
    assert report.failures == (
        "bad.py: cannot be read: not for you",
        "gone.py: no such file",
        "worse.py: internal error: RuntimeError: no way",
    )
    assert len(report.tracebacks) == 1
    assert report.files == ("a.py", "z.py")


def test_only_given_files_have_findings():
    report = check(request(["a.py"], a=b"import torch\nfrom b import x\n", b=BROKEN))
    assert report.findings == ()


def test_every_finding_has_a_fingerprint():
    report = check(request(["a.py"], a=BROKEN + b"while y\n"))
    assert len(report.findings) == 2
    assert set(report.fingerprints) == {finding.identity for finding in report.findings}
    assert len(set(report.fingerprints.values())) == 2


def test_the_gate_looks_for_a_framework_anywhere():
    report = check(request(["a.py", "b.py"], a=b"# for keras\nx = 1\n", b=b"x = 1\n"))
    assert report.related_to_training == 1


def test_own_knowledge_that_cannot_be_used_is_said_once(project, trainlint):
    project({"trainlint.toml": 'knowledge = ["gone.yaml"]\n', "a.py": "import torch\n", "b.py": "import torch\n"})
    run = trainlint(".")
    assert run.code == 2
    assert run.err.count("gone.yaml: cannot be read") == 1
    project({"gone.yaml": "a: [\n"})
    run = trainlint(".")
    assert run.code == 2
    assert "gone.yaml: " in run.err.splitlines()[0]
