"""Tables: columns keep their scales by name and by position, whatever is done to the others."""

from __future__ import annotations

import pytest

from tests.run.programs import rules
from tests.run.test_inputs import met

HEAD = """
import numpy as np
import pandas as pd
import scipy.sparse
import torch
from sklearn.compose import ColumnTransformer, make_column_transformer
from sklearn.datasets import fetch_california_housing, load_wine
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import SimpleImputer
from sklearn.model_selection import KFold, train_test_split
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler
from torch import nn

wine = load_wine()
names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m"]
table = pd.DataFrame(wine.data, columns=names)
"""
TRAINED = """
net = nn.Linear(3, 3)
nn.functional.mse_loss(net(torch.as_tensor(x)), torch.zeros(3)).backward()
"""
A, M, A_TO_M = (11.03, 14.83), (278.0, 1680.0), (11.03, 1680.0)
ALL, BUT_M = (0.13, 1680.0), (0.13, 162.0)
USUAL, UNIT = (-3.0, 3.0), (0.0, 1.0)


def reached(steps: str) -> list[tuple[float, float]]:
    return met(HEAD + steps + TRAINED)


COLUMNS = [
    ("x = table.values", ALL),
    ("x = table['a'].values", A),
    ("x = table.m.to_numpy().reshape(-1, 1)", M),
    ("x = table[['a', 'm']].values", A_TO_M),
    ("x = table[table.columns[:3]].values", (0.74, 14.83)),
    ("x = table[[each for each in table.columns if each != 'm']].values", BUT_M),
    ("x = table[[each for each in table if each != 'm']].values", BUT_M),
    ("x = table.loc[:, ['a', 'm']].values", A_TO_M),
    ("x = table.loc[:, 'a':'d'].values", (0.74, 30.0)),
    ("x = table.loc[table['a'] > 12, 'm'].values", M),
    ("x = table.iloc[:, :-1].values", BUT_M),
    ("x = table.iloc[:50, [0, 12]].to_numpy()", A_TO_M),
    ("x = table.iloc[:, -1].values", M),
    ("x = table.drop(columns=['m']).values", BUT_M),
    ("x = table.drop('m', axis=1).values", BUT_M),
    ("table.drop('m', axis='columns', inplace=True)\nx = table.values", BUT_M),
    ("del table['m']\nx = table.values", BUT_M),
    ("target = table.pop('m')\nx = table.values", BUT_M),
    ("target = table.pop('m')\nx = target.values", M),
    ("x = table.rename(columns={'m': 'proline'})[['proline']].values", M),
    ("table.columns = [each.upper() for each in table.columns]\nx = table['M'].values", M),
    ("table['class'] = wine.target\nx = table.drop(columns='class').values", ALL),
    ("table.insert(0, 'class', wine.target)\nx = table.iloc[:, 1:].values", ALL),
    ("x = table[table['a'] > 12].dropna().reset_index(drop=True)[['m']].values", M),
    ("x = table.sample(frac=0.8).astype('float32')[['m']].values", M),
    ("x, held_out = train_test_split(table[['a', 'm']])\nx = x.values", A_TO_M),
    ("x = pd.concat([table[['a']], table['m']], axis=1)[['m']].values", M),
    ("x = pd.concat([table[:50], table[100:]])[['m']].values", M),
    ("x = table[['a']].join(table[['m']]).values", A_TO_M),
    ("x = pd.DataFrame({'a': wine.data[:, 0], 'm': wine.data[:, 12]}).values", A_TO_M),
    ("x = pd.DataFrame(wine.data, columns=wine.feature_names)[['proline']].values", M),
    ("x = pd.DataFrame(wine.data)[12].values", M),
    ("x = load_wine(as_frame=True).frame[['proline']].values", M),
    ("x = load_wine(as_frame=True).frame.drop(columns='target').values", ALL),
    ("x, y = load_wine(return_X_y=True, as_frame=True)\nx = x['proline'].values", M),
    ("x = fetch_california_housing(as_frame=True).data.Population.values", (3.0, 35682.0)),
    ("for train, test in KFold(5).split(wine.data):\n    x = wine.data[train][:, [0]]", A),
    ("x = wine.data[:, [0, 12]]", A_TO_M),
    ("columns = np.array([0, 12])\nx = wine.data[:, columns]", A_TO_M),
    ("x = wine.data[[3, 4, 5]]", ALL),
    ("x = np.hstack([wine.data[:, [0]], wine.data[:, [12]]])", A_TO_M),
    ("x = np.column_stack([wine.data[:, 0], wine.data[:, 12]])", A_TO_M),
    ("x = np.concatenate([wine.data[:, :1], wine.data[:, 12:]], axis=1)", A_TO_M),
    ("x = np.concatenate([wine.data[:, :1], wine.data[:, 12:]], axis=1)[:, 1]", M),
    ("x = torch.cat([torch.tensor(wine.data[:, :1]), torch.tensor(wine.data[:, 12:])], dim=1)", A_TO_M),
    ("x = scipy.sparse.csr_matrix(wine.data)[:50].tocsc().toarray()", ALL),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "fills"), COLUMNS)
def test_a_column_is_what_it_was(steps, fills):
    assert reached(steps) == [fills]


BY_HAND = "table['m'] = (table['m'] - table['m'].mean()) / table['m'].std()\n"

ASSIGNED = [
    (BY_HAND + "x = table['m'].values", USUAL),
    (BY_HAND + "x = table[['a']].values", A),
    (BY_HAND + "x = table[['a', 'm']].values", (-3.0, 14.83)),
    ("for name in table.columns:\n    table[name] = (table[name] - table[name].mean()) / table[name].std()\n"
     "x = table.values", USUAL),
    ("for name in names:\n    table[name] /= table[name].max()\nx = table.values", UNIT),
    ("table[names] = StandardScaler().fit_transform(table[names])\nx = table.values", USUAL),
    ("table[['a', 'm']] = StandardScaler().fit_transform(table[['a', 'm']])\nx = table[['a', 'm']].values", USUAL),
    ("table.loc[:, ['a', 'm']] = MinMaxScaler().fit_transform(table[['a', 'm']])\nx = table[['m']].values", UNIT),
    ("table.loc[:, 'm'] = table['m'] / 1680\nx = table['m'].values", (0.165, 1.0)),
    ("table.iloc[:, 12] = table.iloc[:, 12] / 1680\nx = table['m'].values", (0.165, 1.0)),
    ("x = table.assign(m=table.m / 1680)[['m']].values", (0.165, 1.0)),
    ("x = table.assign(m=lambda each: each.m / 1680)[['m']].values", (0.165, 1.0)),
    ("other = table\nother['m'] = other['m'] / 1680\nx = table['m'].values", (0.165, 1.0)),
    ("other = table.copy()\nother['m'] = other['m'] / 1680\nx = table['m'].values", M),
    ("def scale(frame):\n    frame['m'] = frame['m'] / 1680\n\n\nscale(table)\nx = table['m'].values", (0.165, 1.0)),
    ("x = ((table - table.mean()) / table.std()).values", USUAL),
    ("x = ((table - table.mean()) / table.std())[['a', 'm']].values", USUAL),
    ("x = table.sub(table.mean()).div(table.std()).values", USUAL),
    ("x = ((table - table.min()) / (table.max() - table.min())).values", UNIT),
    ("x = table.apply(lambda each: (each - each.mean()) / each.std()).values", USUAL),
    ("x = wine.data.copy()\nx[:, 12] = x[:, 12] / 1680\nx = x[:, [12]]", (0.165, 1.0)),
    ("x = wine.data.copy()\nx[:, [0, 12]] = StandardScaler().fit_transform(x[:, [0, 12]])\nx = x[:, 12]", USUAL),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "fills"), ASSIGNED)
def test_what_is_assigned_to_a_column_is_its_scale(steps, fills):
    assert reached(steps) == [fills]


STEPS = [
    ("x = ColumnTransformer([('n', StandardScaler(), names)]).fit_transform(table)", USUAL),
    ("x = ColumnTransformer([('n', StandardScaler(), ['a']), ('s', MinMaxScaler(), ['m'])]).fit_transform(table)",
     USUAL),
    ("x = ColumnTransformer([('n', 'passthrough', ['a', 'm']), ('o', 'drop', ['b'])]).fit_transform(table)",
     A_TO_M),
    ("step = ColumnTransformer([('n', StandardScaler(), [12])], remainder='passthrough')\n"
     "x = step.fit(wine.data).transform(wine.data)", (-3.0, 162.0)),
    ("x = ColumnTransformer([('n', 'passthrough', ['m']), ('c', OneHotEncoder(), ['b'])]).fit_transform(table)",
     (0.0, 1680.0)),
    ("x = make_column_transformer((MinMaxScaler(), ['m']), (StandardScaler(), ['a'])).fit_transform(table)",
     USUAL),
    ("x = make_pipeline(SimpleImputer(), StandardScaler()).fit_transform(table)", USUAL),
    ("x = make_pipeline(SimpleImputer(), VarianceThreshold()).fit_transform(table)", ALL),
    ("x = Pipeline([('keep', 'passthrough'), ('fill', SimpleImputer(strategy='median'))]).fit_transform(table)",
     ALL),
    ("inner = ColumnTransformer([('n', StandardScaler(), names)])\n"
     "x = Pipeline([('columns', inner)]).fit_transform(table)", USUAL),
    ("x = FeatureUnion([('s', StandardScaler()), ('m', MinMaxScaler())]).fit_transform(table)", USUAL),
    ("x = FunctionTransformer(lambda each: each / 2).fit_transform(table[['m']].values)", (139.0, 840.0)),
    ("x = pd.get_dummies(table, columns=['b']).values", (0.0, 1680.0)),
    ("x = pd.concat([table[['m']], pd.get_dummies(table['b'])], axis=1).values", (0.0, 1680.0)),
    ("x = pd.get_dummies(table['b']).values", UNIT),
    ("x = OneHotEncoder(sparse_output=False).fit_transform(table[['b']])", None),
    ("x = SelectKBest(k=3).fit_transform(MinMaxScaler().fit_transform(table), wine.target)", UNIT),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "fills"), STEPS)
def test_steps_of_scikit_learn(steps, fills):
    assert reached(steps) == ([] if fills is None else [fills])


@pytest.mark.parametrize(
    "steps",
    [
        "x = table[unheard_of()].values",
        "x = table[['a', unheard_of()]].values",
        "table[unheard_of()] = 0\nx = table[['a']].values",
        "table['m'] = unheard_of()\nx = table.values",
        "table['m'] = table['m'].map(unheard_of)\nx = table.values",
        "table['m'] = np.log1p(table['m'])\nx = table['m'].values",
        "table.loc[table['a'] > 12, 'm'] = unheard_of()\nx = table['m'].values",
        "unheard_of(table)\nx = table.values",
        "x = table.reset_index().values",
        "x = table.select_dtypes('number').values",
        "x = table.merge(unheard_of()).values",
        "x = pd.concat([table, unheard_of()], axis=1).values",
        "x = pd.concat([table, pd.get_dummies(table['b'])], axis=1).values[:, 3]",
        "x = VarianceThreshold(0.5).fit_transform(table)",
        "x = SelectKBest(k=3).fit_transform(table, wine.target)",
        "x = ColumnTransformer([('n', unheard_of(), names)]).fit_transform(table)",
        "x = ColumnTransformer([('n', 'passthrough', unheard_of())]).fit_transform(table)",
        "x = make_pipeline(unheard_of(), SimpleImputer()).fit_transform(table)",
        "x = FunctionTransformer(np.log1p).fit_transform(table)",
        "x = SimpleImputer(add_indicator=True).fit_transform(table)",
        "x = wine.data.copy()\nx[:, 12] = unheard_of()",
        "x = wine.data.copy()\nx[unheard_of()] = x[:1] / 2",
    ],
)
def test_what_was_not_followed_has_no_scale(steps):
    assert reached(steps) == []


BAD, SOUND = "missing-normalization", []


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ("x = table.drop(columns='a').values", [BAD]),
        (BY_HAND + "x = table[['a', 'e']].values", [BAD]),
        ("shown = StandardScaler().fit_transform(table)\nx = table.values", [BAD]),
        ("x = pd.concat([table[['m']], pd.get_dummies(table['b'])], axis=1).values", [BAD]),
        ("x = ColumnTransformer([('n', SimpleImputer(), names)]).fit_transform(table)", [BAD]),
        ("x = table[['a', 'b', 'c']].values", SOUND),
        (BY_HAND + "x = table[['a', 'm']].values", SOUND),
        ("x = pd.get_dummies(table['b']).values", SOUND),
        ("x = ColumnTransformer([('n', StandardScaler(), names)]).fit_transform(table)", SOUND),
        ("scale = make_pipeline(SimpleImputer(), StandardScaler())\nx = scale.fit_transform(table)", SOUND),
        ("x = pd.read_csv('wine.csv').drop(columns='class').values", SOUND),
    ],
)
def test_what_a_rule_makes_of_it(steps, said, tmp_path):
    assert rules(HEAD + steps + TRAINED, tmp_path) == said


WORDS = """
import numpy as np
import pandas as pd
import torch
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import nn

{}
net = nn.Sequential(nn.Linear(2000, 512), nn.ReLU(), nn.Linear(512, 20))
optimizer = torch.optim.Adam(net.parameters(), lr=0.001)
for epoch in range(30):
    for start in range(0, len(y), 64):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(x[start : start + 64]), y[start : start + 64]).backward()
        optimizer.step()
"""
POSTS = "posts = pd.read_csv('posts.csv')\ny = torch.tensor(posts['topic'].values)\n"
TABLE = "data = pd.read_csv('data.csv')\ny = torch.tensor(data.pop('class').values)\n"


@pytest.mark.parametrize(
    "steps",
    [
        POSTS + "x = torch.from_numpy(TfidfVectorizer().fit_transform(posts['text']).toarray())",
        POSTS + "x = torch.tensor(CountVectorizer().fit_transform(posts['text']).todense())",
        POSTS + "a, b, y, _ = train_test_split(posts['text'], y)\n"
        "x = torch.tensor(np.asarray(TfidfVectorizer().fit(a).transform(a).todense(), dtype=np.float32))",
        TABLE + "x = torch.tensor(StandardScaler().fit_transform(data), dtype=torch.float32)",
        TABLE + "steps = ColumnTransformer([('n', StandardScaler(), ['age']), ('c', OneHotEncoder(), ['town'])])\n"
        "x = torch.tensor(steps.fit_transform(data), dtype=torch.float32)",
    ],
)  # fmt: skip
def test_the_same_data_is_learned_again_and_again(steps, tmp_path):
    assert rules(WORDS.format(steps), tmp_path) == ["missing-dropout"]


@pytest.mark.parametrize(
    "steps",
    [
        POSTS + "x = unheard_of(TfidfVectorizer().fit_transform(posts['text']))",
        "y = torch.load('y.pt')\nx = torch.tensor(TfidfVectorizer().fit_transform(unheard_of()).toarray())",
    ],
)
def test_what_may_be_new_each_time_is_not_the_same_data(steps, tmp_path):
    assert rules(WORDS.format(steps), tmp_path) == []


RAW, SCALED = "frame = frame", "frame = (frame - frame.mean()) / frame.std()"
LOADED = """
import numpy as np
import pandas as pd
import tensorflow as tf
import torch
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from tensorflow import keras
from torch import nn
from torch.utils.data import DataLoader, Dataset

frame = load_wine(as_frame=True).frame
labels = frame.pop("target")
@
"""
COMPILED = """
x = keras.layers.Dense(16, activation="relu")(joined)
model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(x))
model.compile("adam", "sparse_categorical_crossentropy")
"""
INPUTS = "inputs = {name: keras.Input(shape=(1,), name=name) for name in frame}\n"
JOINED = "joined = keras.layers.concatenate(list(inputs.values()))\n"
STEP = """
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
"""
PROGRAMS = {
    "a model of the table": "model = keras.Sequential([keras.layers.Dense(3, activation='softmax')])\n"
    "model.compile('adam', 'sparse_categorical_crossentropy')\nmodel.fit(frame, labels)\n",
    "an input for each column": f"{INPUTS}{JOINED}{COMPILED}model.fit(dict(frame), labels)\n",
    "arrays by name": f"{INPUTS}{JOINED}{COMPILED}"
    "model.fit({name: np.array(column) for name, column in frame.items()}, labels)\n",
    "slices of a dictionary": f"{INPUTS}{JOINED}{COMPILED}"
    "model.fit(tf.data.Dataset.from_tensor_slices((dict(frame), labels)).batch(16))\n",
    "inputs of a function": "def entry(name, width):\n    return keras.Input(shape=(width,), name=name)\n\n\n"
    "groups = {'a': [0, 1, 2, 12], 'b': [3, 4]}\n"
    "inputs = {name: entry(name, len(columns)) for name, columns in groups.items()}\n"
    f"joined = keras.layers.concatenate([keras.layers.Dense(4)(each) for each in inputs.values()])\n{COMPILED}"
    "model.fit({name: frame.values[:, columns] for name, columns in groups.items()}, labels)\n",
    "a data set": "class Table(Dataset):\n    def __init__(self, frame, target):\n"
    "        self.x, self.y = frame.to_numpy(dtype=np.float32), target.to_numpy()\n\n"
    "    def __len__(self):\n        return len(self.x)\n\n"
    "    def __getitem__(self, index):\n        return torch.from_numpy(self.x[index]), self.y[index]\n\n\n"
    "net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))\n"
    "optimizer = torch.optim.Adam(net.parameters())\n"
    f"for x, y in DataLoader(Table(frame.iloc[:100], labels.iloc[:100]), batch_size=16, shuffle=True):{STEP}",
    "rows of an array": "a, b, c, d = train_test_split(frame.drop(columns='hue'), labels)\n"
    "data, target = torch.tensor(a.values, dtype=torch.float32), torch.tensor(c.values)\n"
    "net = nn.Sequential(nn.Linear(12, 16), nn.ReLU(), nn.Linear(16, 3))\n"
    "optimizer = torch.optim.Adam(net.parameters())\n"
    f"for start in range(0, 100, 16):\n    x, y = data[start : start + 16], target[start : start + 16]{STEP}",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_ways_from_a_table_to_a_network(name, tmp_path):
    assert rules(LOADED.replace("@", RAW) + PROGRAMS[name], tmp_path) == [BAD]
    assert rules(LOADED.replace("@", SCALED) + PROGRAMS[name], tmp_path) == SOUND
