"""What is said of tables is what pandas, scikit-learn and SciPy make of them."""

from __future__ import annotations

import inspect
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import yaml
from sklearn import datasets
from sklearn.experimental import enable_iterative_imputer
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.preprocessing import Binarizer, OneHotEncoder

from tests.frameworks.test_data import resolved
from tests.run.test_tables import ASSIGNED, COLUMNS, HEAD, STEPS
from trainlint.knowledge.library import standard
from trainlint.knowledge.schema import Entry

KNOWLEDGE = standard()
assert enable_iterative_imputer, "importing it makes an imputer available"
pytestmark = pytest.mark.filterwarnings("ignore:The inplace keyword")
LOADERS = ["load_iris", "load_wine", "load_breast_cancer", "load_diabetes"]
LOADED = "fetch_california_housing"  # from the net


def run(steps: str) -> np.ndarray:
    """What a program gives as ``x``."""
    held: dict[str, Any] = {}
    exec(HEAD + steps, held)
    x = held["x"]
    return np.asarray(x.toarray() if scipy.sparse.issparse(x) else x, dtype=float)


@pytest.mark.parametrize(("steps", "fills"), [each for each in COLUMNS if LOADED not in each[0]])
def test_columns_hold_what_is_said_of_them(steps: str, fills: tuple[float, float]) -> None:
    x = run(steps)
    assert fills[0] - 1e-2 <= x.min() <= x.max() <= fills[1] + 1e-2
    if not any(word in steps for word in ("[:", "sample", "split", "> 12", "KFold", "3, 4, 5")):  # all rows
        assert np.allclose([x.min(), x.max()], fills, atol=1e-2)


@pytest.mark.parametrize(("steps", "fills"), [*ASSIGNED, *(each for each in STEPS if each[1] is not None)])
def test_what_is_made_of_columns_lies_where_it_is_said_to(steps: str, fills: tuple[float, float]) -> None:
    x = run(steps)
    usual = fills[0] == -3.0 or fills[1] == 3.0  # mean 0 and deviation 1: nearly all of it
    inside = (x >= fills[0] - 1e-2) & (x <= fills[1] + 1e-2)
    assert inside.mean() > 0.98 if usual else inside.all()


@pytest.mark.parametrize("name", LOADERS)
def test_columns_have_the_names_that_are_said(name: str) -> None:
    bunch = getattr(datasets, name)(as_frame=True)
    entry = KNOWLEDGE.entries[f"sklearn.datasets.{name}"]
    said = entry.set.get("names") or entry.set["gives"][0]["names"]
    assert said == list(bunch.feature_names)
    assert [*said, "target"] == list(bunch.frame.columns)
    assert bunch.target.name == "target"


def test_what_was_not_scaled_for_its_users() -> None:
    held, _ = datasets.load_diabetes(return_X_y=True, scaled=False)
    said = KNOWLEDGE.entries["sklearn.datasets.load_diabetes"].set["cases"][False][0]["features"]
    assert np.allclose(np.stack([held.min(axis=0), held.max(axis=0)], axis=1), said, atol=1e-4)


# Encodings ------------------------------------------------------------------------------------------------------------

POSTS = ["a cat and a dog and a cat", "no dog", "cat cat cat cat cat cat", "a bird"]
CLASSES = np.array([["red"], ["green"], ["red"], ["blue"]])


@pytest.mark.parametrize(
    ("made", "given"),
    [
        (TfidfVectorizer(), POSTS),
        (TfidfVectorizer(norm="l1"), POSTS),
        (TfidfVectorizer(norm=None), POSTS),
        (TfidfVectorizer(sublinear_tf=True), POSTS),
        (CountVectorizer(), POSTS),
        (CountVectorizer(binary=True), POSTS),
        (HashingVectorizer(), POSTS),
        (HashingVectorizer(norm=None), POSTS),
        (HashingVectorizer(alternate_sign=False), POSTS),
        (OneHotEncoder(), CLASSES),
        (OneHotEncoder(sparse_output=False), CLASSES),
        (Binarizer(), np.array([[3.0], [-3.0]])),
    ],
    ids=str,
)
def test_encodings(made: Any, given: Any) -> None:
    cls = type(made)
    name = next(each for each in KNOWLEDGE.entries if each.startswith("sklearn.") and each.endswith(cls.__name__))
    said = KNOWLEDGE.entries[name].methods["fit_transform"].set
    told = made.get_params()
    (low, high) = said["range"]
    for parameter, cases in said.get("cases", {}).items():
        low, high = cases.get(told[parameter], (low, high))
    found = made.fit_transform(given)
    dense = "sparse" not in said or any(told[each] is False for each in said["sparse"])
    assert scipy.sparse.issparse(found) != dense
    values = found if dense else found.toarray()
    assert low <= values.min() <= values.max() <= high
    if high == float("inf"):
        assert values.max() > 1
    for parameter, default in KNOWLEDGE.entries[name].parameters or ():
        assert inspect.signature(cls).parameters[parameter].default == default


# Signatures -----------------------------------------------------------------------------------------------------------


GONE = {"sklearn.cross_validation.train_test_split", "scipy.sparse.csr_matrix.A"}
OURS = ("pandas.iloc", "pandas.loc")  # what `table.iloc` and `table.loc` are


def entries() -> list[tuple[str, Entry]]:
    text = (files("trainlint") / "knowledge" / "transforms.yaml").read_text(encoding="utf-8")
    named = [name for name in yaml.safe_load(text) if name.startswith(("pandas.", "scipy.", "sklearn."))]
    return [(name, KNOWLEDGE.entries[name]) for name in named if name not in GONE]


def existing() -> list[str]:
    names = [name for top, entry in entries() for name in (top, *entry.also)]
    return [each for each in names if each not in GONE and not each.startswith(OURS)]


@pytest.mark.parametrize("name", existing())
def test_the_library_has_it(name: str) -> None:
    assert resolved(name) is not None


CALLED = [(name, entry) for name, entry in entries() if callable(resolved(name)) and entry.parameters]


@pytest.mark.parametrize(("name", "entry"), CALLED, ids=[name for name, _ in CALLED])
def test_parameters_are_those_of_the_library(name: str, entry: Entry) -> None:
    real = inspect.signature(resolved(name)).parameters
    is_method = name.count(".") > 1 and inspect.isclass(resolved(name.rpartition(".")[0]))
    for parameter, default in (entry.parameters or ())[int(is_method) :]:
        if parameter not in real:
            assert parameter.startswith("*") or "kwargs" in real, parameter
            continue
        held = real[parameter].default
        if parameter not in entry.required and isinstance(default, bool | int | float | str):
            assert held == default or held in (None, inspect.Parameter.empty) or repr(held) == "<no_default>"


def test_a_table_can_be_written_into_by_name_and_by_position() -> None:
    table = pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]})
    table.loc[:, "a"] = 0.0
    table.iloc[:, 1] = 5.0
    assert table.to_numpy().tolist() == [[0.0, 5.0], [0.0, 5.0]]
