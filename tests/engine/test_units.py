"""Units that are checked again: what a change costs, and that the result is the one of a fresh check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainlint.engine import unit
from trainlint.engine.unit import UnitOptions
from trainlint.engine.units import Units
from trainlint.rules.catalogue import catalogue
from trainlint.source.contents import Content
from trainlint.source.segments import segments
from trainlint.source.source import Source
from trainlint.source.sources import Sources
from trainlint.syntax.parse import parse

TRAIN = """\
import torch
from torch import nn
from models import Net


def main():
    model = Net()
    criterion = nn.MSELoss()
    x, y = torch.randn(4, 8), torch.randn(4, 1)
    loss = criterion(model(x), y)
    loss.backward()


def unrelated(a):
    return a + 1


main()
"""
MODELS = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = nn.Linear(8, 1)

    def forward(self, x):
        return self.head(x).clamp(min=0)


def helper():
    return 10
"""
OPTIONS = UnitOptions(rules=frozenset(catalogue()))


class Desk:
    """Sources that are edited, their units, and a count of what was analysed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sources = Sources(Path("/nowhere"))
        self.texts: dict[str, Source] = {}
        self.units = Units()
        self.analysed = 0
        real = unit.check

        def counted(path: str, sources: Sources, options: UnitOptions, *watch: Callable[[], object]) -> unit.Result:
            self.analysed += 1
            return real(path, sources, options, *watch)

        monkeypatch.setattr(unit, "check", counted)
        self.write("train.py", TRAIN)
        self.write("models.py", MODELS)

    def write(self, path: str, text: str) -> None:
        source = self.texts[path] = Source.of_text(path, text, self.texts.get(path))
        self.sources.overlay(path, source)

    def check(self) -> tuple[list[str], int]:
        """The rules that speak, and how many analyses that took; the same as a fresh check finds."""
        before = self.analysed
        result = self.units.check("train.py", self.sources, OPTIONS)
        count = self.analysed - before
        fresh = Sources(Path("/nowhere"), {path: source.original for path, source in self.texts.items()})
        assert result == unit.check("train.py", fresh, OPTIONS)
        return [report.finding.rule for report in result.findings], count


@pytest.fixture
def desk(monkeypatch):
    return Desk(monkeypatch)


RULE = "relu-before-regression"
FREE = {
    "a comment above": ("train.py", "import torch\n", "# 日本語😀\nimport torch\n"),
    "a comment in the function": ("train.py", "    loss = c", "    # why\n\n    loss = c"),
    "a comment in the model": ("models.py", "        return self", "        # why\n        return self"),
    "blanks": ("train.py", "criterion(model(x), y)", "criterion( model(x) , y )"),
    "a function that does not matter": ("train.py", "a + 1", "a + 2"),
    "one in another file": ("models.py", "return 10", "return 20"),
    "a variable that nobody reads": ("train.py", "    loss = c", "    epochs = 10\n    loss = c"),
    "the beginning of a name": ("train.py", "    loss.backward", "    los\n    loss.backward"),
    "two of them in a method": (
        "models.py",
        "        self.head",
        "        dim = 8\n        heads = None\n        self.head",
    ),
    "a variable at the end of a function": ("train.py", "backward()\n", "backward()\n    done = True\n"),
    "a constant that nobody reads": ("train.py", "\n\nmain()", "\n\nepochs = 10\nmain()"),
    "one in the other file": ("models.py", "\n\ndef helper", "\n\nepochs = 10\n\n\ndef helper"),
    "one and a comment": ("train.py", "    loss = c", "    # why\n    epochs = 10  # ten\n    loss = c"),
}
DEAR = {
    "a number": ("models.py", "min=0", "min=-1", []),
    "a number that is no bool": ("models.py", "min=0", "min=0.0", [RULE]),
    "a loss": ("train.py", "MSELoss", "L1Loss", [RULE]),
    "the import": ("train.py", "from models import Net", "from module import Net", []),
    "a name that is in use": ("train.py", "\n\nmain()", "\n\ny = 1\nmain()", [RULE]),
    "a name that somebody imports": ("models.py", "\n\ndef helper", "\n\nNet = None\n\n\ndef helper", []),
    "one that is a word of a library": ("train.py", "    loss = c", "    Adam = 1\n    loss = c", [RULE]),
    "an attribute of the class": ("models.py", "    def __init__", "    training = 1\n\n    def __init__", [RULE]),
    "a statement where the path ends": ("models.py", "        return self", "        return\n        return self", []),
    "a new function": ("train.py", "\n\nmain()", "\n\ndef fresh():\n    pass\n\n\nmain()", [RULE]),
    "a mistake": ("train.py", "model(x), y)", "model(x), y", []),
}


@pytest.mark.parametrize(("path", "old", "new"), FREE.values(), ids=FREE)
def test_what_cannot_matter_costs_nothing(desk, path, old, new):
    assert desk.check() == ([RULE], 1)
    assert desk.check() == ([RULE], 0)
    desk.write(path, desk.texts[path].original.decode().replace(old, new))
    assert desk.check() == ([RULE], 0)
    desk.write(path, desk.texts[path].original.decode().replace(new, old))
    assert desk.check() == ([RULE], 0)


@pytest.mark.parametrize(("path", "old", "new", "expected"), DEAR.values(), ids=DEAR)
def test_what_may_matter_is_analysed(desk, path, old, new, expected):
    assert desk.check() == ([RULE], 1)
    desk.write(path, desk.texts[path].original.decode().replace(old, new))
    assert desk.check() == (expected, 1)
    desk.write(path, desk.texts[path].original.decode().replace(new, old))
    assert desk.check() == ([RULE], 1)


def test_places_are_told_from_what_was_analysed(desk):
    assert desk.check() == ([RULE], 1)
    for old, new in [("\n\nmain()", "\n\nepochs = 10\nmain()"), ("    loss = c", "    size = 3\n    loss = c")]:
        desk.write("train.py", desk.texts["train.py"].original.decode().replace(old, new))
        assert desk.check() == ([RULE], 0)
    desk.write("train.py", desk.texts["train.py"].original.decode().replace("epochs", "lr"))
    assert desk.check() == ([RULE], 0)
    desk.write("train.py", desk.texts["train.py"].original.decode().replace("\n\nlr = 10\n", "\n\n"))
    desk.write("models.py", MODELS.replace("    def forward", "    # it\n    def forward"))
    assert desk.check() == ([RULE], 0)
    desk.write("train.py", desk.texts["train.py"].original.decode().replace("size = 3", "size = main"))
    assert desk.check() == ([RULE], 1)


def test_a_check_may_be_broken_off(desk):
    class Enough(BaseException):
        """Nobody wants the result any more."""

    def enough() -> None:
        raise Enough

    for text in (TRAIN, TRAIN.replace("a + 1", "a + 2"), TRAIN.replace("randn(4, 8)", "randn(5, 8)")):
        desk.write("train.py", text)
        with pytest.raises(Enough):
            desk.units.check("train.py", desk.sources, OPTIONS, enough)
    assert desk.check() == ([RULE], 1)
    desk.write("train.py", TRAIN.replace("nn.MSELoss()", "nn.BCELoss()"))
    with pytest.raises(Enough):
        desk.units.check("train.py", desk.sources, OPTIONS, enough)
    desk.write("train.py", TRAIN)
    assert desk.check() == ([RULE], 1)


def test_names_of_a_module_may_be_looked_through(desk):
    desk.write("models.py", MODELS + "\n\ndef names(module):\n    return vars(module)\n")
    desk.check()
    desk.write("train.py", TRAIN.replace("\n\nmain()", "\n\nepochs = 10\nmain()"))
    assert desk.check() == ([RULE], 1)


def test_a_file_that_appears_or_goes_is_noticed(desk):
    desk.check()
    desk.write("torch.py", "")  # it is imported now instead of the library
    assert desk.check()[1] == 1
    del desk.texts["torch.py"]
    desk.sources.release("torch.py")
    assert desk.check()[1] == 1


def test_versions_share_their_statements(desk):
    first = desk.texts["train.py"]
    desk.write("train.py", TRAIN.replace("a + 1", "a + 2"))
    second = desk.texts["train.py"]
    shared = [old.content is new.content for old, new in zip(first.segments, second.segments, strict=True)]
    assert shared == [True, True, True, True, False, True]


def test_statements_that_look_alike_have_places_of_their_own(desk):
    twice = "model = Net()\nnn.MSELoss()(model(x), y).backward()\n"
    text = f"import torch\nfrom torch import nn\nfrom models import Net\nx, y = torch.randn(4, 8), torch.randn(4, 1)\n{twice}{twice}"
    desk.write("train.py", text)
    assert desk.check() == ([RULE, RULE], 1)
    desk.write("train.py", text.replace("randn(4, 8)", "randn(9, 8)"))
    assert desk.check() == ([RULE, RULE], 1)


PIECES = [
    "x",
    "=",
    "1",
    "\n",
    "    ",
    "# c",
    '"""',
    "'",
    "\\",
    "(",
    ")",
    "\n# d\n",
    " ",
    "if x:\n  pass\n",
    "\t",
    "'a'",
]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.integers(0, 12))
def test_programs_with_equal_bare_texts_are_equal(pieces, at):
    """A comment line somewhere, and what else differs only in layout."""
    for extra in ("\n# note\n", "  ", "# note", "\n\n"):
        one = "def f():\n  " + "".join(pieces)
        two = "def f():\n  " + "".join((*pieces[:at], extra, *pieces[at:]))
        first, second = segments(one.encode())[0], segments(two.encode())[0]
        if first.content.bare == second.content.bare and valid(first.content) and valid(second.content):
            assert repr(parse(first)) == repr(parse(second))
        if first.content.bare == second.content.bare:
            assert valid(first.content) == valid(second.content)


def valid(content: Content) -> bool:
    import libcst

    try:
        libcst.parse_module(content.data)
    except libcst.ParserSyntaxError:
        return False
    return True
