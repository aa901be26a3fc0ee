"""What is kept between runs: a run that uses it says what one without it says, whatever has changed meanwhile."""

from __future__ import annotations

import os
import random
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from trainlint.engine.examining import Examiner
from trainlint.engine.facts import Facts
from trainlint.engine.reading import Reading
from trainlint.engine.results import Task, UnitOptions
from trainlint.engine.unit import check
from trainlint.rules.catalogue import catalogue
from trainlint.source.discovery import discover
from trainlint.source.sources import Sources

ROOT = Path(__file__).parents[2]
DATABASE = Path(".trainlint_cache/results.db")
TRAIN = """\
import torch
import yaml
from torch import nn
from models import Net
from parts import *

with open("config.yaml") as file:
    config = yaml.safe_load(file)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=config["lr"])
for x, y in torch.utils.data.DataLoader(data, batch_size=8, shuffle=True):
    loss = criterion(net(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
MODELS = """\
from torch import nn


class Net(nn.Sequential):
    def __init__(self):
        super().__init__(nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 1), nn.ReLU())
"""
SOUND = MODELS.replace(", nn.ReLU()", "")
PROJECT = {
    "train.py": TRAIN,
    "models.py": MODELS,
    "parts/__init__.py": "from torch import nn\ncriterion = nn.MSELoss()\n",
    "config.yaml": "lr: 0.001\n",
    "main.py": "import train\n",
    "trainlint.toml": "",
    "unrelated.py": "x = 1\n",
}


@pytest.fixture
def agree(project, trainlint) -> Callable[..., int]:
    """Checks with and without the cache, expects the same, and gives how many files were known."""

    def run(*options: str) -> int:
        without = trainlint(".", *options, "--output-format=json", "--no-cache")
        kept = trainlint(".", *options, "--output-format=json", "-v")
        assert (kept.out, kept.code) == (without.out, without.code)
        known = re.search(r"(\d+) files? known from earlier runs", kept.err)
        assert known is not None
        return int(known[1])

    return run


def rules(trainlint) -> set[str]:
    return {finding["rule"] for finding in trainlint(".", "--output-format=json").findings}


def test_nothing_is_checked_again(project, trainlint, agree):
    project(PROJECT)
    assert agree() == 0
    assert agree() == 5
    assert "relu-before-regression" in rules(trainlint)


def test_an_edit_costs_what_rests_on_it(project, agree):
    project(PROJECT)
    agree()
    project({"unrelated.py": "x = 2\n"})
    assert agree() == 4
    project({"models.py": SOUND})
    assert agree() == 2  # parts and unrelated.py
    project({"config.yaml": "lr: 20\n"})
    assert agree() == 4  # not train.py
    project({"models.py": MODELS, "config.yaml": "lr: 0.001\n"})
    assert agree() == 2


def test_a_time_that_did_not_change_does_not_hide_an_edit(project, trainlint, agree):
    project(PROJECT)
    for path in PROJECT:
        os.utime(path, ns=(10**18, 10**18))
    agree()
    agree()
    changed = PROJECT["config.yaml"].replace("0.001", "20.00")
    project({"config.yaml": changed})
    os.utime("config.yaml", ns=(10**18, 10**18))
    assert agree() == 4
    assert "learning-rate-too-high" in rules(trainlint)


def test_a_file_that_is_new_may_be_meant_by_an_import(project, trainlint, agree):
    project(PROJECT)
    agree()
    project({"models/__init__.py": SOUND})  # a package comes before a module
    assert agree() == 3
    assert "relu-before-regression" not in rules(trainlint)
    shutil.rmtree("models")
    assert agree() == 3
    assert "relu-before-regression" in rules(trainlint)
    project({"parts/data.py": "from torch import rand\nx = rand(8)\n"})  # a module behind a star import
    assert agree() == 3


def test_a_file_that_no_import_can_mean_costs_nothing(project, agree):
    project(PROJECT)
    agree()
    project({"runs/events.log": "", "notes.py": ""})
    assert agree() == 5
    assert agree() == 6


def test_a_file_that_is_gone(project, trainlint, agree):
    project(PROJECT)
    agree()
    os.unlink("models.py")
    assert agree() == 2
    assert "relu-before-regression" not in rules(trainlint)
    project({"src/models.py": MODELS})
    assert agree() == 2
    assert "relu-before-regression" in rules(trainlint)
    os.unlink("config.yaml")
    agree()


def test_settings_and_options(project, trainlint, agree):
    project(PROJECT)
    agree()
    assert agree("--select", "optimizer") == 0
    assert agree("--severity", "relu-before-regression=info") == 5
    assert agree("--min-confidence", "low") == 5
    project({"trainlint.toml": '[per-file-ignores]\n"train.py" = ["output"]\n'})
    agree()
    assert "relu-before-regression" not in rules(trainlint)
    project({"trainlint.toml": "[options.learning-rate-too-high]\nfactor = 0.001\n"})
    assert agree() == 0
    assert "learning-rate-too-high" in rules(trainlint)


def test_knowledge_of_the_project(project, trainlint, agree):
    project({**PROJECT, "trainlint.toml": 'knowledge = ["own.yaml"]\n', "own.yaml": "{}\n"})
    agree()
    assert agree() == 5
    project({"own.yaml": "quiet: [own]\n"})
    assert agree() == 0


def test_ignore_comments(project, trainlint, agree):
    project(PROJECT)
    agree()
    project({"models.py": MODELS.replace("nn.ReLU())", "nn.ReLU())  # trainlint: ignore[relu-before-regression] so")})
    agree()
    agree()
    assert "relu-before-regression" not in rules(trainlint)


def test_the_same_files_seen_from_elsewhere(project, trainlint, agree):
    project({f"deep/{name}": text for name, text in PROJECT.items()})
    agree()
    os.chdir("deep")
    assert agree() == 0
    assert agree() == 5
    os.chdir("..")
    assert agree() == 5


def test_stdin_is_not_kept(project, trainlint):
    project(PROJECT)
    trainlint("-", "--stdin-filename", "train.py", stdin=TRAIN.encode())
    assert not DATABASE.exists()


def test_a_file_outside_is_known_too(project, agree, tmp_path):
    project(PROJECT)
    agree()
    (tmp_path / "other.py").write_text("import torch\nfor x in\n")
    assert agree("../other.py") == 5
    assert agree("../other.py") == 6
    (tmp_path / "other.py").write_text("import torch\n")
    assert agree("../other.py") == 5


@pytest.mark.parametrize("seed", range(6))
def test_any_edits(project, agree, seed):
    """Whatever is written, moved or removed in whatever order."""
    chance = random.Random(seed)
    project(PROJECT)
    texts = [*PROJECT.values(), SOUND, "", "import models\n", "from . import *\n", "lr: 20\n", "from models import *\n"]
    places = [
        *PROJECT,
        "models/__init__.py",
        "src/models.py",
        "parts/models.py",
        "src/parts.py",
        "torch.py",
        "x/main.py",
    ]
    places.remove("trainlint.toml")
    for _ in range(12):
        for _ in range(chance.choice((1, 1, 2))):
            path = Path(chance.choice(places))
            if path.is_file() and chance.random() < 0.4:
                path.unlink()
                if chance.random() < 0.5 and path.parent != Path() and not any(path.parent.iterdir()):
                    path.parent.rmdir()
            elif not path.is_dir():
                project({str(path): chance.choice(texts)})
        agree()


# A cache that is not as it should be


def test_a_changed_byte_is_noticed(project, agree):
    project(PROJECT)
    agree()
    chance, sound = random.Random(1), DATABASE.read_bytes()
    for _ in range(40):
        broken = bytearray(sound)
        for _ in range(chance.choice((1, 3, 200))):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        for path in DATABASE.parent.glob("results.db*"):
            path.unlink()
        DATABASE.write_bytes(bytes(broken))
        agree()


@pytest.mark.parametrize("text", [b"", b"no database at all" * 300, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_file_that_is_no_database(project, trainlint, agree, text):
    project({**PROJECT, str(DATABASE): text})
    assert agree() == 0
    assert agree() == 5  # it has been written anew


def test_what_is_wrong_is_said_to_those_who_ask(project, trainlint):
    project({**PROJECT, str(DATABASE): b"no database at all" * 300})
    assert "the cache is of no use" not in trainlint(".").err
    project({str(DATABASE): b"no database at all" * 300})
    run = trainlint(".", "-v")
    assert "the cache is of no use: " in run.err
    assert "not a database" in run.err
    assert run.code == 1


def test_a_cache_that_another_run_has_locked(project, trainlint, agree):
    project(PROJECT)
    agree()
    project({"unrelated.py": "x = 2\n"})
    database = sqlite3.connect(DATABASE)
    database.execute("PRAGMA locking_mode = EXCLUSIVE")
    database.execute("BEGIN EXCLUSIVE")
    assert agree() == 0
    assert "database is locked" in trainlint(".", "-v").err
    database.close()
    assert agree() == 4


def test_a_cache_that_cannot_be_made(project, trainlint, agree):
    project({**PROJECT, ".trainlint_cache": "a file\n"})
    assert agree() == 0
    assert "the cache is of no use: " in trainlint(".", "-v").err


def test_another_version_of_the_program(project, agree):
    project(PROJECT)
    agree()
    with sqlite3.connect(DATABASE) as database:
        database.execute("UPDATE program SET identity = 'older'")
    database.close()
    assert agree() == 0
    assert agree() == 5


def test_the_folder_says_what_it_is(project, trainlint):
    project(PROJECT)
    trainlint(".")
    assert (DATABASE.parent / ".gitignore").read_text() == "*\n"
    assert (DATABASE.parent / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_clean(project, trainlint):
    project(PROJECT)
    trainlint(".")
    assert DATABASE.exists()
    run = trainlint("clean")
    assert run.code == 0
    assert ".trainlint_cache" in run.err
    assert not DATABASE.parent.exists()
    assert (trainlint("clean").code, trainlint("clean").err) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="no such names")
def test_a_name_that_is_no_unicode(project, agree):
    project(PROJECT)
    with open(b"caf\xe9.py", "w") as file:
        file.write("import torch\nfor x in\n")
    agree()
    assert agree() >= 5


# What a result rests on


def programs() -> list[str]:
    found = discover(["examples", "tests/blind", "trainlint/knowledge/stubs"], cwd=ROOT).files
    assert len(found) > 50
    return list(found)


def test_a_result_rests_on_all_that_was_asked():
    """What units share is asked for once; a unit that shares nothing shows what each of them must rest on."""
    sources = Sources(ROOT, steady=True)
    together = Examiner(sources, recording=True)
    for path in programs()[::3]:
        source = sources.get(path)
        assert source is not None
        options = UnitOptions(frozenset(catalogue()), assume=Facts.of(source).uses_framework)
        alone = Reading(sources)
        check(path, alone, options)
        rests = together.outcome(Task(path, options)).rests
        asked = {(kind, place) for kind, place, _ in rests}
        assert {("text", text) for text in alone.texts} <= asked
        listed = {place for kind, place in asked if kind == "names"}
        for stem, module in alone.modules.items():
            assert ("module", stem) in asked or os.path.dirname(stem) in listed, (path, stem)
            if module is not None and module.endswith("__init__.py"):
                assert ("module", stem) in asked or stem in listed, (path, stem)
        assert {("file", place) for place in alone.existing} <= asked
        assert {("folder", place) for place in alone.folders} <= asked


EARLY = """\
import torch
from torch import nn

net = nn.Linear(8, 1)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for x, y in torch.utils.data.DataLoader(data, batch_size=8, shuffle=True):
    loss = criterion(net(x), y)
    loss.backward()
    optimizer.zero_grad()
    optimizer.step()
"""


def test_fixed_files_are_other_files(project, trainlint, agree):
    project({**PROJECT, "early.py": EARLY})
    agree()
    assert "zero-grad-before-step" in rules(trainlint)
    assert trainlint(".", "--unsafe-fixes", "--diff").out
    assert agree("--unsafe-fixes", "--diff") == 6
    fixed = trainlint(".", "--unsafe-fixes", "--output-format=json")
    assert Path("early.py").read_text() != EARLY
    assert fixed.out == trainlint(".", "--output-format=json", "--no-cache").out
    assert agree() == 5
    assert "zero-grad-before-step" not in rules(trainlint)
