"""Numbers are followed to where they were written: each program under ``numbers/`` says what reaches ``lr``.

A program goes on from ``import torch; model = torch.nn.Linear(3, 1)`` and, unless it makes optimizers itself, ends with
one that takes ``lr``. Its last line says what that is: the range, what ships where somebody can set another value, who
can, and the line on which the number was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.run import Run
from trainlint.semantics.evidence import explain, maker
from trainlint.semantics.intervals import number_text
from trainlint.semantics.values import Choice, Nothing, Number, Text, Unknown, Value
from trainlint.source.sources import Sources

_FOLDER = Path(__file__).parent / "numbers"
_CASE = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```\w+(?: title=(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"^# lr: (.+)\n\Z", re.MULTILINE)
_BEFORE = "import torch; model = torch.nn.Linear(3, 1); nn = torch.nn\n"
_AFTER = "torch.optim.SGD(model.parameters(), lr=lr)\n"


@frozen
class Case:
    """A project of which `train.py` is the root, and what reaches its optimizer."""

    name: str
    files: dict[str, str]
    expected: str


def cases() -> Iterator[Case]:
    """Every program under `numbers/`."""
    for page in sorted(_FOLDER.glob("*.md")):
        parts = _CASE.split(page.read_text(encoding="utf-8"))
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            files = {title or "train.py": content for title, content in _FENCE.findall(text)}
            found = _EXPECTED.search(files["train.py"])
            assert found is not None, name
            yield Case(f"{page.stem}: {name}", files, found.group(1))


def analysed(files: dict[str, str], folder: Path) -> Run:
    program = files["train.py"]
    ending = "" if "torch.optim" in program or "instantiate" in program else _AFTER
    # What every program needs stands before its first line, so that lines keep their numbers.
    whole = {**files, "train.py": _BEFORE.rstrip("\n") + "\n" + program + ending}
    return analyse("train.py", Sources(folder, {name: text.encode() for name, text in whole.items()}), standard())


def rates(run: Run) -> list[Value]:
    """The learning rates of all optimizers, in the order in which they were made."""
    state = run.machine.state or run.machine.last
    assert state is not None
    held = [state.heap.get(made.optimizer.id, "lr") for made in run.facts.optimizers]
    return [value for value in held if value is not None]


def described(value: Value, run: Run) -> str:
    """A value in the words of the pages."""
    if isinstance(value, Choice):
        return " | ".join(described(option, run) for _, option in value.options)
    if isinstance(value, Number):
        parts = [number_text(float(value.exact)) if isinstance(value.exact, int | float) else str(value.range)]
        if value.shipped is not None:
            parts.append(f"ships {number_text(float(value.shipped))}")
        return ", ".join([*parts, *sorted(value.taint), *_written(value, run)])
    if isinstance(value, Unknown):
        return ", ".join(["unknown", *sorted(value.taint)])
    if isinstance(value, Text):
        return f"text {value.value!r}"
    return "None" if isinstance(value, Nothing) else type(value).__name__


def _written(value: Number, run: Run) -> Iterator[str]:
    node = maker(value, "number")
    span = None if node is None or node.place is None else run.span(node.place)
    if span is None or span.path.startswith("stub:"):
        return
    source = run.machine.program.source(span.path)
    assert source is not None
    line = source.lines.place(span.start)[0]
    yield f"line {line - 1}" if span.path == "train.py" else f"{span.path} {line}"


@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_what_reaches_the_optimizer(case: Case, tmp_path: Path) -> None:
    run = analysed(case.files, tmp_path)
    assert " & ".join(described(value, run) for value in rates(run)) == case.expected


def test_the_way_from_the_use_to_the_default(tmp_path: Path) -> None:
    program = "def scaled(lr):\n    return lr * 2\n\nlr = scaled(0.1)\n"
    run = analysed({"train.py": program}, tmp_path)
    (value,) = rates(run)
    assert [step.op for step in explain(value, "number")] == ["literal", "return"]


def test_a_number_is_read_from_an_unsaved_file(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"lr": 0.1}', encoding="utf-8")
    program = "import json\nlr = json.load(open('config.json'))['lr']\n"
    (saved,) = rates(analysed({"train.py": program}, tmp_path))
    (unsaved,) = rates(analysed({"train.py": program, "config.json": '{"lr": 0.2}'}, tmp_path))
    assert isinstance(saved, Number) and saved.exact == 0.1
    assert isinstance(unsaved, Number) and unsaved.exact == 0.2


def test_files_outside_of_the_project_are_not_read(tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    outside.write_text('{"lr": 0.1}', encoding="utf-8")
    folder = tmp_path / "project"
    folder.mkdir()
    for path in (str(outside), "../outside.json"):
        program = f"import json\nlr = json.load(open({path!r}))['lr']\n"
        (value,) = rates(analysed({"train.py": program}, folder))
        assert isinstance(value, Unknown) and value.taint == {"file"}
