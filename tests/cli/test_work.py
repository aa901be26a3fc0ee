"""How a check is done: by several processes, with a bar for those who wait, and ended when the user wants it."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "trainlint"]
BAD = """\
import torch
from torch import nn
from shared import criterion

net = nn.Sequential(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1), nn.ReLU())
optimizer = torch.optim.Adam(net.parameters(), lr=20)
for x, y in torch.utils.data.DataLoader(data, batch_size=8, shuffle=True):
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.step()
"""
SHARED = "from torch import nn\ncriterion = nn.MSELoss()\ndef unused(net, x, y):\n    criterion(net(x), y).backward()\n"
DIES = """\
import os
from trainlint.engine import unit
check = unit.check
def dies(path, sources, options):
    if path.startswith("dies"):
        os._exit(9)
    return check(path, sources, options)
unit.check = dies
"""

SLOW = """\
import time
from trainlint.engine import unit
check = unit.check
def slow(path, sources, options):
    time.sleep(0.1)
    return check(path, sources, options)
unit.check = slow
"""


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, **environment}
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, env=variables, timeout=300)


def many(count: int = 12) -> dict[str, str]:
    return {"shared.py": SHARED, **{f"train{number:02}.py": f"x = {number}\n{BAD}" for number in range(count)}}


def test_nothing_depends_on_the_number_of_processes(project):
    project({**many(), "broken.py": "import torch\nfor x in\n", "loop/x.py": "import torch\nfrom . import y\n"})
    one = run(".", "--output-format=json", "--no-cache", "--jobs", "1")
    assert len(json.loads(one.stdout)["findings"]) > 12
    for jobs in "2", "3":
        for _ in "without", "with":
            several = run(".", "--output-format=json", "--jobs", jobs)
            assert (several.stdout, several.returncode) == (one.stdout, one.returncode) == (one.stdout, 1)
            assert several.stderr == one.stderr


def test_nothing_depends_on_it_for_the_examples(project, tmp_path):
    one, several = (
        run(str(ROOT / "examples"), "--output-format=json", "--no-cache", "--jobs", jobs) for jobs in ("1", "2")
    )
    assert (several.stdout, several.returncode) == (one.stdout, one.returncode)
    assert json.loads(one.stdout)["findings"]


def test_a_process_that_dies_costs_its_one_file(project, tmp_path):
    """A crash cannot be provoked from outside on purpose, so that here one is put into the program."""
    (tmp_path / "sitecustomize.py").write_text(DIES)
    project({**many(), "dies1.py": BAD, "dies2.py": BAD})
    died = run(".", "--output-format=json", "--jobs", "2", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}")
    assert died.returncode == 2
    for name in "dies1.py", "dies2.py":
        assert f"trainlint: error: {name}: internal error: the process that checked it has died" in died.stderr
        os.unlink(name)
    assert "Traceback" not in died.stderr
    assert died.stdout == run(".", "--output-format=json", "--no-cache").stdout


@pytest.mark.parametrize("jobs", ["0", "-1", "x"])
def test_a_number_of_processes_that_is_none(project, trainlint, jobs):
    assert "is not a number of processes" in trainlint(".", "--jobs", jobs).err


@pytest.mark.parametrize(("jobs", "seconds"), [("1", 0.7), ("1", 3), ("2", 0.7), ("2", 3), ("2", 6)])
def test_an_interrupted_run_ends_at_once(project, tmp_path, jobs, seconds):
    project(many(400))
    environment = dict(os.environ)
    if seconds > 1:  # in the middle of the work, however fast that is
        (tmp_path / "sitecustomize.py").write_text(SLOW)
        environment["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{ROOT}"
    checked = subprocess.Popen(
        [*COMMAND, ".", "--jobs", jobs],
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    time.sleep(seconds)
    os.killpg(checked.pid, signal.SIGINT)
    out, err = checked.communicate(timeout=60)
    assert checked.returncode in (130, -signal.SIGINT)  # the latter before the first line of ours
    assert (out, err) == (b"", b"")
    deadline = time.monotonic() + 30
    while living(checked.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not living(checked.pid)
    kept = run("train00.py", "train01.py", "shared.py", "--output-format=json")
    assert kept.stdout == run("train00.py", "train01.py", "shared.py", "--output-format=json", "--no-cache").stdout


def living(session: int) -> list[str]:
    """The processes of a session; what is only waiting to be buried is not among them."""
    listed = subprocess.run(["ps", "-e", "-o", "sid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    lines = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [line[2] for line in lines if line[0] == str(session) and not line[1].startswith("Z")]


def test_processes_end_with_the_one_that_started_them(project, tmp_path):
    project(many(400))
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    checked = subprocess.Popen(
        [*COMMAND, ".", "-q", "--jobs", "2"],
        start_new_session=True,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
    )
    deadline = time.monotonic() + 60
    while len(living(checked.pid)) < 4 and time.monotonic() < deadline:
        time.sleep(0.1)
    checked.kill()
    checked.wait(60)
    while living(checked.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not living(checked.pid)


def shown(*arguments: str) -> str:
    """What a check prints on stderr if that is a terminal."""
    ours, theirs = pty.openpty()
    checked = subprocess.Popen([*COMMAND, *arguments], stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
    except OSError:  # that is how a terminal ends
        pass
    os.close(ours)
    checked.wait(60)
    return text.decode()


def test_who_waits_in_a_terminal_sees_how_far_it_is(project):
    project(many(400))
    assert "Checking" in shown(".", "--no-cache", "--jobs", "1")
    assert "Checking" not in shown(".", "--no-cache", "--jobs", "1", "--quiet")
    assert "Checking" not in shown("shared.py", "--no-cache")
    assert "Checking" not in run(".", "--no-cache").stderr


def test_a_run_in_which_nothing_changed_needs_neither_parser_nor_interpreter(project):
    project({**many(4), "config.yaml": "a: 1\n"})
    unwanted = (
        "libcst",
        "pygls",
        "lsprotocol",
        "rich",
        "trainlint.semantics",
        "trainlint.knowledge",
        "trainlint.syntax",
    )
    code = (
        "from trainlint.cli import main\nmain(['check', '.'])\n"
        f"import sys; print(sorted(set({unwanted!r}) & set(sys.modules)))"
    )
    loaded = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in "12"]
    assert "libcst" in loaded[0].stdout.splitlines()[-1]
    assert loaded[1].stdout.splitlines()[-1] == "[]"
    assert loaded[1].stdout.splitlines()[:-1] == loaded[0].stdout.splitlines()[:-1]
