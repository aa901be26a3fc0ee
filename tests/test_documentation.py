"""Every code block of the documentation is run, or held against the schema of whoever reads it.

`tests/gate` follows the README's way from `pip install` to a gated repository.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lupa
import pytest
import yaml
from attrs import evolve

from tests.cli.test_check import notebook
from tests.cli.test_fixing import CLEARED, CLEARED_EARLY, EVER_CLEARED, NEVER_CLEARED
from tests.support.documents import DOCUMENTS, ROOT, WAY, Fence, commands, environment, fences
from trainlint.rules.catalogue import catalogue
from trainlint.settings import SettingsFiles

BIN = Path(sys.executable).parent
MISTAKE = (ROOT / "tests/data/relu.py").read_text(encoding="utf-8")
SOUND = MISTAKE.replace(", nn.ReLU()", "")


def shell(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """A command line of the documentation, run in `folder` with this environment's trainlint."""
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", text],
        cwd=folder,
        env=environment(PATH=path),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def lines(fence: Fence) -> list[str]:
    """The commands of a block without prompts, without their comments."""
    return [command for line in fence.text.splitlines() if (command := re.sub(r"\s+#.*", "", line).strip())]


def are_targets(fence: Fence, folder: Path) -> None:
    for line in lines(fence):
        program, *rest = line.split()
        if program == "make":
            assert shell(ROOT, f"make -n {' '.join(rest)}").returncode == 0, line
        else:
            assert os.access(ROOT / program, os.X_OK), line


def shows_an_example(fence: Fence, folder: Path) -> None:
    (command,) = commands(fence)
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    evolve(command, code=1, output=f"{command.output}…\n").run(ROOT, environment(PATH=path))


def can_be_used(fence: Fence, folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "notebooks").mkdir()
    (folder / "src/train.py").write_text(MISTAKE)
    (folder / "train.py").write_text(SOUND)
    (folder / "notebooks/eda.ipynb").write_text(notebook(("code", SOUND)))
    assert len(lines(fence)) >= 5
    for line in lines(fence):
        run = shell(folder, line)
        assert run.returncode == (1 if "src/" in line else 0), (line, run.stdout, run.stderr)


def writes_outputs(fence: Fence, folder: Path) -> None:
    (folder / "src").mkdir()
    (folder / "src/train.py").write_text(MISTAKE)
    for command in commands(fence):
        command.run(folder, environment(PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}"))
    assert json.loads((folder / "trainlint.sarif").read_text())["runs"][0]["results"]
    assert (folder / "trainlint.xml").read_text().startswith("<?xml")


def mends(fence: Fence, folder: Path) -> None:
    safe, unsafe = folder / "src/safe.py", folder / "src/unsafe.py"
    safe.parent.mkdir()
    safe.write_text(CLEARED_EARLY)
    unsafe.write_text(NEVER_CLEARED)
    apply, also_unsafe, show = lines(fence)
    assert shell(folder, apply).returncode == 1
    assert (safe.read_text(), unsafe.read_text()) == (CLEARED, NEVER_CLEARED)
    assert shell(folder, also_unsafe).returncode == 0
    assert unsafe.read_text() == EVER_CLEARED
    unsafe.write_text(NEVER_CLEARED)
    assert "+    optimizer.zero_grad()" in shell(folder, show).stdout
    assert unsafe.read_text() == NEVER_CLEARED


def silences(fence: Fence, folder: Path) -> None:
    (comment,) = re.findall(r"#.*", fence.text)
    line = "loss = criterion(model(x), y)"
    assert fence.text == f"{line}  {comment}\n" and f"{line}\n" in MISTAKE
    (folder / "train.py").write_text(MISTAKE)
    assert shell(folder, "trainlint .").returncode == 1
    (folder / "train.py").write_text(MISTAKE.replace(f"{line}\n", fence.text))
    assert shell(folder, "trainlint .").returncode == 0, "an unused comment would be a finding"


def are_settings(fence: Fence, folder: Path) -> None:
    (folder / "pyproject.toml").write_text(fence.text)
    settings = SettingsFiles(catalogue().vocabulary, cwd=folder).at(folder)
    assert settings.file == folder / "pyproject.toml"


def is_lua_for_neovim(fence: Fence, folder: Path) -> None:
    run = lupa.LuaRuntime()
    run.execute("""
        made, enabled = {}, {}
        vim = { NIL = {}, lsp = {
            config = function(name, config) made[name] = config end,
            enable = function(name) enabled[name] = true end,
        } }
    """)
    run.execute(fence.text)
    made = run.globals().made["trainlint"]
    assert run.globals().enabled["trainlint"]
    command = list(made.cmd.values())
    assert command[0] == "trainlint" and shell(folder, f"{' '.join(command)} --help").returncode == 0
    assert list(made.filetypes.values()) == ["python"]


def fits(schema: str) -> Callable[[Fence, Path], None]:
    def check(fence: Fence, folder: Path) -> None:
        assert fence.title is not None
        (folder / "it.yml").write_text(fence.text)
        assert_fits(schema, folder / "it.yml")

    return check


def assert_fits(schema: str, file: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def is_a_job_for_gitlab(fence: Fence, folder: Path) -> None:
    fits("gitlab-ci")(fence, folder)
    job = yaml.safe_load(fence.text)["trainlint"]
    (folder / "train.py").write_text(MISTAKE)
    install, check = job["script"]
    assert install == "pip install trainlint"
    assert shell(folder, check).returncode == 1
    report = folder / job["artifacts"]["reports"]["codequality"]
    assert len(json.loads(report.read_text())) == 1


def is_a_workflow_for_github(fence: Fence, folder: Path) -> None:
    fits("github-workflows")(fence, folder)
    (step,) = (
        step
        for job in yaml.safe_load(fence.text)["jobs"].values()
        for step in job["steps"]
        if step["uses"].startswith("trainlint/trainlint@")
    )
    assert set(step["with"]) <= set(action()["inputs"])


def is_a_task_of_vs_code(fence: Fence, folder: Path) -> None:
    (task,) = json.loads(fence.text)["tasks"]
    matcher = task["problemMatcher"]
    assert matcher["pattern"] == matchers()[0]["pattern"][0]
    assert shell(folder, f"{task['command']} --help").returncode == 0


def is_the_file(name: str) -> Callable[[Fence, Path], None]:
    def check(fence: Fence, folder: Path) -> None:
        assert fence.text == (ROOT / "editors" / name).read_text(encoding="utf-8")

    return check


def are_lines_of(name: str) -> Callable[[Fence, Path], None]:
    def check(fence: Fence, folder: Path) -> None:
        assert f"\n{fence.text}" in (ROOT / "editors" / name).read_text(encoding="utf-8")

    return check


def enables_the_file_for_neovim(fence: Fence, folder: Path) -> None:
    (name,) = re.findall(r'^vim\.lsp\.enable\("(\w+)"\)\n$', fence.text)
    assert (ROOT / f"editors/nvim/lsp/{name}.lua").is_file()


def names_the_linter_of_ale(fence: Fence, folder: Path) -> None:
    (name,) = re.findall(r"^let g:ale_linters = {'python': \['(\w+)'\]}\n$", fence.text)
    assert (ROOT / f"editors/vim/ale_linters/python/{name}.vim").is_file()


HANDLERS: dict[tuple[str, str, str, str | None], Callable[[Fence, Path], None]] = {
    ("README.md", "trainlint", "console", None): lambda fence, folder: (
        shows_an_example if "$ " in fence.text else are_targets
    )(fence, folder),
    ("README.md", "Use", "console", None): can_be_used,
    ("README.md", "Outputs", "console", None): writes_outputs,
    ("README.md", "Fixes", "console", None): mends,
    ("README.md", "Ignore comments", "python", None): silences,
    ("README.md", "Settings", "toml", None): are_settings,
    ("README.md", "In the editor", "lua", None): is_lua_for_neovim,
    ("README.md", "In CI", "yaml", ".github/workflows/trainlint.yml"): is_a_workflow_for_github,
    ("README.md", "In CI", "yaml", ".gitlab-ci.yml"): is_a_job_for_gitlab,
    ("CONTRIBUTING.md", "Contributing", "console", None): are_targets,
    ("CONTRIBUTING.md", "Where things are", "", None): lambda fence, folder: None,  # a picture
    ("editors/README.md", "Neovim", "lua", "init.lua"): enables_the_file_for_neovim,
    ("editors/README.md", "Emacs", "elisp", "init.el"): are_lines_of("emacs/trainlint.el"),
    ("editors/README.md", "Vim", "vim", "vimrc"): names_the_linter_of_ale,
    ("editors/README.md", "Helix", "toml", "languages.toml"): is_the_file("helix/languages.toml"),
    ("editors/README.md", "Sublime Text", "json", "LSP.sublime-settings"): is_the_file("sublime/LSP.sublime-settings"),
    ("editors/README.md", "Kate", "json", "settings.json"): is_the_file("kate/settings.json"),
    ("editors/README.md", "Without a client", "json", ".vscode/tasks.json"): is_a_task_of_vs_code,
}


@pytest.mark.parametrize(
    ("document", "fence"),
    [
        pytest.param(document, fence, id=f"{document}:{fence.heading}:{fence.title or fence.language}")
        for document in DOCUMENTS
        for fence in fences(document)
        if (document, fence.heading) not in [("README.md", heading) for heading in WAY]
    ],
)
def test_a_block_is_what_it_says(document, fence, tmp_path):
    handler = HANDLERS.get((document, fence.heading, fence.language, fence.title))
    assert handler is not None, "nothing runs this block yet: say in HANDLERS how it is checked"
    handler(fence, tmp_path)


# The matcher


def matchers() -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads((ROOT / "editors/problem-matcher.json").read_text())["problemMatcher"]
    return held


def found(line: str) -> list[tuple[str, dict[str, str]]]:
    """The owners of the matchers that see something in a line, with what they see."""
    seen = []
    for matcher in matchers():
        (pattern,) = matcher["pattern"]
        if match := re.search(pattern["regexp"], line):
            groups = {name: match[number] for name, number in pattern.items() if name != "regexp"}
            seen.append((matcher["owner"], groups))
    return seen


def test_the_matcher_reads_what_concise_prints(tmp_path):
    (tmp_path / "a b.py").write_text("import torch\nfor x in\n")
    (tmp_path / "c.ipynb").write_text(notebook(("code", "import torch\n\nfor x in")))
    first, second = shell(tmp_path, "trainlint --output-format concise").stdout.splitlines()
    assert found(first) == [
        (
            "trainlint",
            {
                "file": "a b.py",
                "line": "2",
                "column": "8",
                "severity": "error",
                "code": "invalid-syntax",
                "message": "invalid syntax",
            },
        )
    ]
    assert found(second) == [
        (
            "trainlint-notebooks",
            {
                "file": "c.ipynb",
                "severity": "error",
                "code": "invalid-syntax",
                "message": "cell 1:3:8: error[invalid-syntax] invalid syntax",
            },
        )
    ]


def test_the_matcher_passes_over_what_else_is_printed(tmp_path):
    (tmp_path / "train.py").write_text(MISTAKE)
    run = shell(tmp_path, "trainlint train.py nowhere")
    assert run.returncode == 2
    assert not [line for line in (run.stdout + run.stderr).splitlines() if found(line)]


# The action


def action() -> dict[str, Any]:
    held: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return held


def test_the_action_fits_its_schema():
    assert_fits("github-actions", ROOT / "action.yml")


@pytest.mark.parametrize(
    ("program", "inputs", "code"),
    [
        (MISTAKE, {}, 1),
        (SOUND, {}, 0),
        (MISTAKE, {"args": "--fail-on  error -q"}, 0),
        (MISTAKE, {"paths": "train.py nowhere"}, 2),
    ],
)
def test_the_steps_of_the_action(tmp_path, program, inputs, code):
    (tmp_path / "train.py").write_text(program)
    exit_code, out = checked(tmp_path, inputs)
    assert exit_code == code
    assert out.count("::warning ") == program.count("ReLU")
    report = json.loads((tmp_path / "trainlint.sarif").read_text())
    assert len(report["runs"][0]["results"]) == program.count("ReLU")


def checked(folder: Path, inputs: dict[str, str]) -> tuple[int, str]:
    """What the steps after the installation do, as a runner would do them: the exit code of the gate, and the output."""
    _, check, upload, gate = action()["runs"]["steps"]
    values = {name: inputs.get(name, declared["default"]) for name, declared in action()["inputs"].items()}
    assert upload["with"]["sarif_file"] == "${{ inputs.sarif-file }}"
    said = folder / "output"
    first = step(check, values, folder, TRAINLINT=str(BIN / "trainlint"), GITHUB_OUTPUT=str(said))
    assert first.returncode == 0, "the gate is the last step, so that the report is uploaded before"
    outputs = dict(line.split("=", 1) for line in said.read_text().splitlines())
    last = step(gate, {f"steps.check.outputs.{name}": value for name, value in outputs.items()}, folder)
    return last.returncode, first.stdout


def step(
    definition: dict[str, Any], values: dict[str, str], folder: Path, **more: str
) -> subprocess.CompletedProcess[str]:
    """One step that runs a script."""

    def value(text: str) -> str:
        (name,) = re.fullmatch(r"\$\{\{ (?:inputs\.)?(\S+) \}\}", text).groups()  # type: ignore[union-attr]
        return values[name]

    env = {name: value(text) for name, text in definition["env"].items()}
    assert "${{" not in definition["run"], "what a user writes must not become part of a script"
    script = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", definition["run"]]
    return subprocess.run(script, cwd=folder, env=environment(**env, **more), capture_output=True, text=True)
