"""What a knowledge file may say, and how it is told what it may not."""

from __future__ import annotations

import pytest

from trainlint.knowledge.library import KnowledgeError, Library


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a", "a knowledge file maps names to entries"),
        ("modules: 1", "`modules` must be a mapping of names"),
        ("quiet: {a: 1}", "`quiet` must be a list of names"),
        ("a: 1", "a: an entry is a mapping"),
        ("a: {knd: loss}", "a: unknown key `knd`; did you mean `kind`?"),
        ("a: {name: b}", "a: unknown key `name`"),
        ("a: {kind: foo}", "a: `kind` must be one of function, layer, transform, loss, optimizer, schedule, wrapper, class, context, decorator, base, not foo"),
        ("a: {kind: [loss]}", "a: `kind` must be a word"),
        ("a: {also: b}", "a: `also` must be a list of names"),
        ("a: {bases: b}", "a: `bases` must be a list of names"),
        ("a: {parameters: 1}", "a: `parameters` must be a list"),
        ("a: {parameters: [x, 1]}", "a: `parameters` must be names, or names with a default, not 1"),
        ("a: {parameters: [[x]]}", "a: `parameters` must be names, or names with a default, not ['x']"),
        ("a: {op: 3}", "a: `op` must be a name"),
        ("a: {set: 1}", "a: `set` must be a mapping"),
        ("a: {roles: [x]}", "a: `roles` must be a mapping"),
        ("a: {call: 3}", "a: `call` must be a name or a mapping"),
        ("a: {call: {op: relu, rolls: {}}}", "a: `call`: extra fields found (rolls) @ call"),
        ("a: {call: {set: {}}}", "a: `call`: required field missing @ call.op"),
        ("a: {stub: 1}", "a: `stub` must be a name"),
        ("a: {class: 1}", "a: `class` must be a name"),
        ("a: {weights: 3}", "a: `weights` must be true or false"),
        ("a: {called: x}", "a: `called` must be a number"),
        ("a: {source: 3}", "a: `source` must be a text"),
        ("a: {then: [x]}", "a: `then` must be the name of a parameter"),
        ("a: {strings: x}", "a: `strings` must be a list of words"),
        ("a: {renamed: [x]}", "a: `renamed` must be a mapping of names"),
        ("families: [layer]", "`families` must be a mapping of kinds"),
        ("families: {layer: {method: call}}", "families: `layer`: required field missing @ layer.base"),
        ("triggers: fit", "`triggers` must be a list of words"),
        ("a: {loss: number}", "a: `loss` must be a mapping"),
        ("a: {loss: {}}", "a: `loss`: required field missing @ loss.wants"),
        ("a: {loss: {wants: x}}", "a: `loss.wants` must be one of number, logits, probabilities"),
        ("a: {loss: {wants: number, axis: x}}", "a: `loss`: invalid value for type, expected int | None"),
        ("a: {bounds: {lr: {low: 1}}}", "a: `bounds.lr`: required field missing @ bounds.lr.source"),
        ("a: {bounds: {lr: 1}}", "a: `bounds.lr`: "),
        ("a: {methods: [b]}", "a: `methods` must be a mapping"),
        ("a: {methods: {b: 1}}", "a.b: an entry is a mapping"),
        ("a: {methods: {b: {methods: {c: {op: 1}}}}}", "a.b.c: `op` must be a name"),
        ("ok: {op: relu}\na.b.c: {op: 1}", "a.b.c: `op` must be a name"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_file_entry_and_field(text, complaint):
    with pytest.raises(KnowledgeError) as raised:
        Library({"lint/own.yaml": text})
    assert str(raised.value).startswith("lint/own.yaml: ")
    assert complaint in str(raised.value)


def test_what_is_no_yaml_is_said_with_its_line():
    with pytest.raises(KnowledgeError, match=r"(?s)own\.yaml: .*line 4"):
        Library({"own.yaml": "a:\n  op: relu\n  b: [\n"})


@pytest.mark.parametrize("text", ["", "# nothing\n", "a:", "a: {}", "a: {methods: {b: }}"])
def test_nothing_need_be_said(text):
    Library({"own.yaml": text})


def test_an_entry_is_found_by_all_its_names():
    library = Library(
        {"own.yaml": "modules: {a.inner: a}\na.f: {also: [b.g], parameters: [x, {y: 2}, '*z'], op: relu}"}
    )
    assert library.canonical("b.g") == library.canonical("a.inner.f") == "a.f"
    entry = library.get("a.f")
    assert entry is not None
    assert (entry.parameters, entry.required) == ((("x", None), ("y", 2), ("*z", None)), {"x", "*z"})


def test_old_names_of_modules_lead_to_the_newest():
    library = Library(
        {"own.yaml": "modules: {a.old: a, b: a, b.special: a.other}\na.f: {op: relu}\na.other.g: {op: exp}"}
    )
    assert [library.canonical(name) for name in ("b.old.f", "b.special.g", "c.f")] == ["a.f", "a.other.g", "c.f"]


def test_a_string_stands_for_an_entry_of_its_kind():
    text = "a.f: {op: relu, strings: [f]}\na.g: {kind: optimizer, parameters: [{lr: 1}], strings: [f]}"
    library = Library({"own.yaml": text})
    assert [library.by_string(kind, "f") for kind in ("function", "optimizer", "loss")] == ["a.f", "a.g", None]


def test_layers_of_a_file_descend_from_what_it_says():
    layer = "{kind: layer, call: {op: same}}"
    text = f"families: {{layer: {{base: a.Base, method: work}}}}\na.Layer: {layer}\na.Base: {{kind: base}}"
    library = Library({"own.yaml": text, "other.yaml": f"b.Layer: {layer}"})
    assert [(library.bases(name), library.worker(name)) for name in ("a.Layer", "b.Layer")] == [
        (("a.Base",), "work"),
        (("torch.nn.Module",), "forward"),
    ]


def test_what_is_loaded_first_wins():
    library = Library({"own.yaml": "a.f: {op: relu}", "shipped.yaml": "a.f: {op: exp}\na.g: {op: exp, also: [a.h]}"})
    assert [library.entries[name].op for name in ("a.f", "a.g")] == ["relu", "exp"]


def test_a_loss_brings_its_class():
    text = "a.loss: {kind: loss, class: a.Loss, parameters: [input, target, {reduction: mean}], loss: {wants: logits}}"
    entry = Library({"own.yaml": text}).get("a.Loss")
    assert entry is not None
    assert (entry.parameters, entry.call, entry.loss and entry.loss.wants) == (
        (("reduction", "mean"),),
        "a.loss",
        "logits",
    )


# Through the command

RELU = "import torch.nn as nn\nfrom mine import squeeze\nnet = nn.Linear(1, 1)\nloss = nn.MSELoss()(squeeze(net(x)), y)\nloss.backward()\n"


def test_a_projects_own_knowledge_counts(project, trainlint):
    project({"a.py": RELU})
    assert trainlint(".", "--output-format", "json").findings == []
    project({"trainlint.toml": 'knowledge = ["own.yaml"]\n', "own.yaml": "mine.squeeze: {parameters: [x], op: relu}\n"})
    assert [one["rule"] for one in trainlint(".", "--output-format", "json").findings] == ["relu-before-regression"]


def test_and_goes_before_ours(project, trainlint):
    project({"a.py": RELU.replace("squeeze(net(x))", "nn.functional.relu(net(x))")})
    assert [one["rule"] for one in trainlint(".", "--output-format", "json").findings] == ["relu-before-regression"]
    own = "torch.nn.functional.relu: {parameters: [input], op: opaque}\n"
    project({"trainlint.toml": 'knowledge = ["own.yaml"]\n', "own.yaml": own})
    assert trainlint(".", "--output-format", "json").findings == []


@pytest.mark.parametrize("command", [["check", "."], ["recipe", "a.py"]])
def test_an_operation_that_does_not_exist_is_said(project, trainlint, command):
    project(
        {
            "a.py": RELU,
            "trainlint.toml": 'knowledge = ["own.yaml"]\n',
            "own.yaml": "b: {op: relu}\nmine.f: {op: rellu}\n",
        }
    )
    run = trainlint(*command)
    assert run.code == 2
    assert "own.yaml: mine.f: there is no operation `rellu`; did you mean `relu`?" in run.err
