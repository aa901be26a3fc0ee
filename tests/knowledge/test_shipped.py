"""The knowledge that ships with trainlint is consistent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib.resources import files

import pytest

import trainlint.engine.unit  # every primitive is registered
from trainlint.knowledge.library import standard
from trainlint.knowledge.schema import Entry, Operation
from trainlint.semantics.primitives import PRIMITIVES
from trainlint.source.source import Source
from trainlint.syntax import tree
from trainlint.syntax.errors import problems
from trainlint.syntax.parse import parse

LIBRARY = standard()
STUBS = {
    each.name: each.read_bytes()
    for each in (files("trainlint") / "knowledge" / "stubs").iterdir()
    if each.name.endswith(".py")
}


def entries() -> Iterator[Entry]:
    """All entries, with those of methods."""
    pending = list(LIBRARY.entries.values())
    while pending:
        entry = pending.pop()
        yield entry
        pending.extend(entry.methods.values())


def operations() -> Iterator[tuple[Entry, Operation]]:
    for entry in entries():
        if entry.operation is not None:
            yield entry, entry.operation
        if isinstance(entry.call, Operation):
            yield entry, entry.call


def test_every_operation_is_a_primitive():
    assert {operation.op for _, operation in operations()} <= set(PRIMITIVES)


def test_every_layer_is_called_as_something_known():
    missing = [
        (each.name, each.call)
        for each in entries()
        if isinstance(each.call, str) and LIBRARY.get(LIBRARY.canonical(each.call)) is None
    ]
    assert missing == []


def test_every_role_is_played_by_a_parameter():
    strangers = []
    for entry in entries():
        if entry.op is not None and entry.parameters is not None:
            known = {name.lstrip("*") for name, _ in entry.parameters}
            strangers += [(entry.name, role, name) for role, name in entry.roles.items() if name not in known]
    assert strangers == []


def test_what_a_loss_compares_are_its_parameters():
    for entry in entries():
        if entry.loss is not None and entry.parameters is not None and entry.call is None:
            assert {entry.loss.prediction, entry.loss.target} <= {name for name, _ in entry.parameters}, entry.name


def test_the_stronger_loss_exists():
    named = {entry.loss.with_logits for entry in entries() if entry.loss is not None} - {None}
    assert all(LIBRARY.known(name) for name in named if name is not None and "." in name)


def test_no_name_stands_for_two_entries():
    names = [name for entry in LIBRARY.entries.values() for name in (entry.name, *entry.also)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("name", STUBS)
def test_every_stub_can_be_read(name):
    ast.parse(STUBS[name], feature_version=(3, 10))
    source = Source.read(name, STUBS[name])
    assert problems(source) == ()
    assert not any(isinstance(each, tree.Unread) for segment in source.segments for each in parse(segment))


def test_the_names_of_stubs_exist():
    defined = {}
    for name, text in STUBS.items():
        body = ast.parse(text).body
        defined[name] = {each.name for each in body if isinstance(each, ast.ClassDef | ast.FunctionDef)}
        defined[name] |= {
            target.id
            for each in body
            if isinstance(each, ast.Assign)
            for target in each.targets
            if isinstance(target, ast.Name)
        }
    wanted = [(entry.name, entry.stub) for entry in entries() if entry.stub is not None]
    assert wanted
    for entry, stub in wanted:
        module, _, name = stub.partition(".")
        assert name in defined.get(f"{module}.py", ()), (entry, stub)


def test_the_bases_of_what_is_known_are_known():
    bases = {base for entry in LIBRARY.entries.values() for base in LIBRARY.bases(entry.name)}
    assert {base for base in bases if LIBRARY.get(LIBRARY.canonical(base)) is None} == set()


def test_it_is_loaded_once():
    assert standard() is LIBRARY
    assert trainlint.engine.unit.knowledge_of(()) is LIBRARY
