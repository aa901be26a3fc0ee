"""The packaged extension in a real VS Code. Pictures of what was seen are left in build/editors/vscode."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.editors.components import attempt, needed
from tests.editors.vscode.workbench import EXTENSION, SHOTS, observed, packaged, packed
from trainlint import __version__

ROOT = Path(__file__).parents[3]
RULE = "logits-into-probability-loss"
MESSAGE = "nn.BCELoss wants probabilities in [0, 1]"
MODELS = """\
import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        return self.head(x)
"""
TRAIN = """\
import torch
from torch import nn

from models import Classifier

model = Classifier()
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for _ in range(100):
    x, y = torch.randn(32, 16), torch.randint(0, 2, (32, 1)).float()
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
"""
MENDED = TRAIN.replace("nn.BCELoss()", "nn.BCEWithLogitsLoss()")
CELLS = (
    MODELS,
    "%matplotlib inline\nmodel = Classifier()\ncriterion = nn.BCELoss()",
    "x, y = torch.randn(32, 16), torch.randint(0, 2, (32, 1)).float()\nloss = criterion(model(x), y)\nloss.backward()",
)

BOOKKEEPING = """\
#!/bin/sh
book="$(dirname "$0")/.."
echo "$*" >> "$book/starts"
case "$*" in
*"trainlint server") tee -a "$book/log" | "{python}" "$@" 2>> "$book/log" | tee -a "$book/log" ;;
*) exec "{python}" "$@" ;;
esac
"""


def interpreter(workspace: Path, name: str = ".venv") -> str:
    """An environment of a folder: this one, with a book of what was started, and of what servers and clients said."""
    program = workspace / name / "bin/python"
    program.parent.mkdir(parents=True)
    program.write_text(BOOKKEEPING.format(python=sys.executable))
    program.chmod(0o755)
    return str(program)


def folder(place: Path, **files: str) -> Path:
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_the_package_holds_what_a_user_needs_and_no_more():
    names = {name.removeprefix("extension/") for name in zipfile.ZipFile(packaged()).namelist()}
    pictures = {f"images/{path.name}" for path in (EXTENSION / "images").iterdir()}
    documents = {"readme.md", "changelog.md", "LICENSE.txt"}
    frame = {"[Content_Types].xml", "extension.vsixmanifest"}
    assert names == {"package.json", "icon.png", "dist/extension.js"} | documents | pictures | frame


def test_its_own_tests():
    packaged()
    run = subprocess.run(["npm", "test"], cwd=EXTENSION, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "# fail 0" in run.stdout and "# pass 0" not in run.stdout, run.stdout


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    scratch = tmp_path_factory.mktemp("files")
    workspace = folder(scratch / "classifier", **{"train.py": TRAIN, "models.py": MODELS})
    interpreter(workspace)
    return observed("files", workspace, scratch)


def test_a_finding_is_underlined_and_listed_with_its_evidence(files):
    file, mistake, evidence = files["problems"]
    assert "train.py" in file
    assert mistake.startswith(f"Error: {MESSAGE}")
    assert "line 13 and character 22" in mistake
    assert evidence == "nn.Linear gives (-∞, ∞) at line 11 and character 16 in models.py"
    assert RULE in files["links"]


def test_hover_shows_the_page(files):
    assert "What it finds" in files["hover"]
    assert "Why it matters" in files["hover"]


def test_a_quick_fix_changes_the_text(files):
    assert any("Take the loss for logits" in fix for fix in files["fixes"])
    assert any(f"Ignore {RULE} here" in fix for fix in files["fixes"])
    assert any(f"Explain {RULE}" in fix for fix in files["fixes"])
    assert files["mended"] == MENDED


def test_all_safe_fixes_at_once(files):
    assert files["mendedAtOnce"] == MENDED


def test_the_status_says_which_trainlint_runs(files):
    (state,) = [state for state in files["states"] if "trainlint" in state]
    assert f"trainlint {__version__}" in state
    assert ".venv" in state


def test_a_restart_starts_one_server_and_ends_the_other(files):
    assert files["servers"] == 2
    assert "classifier" in files["information"]


def test_the_log_is_shown(files):
    assert files["shownLog"] == "trainlint"


def test_a_notebook_cell_is_marked_and_mended(tmp_path):
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": text,
        }
        for number, text in enumerate(CELLS)
    ]
    metadata = {"language_info": {"name": "python"}}
    notebook = json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    workspace = folder(tmp_path / "notebooks", **{"sound.py": "import torch\n", "train.ipynb": notebook})
    interpreter(workspace)
    seen = observed("notebook", workspace, tmp_path)
    assert any(MESSAGE in row for row in seen["problems"]), seen["problems"]
    assert any("Take the loss for logits" in fix for fix in seen["fixes"])
    saved = ["".join(cell["source"]) for cell in json.loads(seen["mended"])["cells"]]
    assert saved == [CELLS[0], CELLS[1].replace("BCELoss", "BCEWithLogitsLoss"), CELLS[2]]


def test_one_click_installs_trainlint(tmp_path):
    """From wheels of this repository and of what it needs, so that the click does not depend on what is published."""
    wheels = tmp_path / "wheels"
    python = sys.executable
    attempt("wheels of trainlint", [python, "-m", "pip", "wheel", "--quiet", "-w", str(wheels), str(ROOT)], tmp_path)
    workspace = folder(tmp_path / "fresh", **{"train.py": TRAIN, "models.py": MODELS})
    subprocess.run([python, "-m", "venv", str(workspace / ".venv")], check=True)
    variables = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PATH": _path_without_trainlint()}
    seen = observed("install", workspace, tmp_path, variables=variables)
    assert str(workspace / ".venv/bin/python") in seen["text"]
    assert any(f"trainlint {__version__}" in state for state in seen["states"])
    assert any(MESSAGE in row for row in seen["problems"]), seen["problems"]


def test_nothing_of_a_folder_is_started_before_it_is_trusted(tmp_path):
    workspace = folder(tmp_path / "stranger", **{"train.py": TRAIN, "models.py": MODELS})
    interpreter(workspace)
    settings = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "always"}
    seen = observed("trust", workspace, tmp_path, settings=settings, variables={"PATH": _path_without_trainlint()})
    assert seen["before"] == []
    assert "-m trainlint server" in seen["after"]


def test_settings_hold_at_once(tmp_path):
    workspace = folder(tmp_path / "tuned", **{"train.py": TRAIN, "models.py": MODELS})
    interpreter(workspace)
    seen = observed("settings", workspace, tmp_path)
    assert seen["ignored"] == []
    assert any(row.startswith(f"Info: {MESSAGE}") for row in seen["lowered"]), seen["lowered"]
    assert "(-∞, ∞)" not in seen["plain"]
    assert "criterion(model(x) → (32, 1) (-∞, ∞), y)" in seen["hinted"].replace("\u200a", " ")
    assert f'"path": "train.py", "rule": "{RULE}"' in seen["accepted"]
    assert seen["servers"] == 1  # the same one all the time


def test_each_folder_of_a_window_has_its_own_settings(tmp_path):
    text = TRAIN.replace("from models import Classifier", MODELS.partition("\n\n\n")[2].rstrip())
    strict = folder(tmp_path / "strict", **{"strict.py": text, "unopened.py": text})
    lenient = folder(tmp_path / "lenient", **{"lenient.py": text})
    for place, own in (
        (strict, {"trainlint.diagnosticMode": "workspace"}),
        (lenient, {"trainlint.severity": {RULE: "info"}, "trainlint.showInlayHints": True}),
    ):
        folder(place / ".vscode", **{"settings.json": json.dumps(own)})
    window = tmp_path / "both.code-workspace"
    window.write_text(json.dumps({"folders": [{"path": "strict"}, {"path": "lenient"}]}))
    interpreter(strict)
    seen = observed("roots", strict, tmp_path, opened=window)
    levels = [row.partition(":")[0] for row in seen["problems"] if MESSAGE in row]
    assert sorted(levels) == ["Error", "Error", "Info"], seen["problems"]
    assert "→" in seen["lenient"] and "→" not in seen["strict"]
    assert seen["servers"] == 1


def test_the_interpreter_selected_in_the_python_extension_is_used(tmp_path):
    """With an extension that has the Python extension's name and the part of its interface that is asked."""
    workspace = folder(tmp_path / "selected", **{"train.py": TRAIN, "models.py": MODELS})
    interpreter(workspace)  # which would be taken without the other extension
    first, second = interpreter(workspace, "first"), interpreter(workspace, "second")
    variables = {"SELECTED": first, "SELECTED_NEXT": second}
    selecting = packed(Path(__file__).parent / "selecting", tmp_path / "selecting.vsix")
    seen = observed("selection", workspace, tmp_path, variables=variables, others=[selecting])
    assert any("first/bin/python (selected in the Python extension)" in state for state in seen["before"])
    assert any("second/bin/python (selected in the Python extension)" in state for state in seen["after"])
    assert not (workspace / ".venv/starts").exists()


def _path_without_trainlint() -> str:
    node = needed("node", ["node"], "nodejs")
    folders = [str(Path(node).parent), *os.environ["PATH"].split(os.pathsep)]
    return os.pathsep.join(each for each in folders if shutil.which("trainlint", path=each) is None)


@pytest.fixture(scope="module", autouse=True)
def _pictures() -> None:
    """Only those of this run are kept."""
    shutil.rmtree(SHOTS, ignore_errors=True)
