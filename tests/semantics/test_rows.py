"""Which rows of which data a value was made of, and what two such sets have in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainlint.engine.unit import analyse
from trainlint.knowledge.library import standard
from trainlint.run import Input
from trainlint.semantics.rows import BACK, FRONT, End, Picked, Relation, Rows, Slice, overlap, relation
from trainlint.semantics.values import Node
from trainlint.source.sources import Sources

EQUAL, DISJOINT, OVERLAPPING, UNKNOWN = Relation.EQUAL, Relation.DISJOINT, Relation.OVERLAPPING, Relation.UNKNOWN
ROOT = Node("data", None)

ENDS = st.integers(-12, 12) | st.none()
SLICES = st.tuples(ENDS, ENDS)


def of(*ends: tuple[int | None, int | None]) -> Rows:
    made = [
        Slice(
            FRONT if start is None else End(start, start < 0), BACK if stop is None else End(stop, stop < 0)
        )
        for start, stop in ends
    ]  # fmt: skip
    return Rows(ROOT, tuple(made))


@given(SLICES, SLICES, st.integers(1, 40))
def test_what_is_said_of_slices_is_true_of_every_length(a, b, count):
    one, other = ({*range(count)[slice(*each)]} for each in (a, b))
    said = relation(of(a), of(b))
    if not one or not other:
        return  # every selection is taken to leave something
    if said is EQUAL:
        assert one == other
    if said is DISJOINT:
        assert not one & other
    if said is OVERLAPPING:
        assert one & other


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        ((None, 100), (100, None), DISJOINT),
        ((None, -100), (-100, None), DISJOINT),
        ((None, 100), (50, None), OVERLAPPING),
        ((None, 100), (None, 20), OVERLAPPING),
        ((None, -100), (-200, None), OVERLAPPING),
        ((10, 20), (10, 20), EQUAL),
        ((None, 100), (-100, None), UNKNOWN),
    ],
)
def test_slices(a, b, said):
    assert relation(of(a), of(b)) is said
    assert relation(of(b), of(a)) is said


def test_a_part_shares_rows_with_its_whole():
    assert relation(of((None, 100)), Rows(ROOT)) is OVERLAPPING
    assert of((None, 100)) in Rows(ROOT)
    assert Rows(ROOT) not in of((None, 100))


def test_of_other_data_nothing_is_said():
    assert relation(Rows(ROOT), Rows(Node("data", None))) is UNKNOWN


def test_rows_may_come_twice_where_their_numbers_do():
    first, second = of((None, 100)), of((100, None))
    drawn = [Rows(ROOT, (Picked(each, once=False),)) for each in (first, second)]
    permuted = [Rows(ROOT, (Picked(each, once=True),)) for each in (first, second)]
    assert relation(*drawn) is UNKNOWN
    assert relation(*permuted) is DISJOINT


# In programs ----------------------------------------------------------------------------------------------------------

HEAD = """
import numpy as np
import pandas as pd
import torch
import keras
from sklearn.datasets import load_wine
from sklearn.model_selection import KFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import shuffle
from torch import nn
from torch.utils.data import DataLoader, Subset, TensorDataset, random_split

net = nn.Linear(3, 3)
x, y = load_wine(return_X_y=True)


def learn(a):
    nn.functional.mse_loss(net(torch.as_tensor(a)), torch.zeros(3)).backward()


def judge(a):
    with torch.no_grad():
        print(net(torch.as_tensor(a)).sum())


"""


def inputs(steps: str) -> tuple[Input, Input]:
    """What is trained with, and what is not."""
    program = HEAD + steps
    found = analyse("a.py", Sources(Path("/nowhere"), {"a.py": program.encode()}), standard()).inputs
    trained = [each for each in found if each.trained]
    judged = [each for each in found if not each.trained]
    assert trained, "something is trained"
    assert judged, "something is judged"
    return trained[0], judged[0]


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("learn(x[:100])\njudge(x[100:])", DISJOINT),
        ("n = int(0.8 * len(x))\nlearn(x[:n])\njudge(x[n:])", DISJOINT),
        ("n = int(0.8 * len(x))\nlearn(x[:n])\njudge(x)", OVERLAPPING),
        ("learn(x)\njudge(x)", EQUAL),
        ("learn(x[:100])\njudge(x[50:])", OVERLAPPING),
        ("learn(x[:100, :3])\njudge(x[100:, :3] / 2)", DISJOINT),
        ("learn(x[:150][:100])\njudge(x[100:])", DISJOINT),
        ("learn(x[:len(x) // 2])\njudge(x[len(x) // 3:])", UNKNOWN),
        ("a, b = train_test_split(x)\nlearn(a)\njudge(b)", DISJOINT),
        ("a, b = train_test_split(x)\nlearn(a)\njudge(x)", OVERLAPPING),
        ("a, b = train_test_split(x)\nc, d = train_test_split(a)\nlearn(c)\njudge(b)", DISJOINT),
        ("a, b = train_test_split(x)\nc, d = train_test_split(a)\nlearn(c)\njudge(d)", DISJOINT),
        ("a, b = train_test_split(x)\nc, d = train_test_split(x)\nlearn(a)\njudge(d)", UNKNOWN),
        ("order = np.random.permutation(len(x))\nlearn(x[order[:100]])\njudge(x[order[100:]])", DISJOINT),
        ("order = torch.randperm(len(x))\nlearn(x[order[:-50]])\njudge(x[order[-50:]])", DISJOINT),
        ("picks = np.random.randint(0, 150, 150)\nlearn(x[picks[:100]])\njudge(x[picks[100:]])", UNKNOWN),
        ("x = x[np.random.permutation(len(x))]\nlearn(x[:100])\njudge(x[100:])", DISJOINT),
        ("x, y = shuffle(x, y)\nlearn(x[:100])\njudge(x[100:])", DISJOINT),
        ("keep = np.random.rand(len(x)) < 0.8\nlearn(x[keep])\njudge(x[~keep])", DISJOINT),
        ("keep = np.random.rand(len(x)) < 0.8\nlearn(x[keep])\njudge(x[keep])", EQUAL),
        ("for a, b in KFold(5).split(x):\n    learn(x[a])\n    judge(x[b])", DISJOINT),
        ("for a, b in KFold(5).split(x):\n    learn(x[a])\n    judge(x)", OVERLAPPING),
        ("t = pd.DataFrame(x)\nlearn(t.iloc[:100].values)\njudge(t.iloc[100:].values)", DISJOINT),
        ("t = pd.DataFrame(x)\na, b = train_test_split(t[[0, 12]])\nlearn(a.values)\njudge(b.values)", DISJOINT),
        ("learn(x[:100])\njudge(x[unheard_of()])", UNKNOWN),
        ("a, b = random_split(TensorDataset(torch.tensor(x), torch.tensor(y)), [100, 78])\n"
         "for batch, _ in DataLoader(a, 8):\n    learn(batch)\nfor batch, _ in DataLoader(b, 8):\n    judge(batch)",
         DISJOINT),
        ("for batch, _ in DataLoader(TensorDataset(torch.tensor(x), torch.tensor(y)), 8):\n    learn(batch)\njudge(x)",
         EQUAL),
        ("a, b = train_test_split(x)\nfor start in range(0, 100, 8):\n    learn(a[start : start + 8])\njudge(b)",
         DISJOINT),
        ("x = x.reshape(len(x), -1)\nlearn(x[:100])\njudge(x[100:])", DISJOINT),
        ("x = x[:, :3][:, None]\nlearn(x[:100])\njudge(x[100:])", DISJOINT),
        ("t = x.T\nlearn(t[:6])\njudge(t[6:])", DISJOINT),
        ("t = x.T\nlearn(t[:6])\njudge(x)", UNKNOWN),
        ("both = np.concatenate([x[:100], x[100:]])\nlearn(both)\njudge(x[100:])", UNKNOWN),
        ("order = np.random.permutation(len(x))\nlearn(x[order])\njudge(x[order + 1])", UNKNOWN),
        ("for row in x:\n    learn(row)\njudge(x[:10])", OVERLAPPING),
        ("parts = Subset(TensorDataset(torch.tensor(x)), range(50))\nlearn(parts[0][0])\njudge(x)", OVERLAPPING),
        ("model = keras.Sequential([keras.layers.Dense(1)])\nmodel.compile('sgd', 'mse')\n"
         "a, b, c, d = train_test_split(x, y)\nmodel.fit(a, c)\nmodel.evaluate(b, d)", DISJOINT),
    ],
)  # fmt: skip
def test_what_is_trained_with_and_what_is_judged(steps, said):
    trained, judged = inputs(steps)
    assert overlap(trained.data, judged.data) is said
    assert overlap(judged.data, trained.data) is said


LEAKS = {
    "before the split": "x = StandardScaler().fit_transform(x)\na, b = train_test_split(x)",
    "of all rows": "scaler = StandardScaler().fit(x)\na, b = map(scaler.transform, (x[:100], x[100:]))",
    "by hand": "x = (x - x.mean(axis=0)) / x.std(axis=0)\na, b = x[:100], x[100:]",
    "in a pipeline": "x = make_pipeline(StandardScaler()).fit_transform(x)\na, b = x[:100], x[100:]",
    "of the test": "a, b = train_test_split(x)\na, b = (StandardScaler().fit_transform(each) for each in (a, b))",
}
SOUND = {
    "after the split": "a, b = train_test_split(x)\nscaler = StandardScaler()\n"
    "a, b = scaler.fit_transform(a), scaler.transform(b)",
    "of some rows": "scaler = StandardScaler().fit(x[:100])\na, b = scaler.transform(x[:100]), scaler.transform(x[100:])",
    "by hand": "a, b = x[:100], x[100:]\nmean, std = a.mean(axis=0), a.std(axis=0)\n"
    "a, b = (a - mean) / std, (b - mean) / std",
    "in a pipeline": "a, b = train_test_split(x)\nsteps = make_pipeline(StandardScaler())\n"
    "a, b = steps.fit_transform(a), steps.transform(b)",
}
USED = "\nlearn(a)\njudge(b)"


def leaks(judged: Input) -> bool:
    """Whether what is judged was scaled by statistics of rows that are judged."""
    fitted = [value for step in judged.rescalings for value in step.fitted]
    assert fitted, "it was scaled by statistics"
    return any(overlap(value, judged.data).shares for value in fitted)


@pytest.mark.parametrize("name", LEAKS)
def test_statistics_of_rows_that_are_judged(name):
    assert leaks(inputs(LEAKS[name] + USED)[1])


@pytest.mark.parametrize("name", SOUND)
def test_statistics_of_other_rows(name):
    assert not leaks(inputs(SOUND[name] + USED)[1])


def test_a_table_from_a_file_has_rows_too():
    program = (
        HEAD + "t = pd.read_csv('wine.csv').values\na, b = train_test_split(StandardScaler().fit_transform(t))\n" + USED
    )
    run = analyse("a.py", Sources(Path("/nowhere"), {"a.py": program.encode()}), standard())
    held = run.machine.program.namespace(run.machine, "a.py")
    run.machine.revive()
    a, b, t = (run.machine.heap.get(held, name) for name in ("a", "b", "t"))
    assert overlap(a, b) is DISJOINT
    assert overlap(a, t) is OVERLAPPING
