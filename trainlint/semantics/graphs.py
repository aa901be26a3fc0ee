"""Symbolic graphs: what was applied to inputs that stand for data, so that it can be applied to data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from attrs import field

from trainlint.semantics import containers
from trainlint.semantics.immutable import evolve, frozen
from trainlint.semantics.machine import Arguments
from trainlint.semantics.values import Choice, Mapping, Node, Object, Place, Sequence, Tensor, Value

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

INPUT, OUTPUT = "@input", "@output"  # in the record of a layer: what it was last called with in a graph, and gave
Swap = Callable[[Value], Value]
Again = Callable[[Swap], Value]
_DEEPEST = 4  # lists within lists that arguments are looked for in
_LONGEST = 64  # items of such a list


@frozen(eq=False)
class Applied:
    """Something was called with symbolic tensors: ``again`` calls it with others, of which one result counts."""

    number: int  # in the order in which they were called
    inputs: tuple[Node, ...]
    again: Again
    path: tuple[int, ...] = ()  # which item of the result
    layer: Object | None = None


@frozen(eq=False)
class Graph:
    """All calls of one unit that were given symbolic tensors, by the node of each result."""

    applied: dict[Node, Applied] = field(factory=dict)

    def begin(self, x: Tensor) -> None:
        """``x`` stands for data."""
        assert x.origin is not None
        self.applied[x.origin] = Applied(len(self.applied), (), lambda _: x)

    def find(self, value: Value) -> Node | None:
        """The node under which a symbolic tensor is known; None for any other value."""
        node = value.origin if isinstance(value, Tensor) else None
        while node is not None and node not in self.applied:
            if node.op != "return" or not node.inputs:
                return None
            node = node.inputs[0].origin
        return node

    def note(self, machine: Machine, given: Iterable[Value], result: Value, again: Again) -> None:
        """Remember how ``result`` came about, if anything that was given is symbolic."""
        inputs = self._inputs(machine, given)
        if inputs:
            self._keep(machine, inputs, result, again, None)

    def note_call(
        self, machine: Machine, function: Value, given: Arguments, result: Value, place: Place | None
    ) -> bool:
        """Remember a call, if anything that was given is symbolic; say whether it is."""
        inputs = self._inputs(machine, given.values())
        if inputs:
            layer = function if isinstance(function, Object) else None
            self._keep(machine, inputs, result, again_with(machine, function, given, place), layer)
        return bool(inputs)

    def _inputs(self, machine: Machine, given: Iterable[Value]) -> tuple[Node, ...]:
        return tuple(dict.fromkeys(node for each in given for node in self.nodes(machine, each)))

    def _keep(
        self, machine: Machine, inputs: tuple[Node, ...], result: Value, again: Again, layer: Object | None
    ) -> None:
        for path, each in tensors_in(machine, result):
            if each.origin is not None and each.origin not in inputs:
                self.applied[each.origin] = Applied(len(self.applied), inputs, again, path, layer)

    def nodes(self, machine: Machine, value: Value) -> Iterator[Node]:
        """The symbolic tensors in a value."""
        for each in (value,) if isinstance(value, Tensor) else tensors(machine, value):
            node = self.find(each)
            if node is not None:
                yield node

    def before(self, outputs: list[Node]) -> list[Node]:
        """All calls that these rest on, in the order in which they were made."""
        pending, seen = list(outputs), set(outputs)
        while pending:
            for node in self.applied[pending.pop()].inputs:
                if node not in seen:
                    seen.add(node)
                    pending.append(node)
        return sorted(seen, key=lambda node: self.applied[node].number)


def again_with(machine: Machine, function: Value, given: Arguments, place: Place | None) -> Again:
    """A call that can be made again."""

    given = _as_it_is(machine, given)

    def again(swap: Swap) -> Value:
        positional = tuple(evolve(each, value=swap(each.value)) for each in given.positional)
        keywords = tuple((name, evolve(each, value=swap(each.value))) for name, each in given.keywords)
        return machine.call(function, evolve(given, positional=positional, keywords=keywords), place)

    return again


def _as_it_is(machine: Machine, given: Arguments) -> Arguments:
    """Arguments with the items of their lists as they are now, whatever becomes of the lists."""

    def frozen(value: Value) -> Value:
        items = containers.items_of(machine, value) if containers.is_list(value) else None
        return value if items is None else evolve(items, kind="list", turns=())

    positional = tuple(evolve(each, value=frozen(each.value)) for each in given.positional)
    keywords = tuple((name, evolve(each, value=frozen(each.value))) for name, each in given.keywords)
    return evolve(given, positional=positional, keywords=keywords)


def replay(machine: Machine, outputs: Value, data: dict[Node, Value]) -> Value:
    """What a graph gives for its outputs with its inputs replaced; what cannot be called again stays as it was."""
    graph = machine.graph
    results: dict[Node, Value] = dict(data)

    def swap(value: Value) -> Value:
        return _mapped(machine, value, lambda one: results.get(graph.find(one) or _NOWHERE, one))

    for node in graph.before(list(graph.nodes(machine, outputs))):
        if node not in results:
            step = graph.applied[node]
            if any(each in results for each in step.inputs):
                results[node] = _at(machine, step.again(swap), step.path)
    return swap(outputs)


_NOWHERE = Node("nowhere", None)


def tensors(machine: Machine, value: Value) -> Iterator[Tensor]:
    """The tensors in a value: itself, or those in lists and dictionaries."""
    for _, each in tensors_in(machine, value):
        yield each


def tensors_in(machine: Machine, value: Value, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Tensor]]:
    if isinstance(value, Tensor):
        yield path, value
    elif isinstance(value, Choice):
        yield from ((path, each) for _, each in value.options if isinstance(each, Tensor))
    elif len(path) < _DEEPEST:
        for index, each in enumerate(_items(machine, value)[:_LONGEST]):
            yield from tensors_in(machine, each, (*path, index))


def _items(machine: Machine, value: Value) -> tuple[Value, ...]:
    """The items of a list or tuple, or the values of a dictionary."""
    if isinstance(value, Sequence):
        return value.known
    if isinstance(value, Mapping):
        return tuple(each for _, each in value.items)
    if containers.is_list(value):
        items = containers.items_of(machine, value)
        return () if items is None else items.known
    if containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        return () if mapping is None else tuple(each for _, each in mapping.items)
    return ()


def _mapped(machine: Machine, value: Value, change: Swap) -> Value:
    """The same value, its tensors changed."""
    if isinstance(value, Tensor):
        return change(value)
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, _mapped(machine, each, change)) for path, each in value.options))
    if isinstance(value, Sequence):
        middle = None if value.middle is None else _mapped(machine, value.middle, change)
        head, tail = (tuple(_mapped(machine, each, change) for each in part) for part in (value.head, value.tail))
        return evolve(value, head=head, middle=middle, tail=tail, turns=())
    if containers.is_list(value):
        items = containers.items_of(machine, value)
        if items is not None:
            changed = _mapped(machine, items, change)
            return value if changed == items or not isinstance(changed, Sequence) else evolve(changed, kind="list")
    if containers.is_dict(value):
        mapping = containers.mapping_of(machine, value)
        if mapping is not None:
            pairs = tuple((key, _mapped(machine, each, change)) for key, each in mapping.items)
            changed_any = any(new[1] is not old[1] for new, old in zip(pairs, mapping.items, strict=True))
            return containers.new_dict(machine, pairs, mapping.rest, None) if changed_any else value
    return value


def _at(machine: Machine, value: Value, path: tuple[int, ...]) -> Value:
    for index in path:
        items = _items(machine, value)
        value = items[index] if index < len(items) else machine.unknown("another form of result", None)
    return value
