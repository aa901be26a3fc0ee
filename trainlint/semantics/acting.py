"""What a piece of code leads to, without running it: does it step, clear, go backward or switch a mode?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import attributes, containers, names
from trainlint.semantics.heap import ITEMS
from trainlint.semantics.values import (
    Bound,
    Class,
    Function,
    Library,
    Mapping,
    Module,
    Object,
    ObjectId,
    Partial,
    Sequence,
    Value,
    options,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

Block = tuple[tree.Statement, ...]
_DEEPEST = 5  # functions that are looked into
GETATTR = "builtins.getattr"
_AROUND = ("__enter__", "__exit__")


@frozen(eq=False)
class _Scope:
    """What the names in a piece of code stand for: some have several values, one after the other."""

    frame: ObjectId | None
    module: str
    own: dict[str, tuple[Value, ...]]


def acts(machine: Machine, block: Block) -> bool:
    """Whether a block calls a method that has the name of one that acts so, or leads to one."""
    activation = machine.activation
    scope = _Scope(activation.frame, machine.frames[activation.frame].module, {})
    return _block(machine, block, scope, 0)


def _block(machine: Machine, block: Block | tree.Expression, scope: _Scope, depth: int) -> bool:
    known = machine.acting.get(id(block))
    if known is None:
        machine.acting[id(block)] = False  # for functions that call themselves
        known = machine.acting[id(block)] = any(
            _does(machine, each, scope, depth) for each in _nodes(block, machine, scope)
        )
    return known


def _nodes(node: Block | tree.Tree, machine: Machine, scope: _Scope) -> Iterator[tree.Tree]:
    """All calls and contexts in a piece of code; the variables of its loops get their values on the way."""
    if isinstance(node, tuple):
        yield from (each for one in node for each in _nodes(one, machine, scope))
        return
    if isinstance(node, tree.For | tree.Clause) and isinstance(node.target, tree.Name):
        scope.own[node.target.id] = tuple(_items(machine, _values(machine, node.iterable, scope)))
    if isinstance(node, tree.Comprehension):  # its element comes first, and its clauses say what that is made of
        yield from (each for clause in node.clauses for each in _nodes(clause, machine, scope))
    if isinstance(node, tree.Call | tree.WithItem):
        yield node
    for each in tree.children(node):
        yield from _nodes(each, machine, scope)


def _does(machine: Machine, node: tree.Tree, scope: _Scope, depth: int) -> bool:
    if isinstance(node, tree.WithItem):
        held = _values(machine, node.context, scope)
        bodies = (each for value in held for name in _AROUND for each in _attribute(machine, value, name))
        return depth < _DEEPEST and any(_value(machine, each, (), depth + 1) for each in bodies)
    assert isinstance(node, tree.Call)
    if isinstance(node.function, tree.Attribute) and node.function.attr in machine.knowledge.acting:
        return True
    if depth >= _DEEPEST:
        return False
    called = _values(machine, node.function, scope)
    given = [_values(machine, each.value, scope) for each in node.arguments if not each.star and not each.keyword]
    return any(_value(machine, each, given, depth + 1) for each in called)


def _value(machine: Machine, value: Value, given: Iterable[tuple[Value, ...]], depth: int) -> bool:
    """Whether the call of a value leads to such a method."""
    if isinstance(value, Bound):
        return _value(machine, value.function, ((value.receiver,), *given), depth)
    if isinstance(value, Partial):
        return _value(machine, value.function, (*((each,) for each in value.positional), *given), depth)
    if isinstance(value, Class):
        names = ("__init__", *_AROUND)
        return any(
            _value(machine, each, ((value,), *given), depth) for n in names for each in _attribute(machine, value, n)
        )
    if isinstance(value, Object):
        return any(_value(machine, each, given, depth) for each in _attribute(machine, value, "__call__"))
    if not isinstance(value, Function) or value.place.path.startswith("stub:"):
        return False
    own = dict(zip((each.name for each in value.source.parameters), given, strict=False))
    return _block(machine, value.source.body, _Scope(value.frame, value.module, own), depth)


def _values(machine: Machine, e: tree.Expression, scope: _Scope) -> tuple[Value, ...]:
    """What an expression may be worth, as far as that can be seen without running it."""
    if isinstance(e, tree.Name):
        return tuple(_named(machine, e.id, scope))
    if isinstance(e, tree.Attribute):
        held = _values(machine, e.value, scope)
        return tuple(each for value in held for each in _attribute(machine, value, e.attr))
    if isinstance(e, tree.Subscript):
        return tuple(_items(machine, _values(machine, e.value, scope)))
    if isinstance(e, tree.Conditional):
        return (*_values(machine, e.body, scope), *_values(machine, e.orelse, scope))
    if isinstance(e, tree.Call):
        return tuple(_given_back(machine, e, scope))
    return ()


def _given_back(machine: Machine, e: tree.Call, scope: _Scope) -> Iterator[Value]:
    """What a call may give: an attribute that is picked by its name, what a dictionary holds, an object of a class."""
    function = e.function
    if isinstance(function, tree.Name) and len(e.arguments) > 1 and _is_getattr(machine, function, scope):
        for value in _values(machine, e.arguments[0].value, scope):
            name = e.arguments[1].value
            if isinstance(name, tree.Constant) and isinstance(name.value, str):
                yield from _attribute(machine, value, name.value)
            elif isinstance(value, Object):
                yield from _methods(machine, value)
        return
    if isinstance(function, tree.Attribute):  # whatever method of a dictionary it is
        held = _values(machine, function.value, scope)
        yield from _items(machine, (each for each in held if containers.is_dict(each)))
    yield from (each for each in _values(machine, function, scope) if isinstance(each, Class))


def _is_getattr(machine: Machine, function: tree.Name, scope: _Scope) -> bool:
    """Whether a name stands for the builtin function."""
    value = None if function.id in scope.own else names.lookup(machine, function.id, machine.place(function))
    return isinstance(value, Library) and value.name == GETATTR


def _named(machine: Machine, name: str, scope: _Scope) -> Iterator[Value]:
    if name in scope.own:
        yield from scope.own[name]
        return
    frame = scope.frame
    while frame is not None:
        held = machine.heap.get(frame, name)
        if held is not None:
            yield from (each for _, each in options(held))
            return
        frame = machine.frames[frame].outer
    held = machine.program.member(machine, scope.module, name)
    yield from () if held is None else (each for _, each in options(held))


def _attribute(machine: Machine, value: Value, name: str) -> Iterator[Value]:
    if isinstance(value, Module):
        found = machine.program.module_member(machine, value, name)
        yield from () if found is None else (found,)
        return
    held = machine.heap.get(value.id, name) if isinstance(value, Object) else None
    if held is None and isinstance(value, Object | Class):
        held = attributes.find(machine, value.mro if isinstance(value, Class) else machine.classes(value), name)
        bound = isinstance(held, Function) and isinstance(value, Object) and "staticmethod" not in held.marks
        held = Bound(held, value) if bound and held is not None else held
    yield from () if held is None else (each for _, each in options(held))


def _methods(machine: Machine, value: Object) -> Iterator[Value]:
    """The methods of an object that the project has written."""
    for cls in machine.classes(value):
        if isinstance(cls, Class):
            held = machine.heap.record(cls.id).values()
            yield from (
                Bound(each, value) for each in held if isinstance(each, Function) and not each.name.startswith("__")
            )


def _items(machine: Machine, values: Iterable[Value]) -> Iterator[Value]:
    """What lists and dictionaries hold."""
    for value in values:
        held = machine.heap.get(value.id, ITEMS) if isinstance(value, Object) else value
        if isinstance(held, Sequence):
            yield from (each for item in held.known for _, each in options(item))
        elif isinstance(held, Mapping):
            yield from (each for _, item in held.items for _, each in options(item))
