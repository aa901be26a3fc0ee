"""From `pip install` to a gated repository, as the README says it, step by step: with pip, git and pre-commit themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

from tests.cli.test_check import notebook
from tests.cli.test_fixing import CLEARED, CLEARED_EARLY
from tests.support.documents import ROOT, WAY, commands, environment, fences, put
from trainlint import __version__

STEPS = [fence for fence in fences("README.md") if fence.heading in WAY]
MISTAKE = (ROOT / "tests/data/relu.py").read_text(encoding="utf-8")
SOUND = MISTAKE.replace(", nn.ReLU()", "")
SOURCE = "https://github.com/trainlint/trainlint"


def run(folder: Path, env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
    )


def git_says(**settings: str) -> dict[str, str]:
    """The environment in which git has these settings, and none of the user's."""
    said = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        said |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return said


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a release of what is being tested, as others clone it."""
    folder = tmp_path_factory.mktemp("release")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file() and not name.startswith(("tests/", "examples/")):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    env = environment(**git_says(**{"user.name": "A", "user.email": "a@b.c"}))
    for command in ("init -q", "add --all", "commit -q -m Release", f"tag v{__version__}"):
        made = run(folder, env, "git", *command.split())
        assert made.returncode == 0, made.stdout
    return folder


@pytest.fixture(scope="module")
def env(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with nothing but pip, for which the release is what the network would hold."""
    work = tmp_path_factory.mktemp("environment")
    builder = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--wheel-dir",
        str(work / "dist"),
        str(release),
    ]
    built = run(work, environment(), *builder)
    assert built.returncode == 0, built.stdout
    venv.create(work / "venv", with_pip=True)
    (git,) = [f"url.{release.as_uri()}.insteadOf"]
    return environment(
        PATH=f"{work / 'venv/bin'}{os.pathsep}{os.environ['PATH']}",
        PIP_FIND_LINKS=f"{os.environ.get('PIP_FIND_LINKS', '')} {work / 'dist'}".strip(),
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PRE_COMMIT_HOME=str(work / "pre-commit"),
        **git_says(**{git: SOURCE, "user.name": "A", "user.email": "a@b.c", "init.defaultBranch": "main"}),
    )


@pytest.fixture(scope="module")
def gated(env: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with an old mistake, after all that the README says."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "pyproject.toml").write_text('[project]\nname = "prices"\nversion = "1"\n')
    (folder / "train.py").write_text(MISTAKE)
    (folder / "test_train.py").write_text("import train\n")
    for command in ("git init -q", "git add .", "git commit -q -m Old"):
        assert run(folder, env, *command.split()).returncode == 0
    for step in STEPS:
        if step.title is not None:
            put(step, folder)
        for command in commands(step):
            command.run(folder, env)
    return folder


def commit(folder: Path, env: dict[str, str], name: str, text: str) -> subprocess.CompletedProcess[str]:
    """Try to commit the file `name` with this text; whatever comes of it, everything is as before afterwards."""
    (folder / name).write_text(text)
    assert run(folder, env, "git", "add", name).returncode == 0
    made = run(folder, env, "git", "commit", "-m", "Change")
    back = run(folder, env, "git", "reset", "-q", "--hard", "HEAD" if made.returncode else "HEAD~1")
    assert back.returncode == 0
    return made


def action_installs(env: dict[str, str], folder: Path) -> str:
    """The program that the action's first step installs in `folder`."""
    install = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][0]
    given = {
        "INPUT_PYTHON": sys.executable,
        "INPUT_VERSION": __version__,
        "ACTION_PATH": "",
        "RUNNER_TEMP": str(folder),
        "GITHUB_ENV": str(folder / "env"),
        "PIP_NO_DEPS": "1",
    }
    assert given.keys() > install["env"].keys()
    made = run(folder, {**env, **given}, "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", install["run"])
    assert made.returncode == 0, made.stdout
    name, _, program = (folder / "env").read_text().strip().partition("=")
    assert name == "TRAINLINT"
    return program


def test_the_way_of_the_readme(gated, env, tmp_path):
    """One test, because all of it needs what takes long to make."""
    assert [step.title for step in STEPS if step.title] == [
        "pyproject.toml",
        ".gitattributes",
        ".pre-commit-config.yaml",
    ]
    assert run(gated, env, "git", "status", "--porcelain").stdout == "", "the last step has committed everything"

    refused = commit(gated, env, "other.py", MISTAKE)
    assert refused.returncode == 1, refused.stdout
    assert "relu-before-regression" in refused.stdout and "other.py:" in refused.stdout

    passed = commit(gated, env, "other.py", SOUND)
    assert passed.returncode == 0, passed.stdout
    assert "Passed" in passed.stdout

    refused = commit(gated, env, "study.ipynb", notebook(("markdown", "# Prices"), ("code", MISTAKE)))
    assert refused.returncode == 1, refused.stdout
    assert "study.ipynb:cell 2:" in refused.stdout

    passed = commit(gated, env, "study.ipynb", notebook(("code", SOUND)))
    assert passed.returncode == 0, passed.stdout

    passed = commit(gated, env, "train.py", f"# moved\n{MISTAKE}")
    assert passed.returncode == 0, f"the old mistake is in the baseline\n{passed.stdout}"

    passed = commit(gated, env, "notes.md", "nothing to check\n")
    assert passed.returncode == 0 and "Skipped" in passed.stdout, passed.stdout

    hooks = gated / ".pre-commit-config.yaml"
    hooks.write_text(hooks.read_text().replace("id: trainlint", "id: trainlint-fix"))
    assert run(gated, env, "git", "commit", "-a", "-q", "-m", "Fix").returncode == 0
    for name, text in {"loop.py": CLEARED_EARLY, "loop.ipynb": notebook(("code", CLEARED_EARLY))}.items():
        (gated / name).write_text(text)
        assert run(gated, env, "git", "add", name).returncode == 0
        refused = run(gated, env, "git", "commit", "-m", "Change")
        assert refused.returncode == 1 and "files were modified by this hook" in refused.stdout, refused.stdout
        assert run(gated, env, "git", "commit", "-a", "-m", "Change").returncode == 0, "it has mended the file"
    assert (gated / "loop.py").read_text() == CLEARED

    program = action_installs(env, tmp_path)
    assert run(tmp_path, env, program, "--version").stdout == f"trainlint {__version__}\n"
