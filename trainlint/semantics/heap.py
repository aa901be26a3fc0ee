"""Everything mutable: frames, objects, lists, dictionaries, namespaces, each a record of named slots."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import is_
from types import MappingProxyType

from trainlint.semantics.events import Trace, joined
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.joins import join
from trainlint.semantics.values import Condition, Flag, Node, Number, ObjectId, Value, identity, leaves_defaults
from trainlint.semantics.values import Mapping as Items

EMPTY: Mapping[str, Value] = MappingProxyType({})
EMPTY_RANGES: Mapping[Node, Interval] = MappingProxyType({})

LEAF = "parameter"  # the operation that makes a trainable tensor
GRADIENT = "gradient"  # the operation that reads a gradient, or asks for one
ITEMS = "@items"  # the contents of a list or dictionary
ESCAPED = "@escaped"  # an unknown callable had its hands on the object
MARK = "?"  # begins the name of a slot that is a flag, and false where it is not set
FROZEN = "?frozen"  # of a layer: its weights are not trained


class _Parting:
    """A point at which heaps parted, all with the same records, and which of these were written on the way there."""

    __slots__ = ("before", "depth", "written")

    def __init__(self, before: _Parting | None, written: dict[ObjectId, None]) -> None:
        self.before = before
        self.written = written
        self.depth: int = 1 if before is None else before.depth + 1


class Heap:
    """Records by identity. Forks share records; the first write after a fork copies the one record it changes."""

    __slots__ = ("_owned", "_parting", "_written", "records")

    def __init__(self) -> None:
        self.records: dict[ObjectId, dict[str, Value]] = {}  # to be read by others, and written by no other
        self._owned: set[ObjectId] = set()  # records that no other heap shares
        self._parting: _Parting | None = None  # the last one
        self._written: dict[ObjectId, None] = {}  # since then, in order

    def get(self, id: ObjectId, name: str) -> Value | None:
        record = self.records.get(id)
        return record.get(name) if record is not None else None

    def record(self, id: ObjectId) -> Mapping[str, Value]:
        """All slots of one object, in the order in which they were first set."""
        return self.records.get(id, EMPTY)

    def has(self, id: ObjectId) -> bool:
        return id in self.records

    def peek(self, id: ObjectId) -> Mapping[str, Value] | None:
        """The record itself, to be compared by identity with what `frozen` gave."""
        return self.records.get(id)

    def frozen(self, id: ObjectId) -> Mapping[str, Value] | None:
        """The record itself, which stays what it is: the next write makes a new one."""
        self._owned.discard(id)
        return self.records.get(id)

    def all_frozen(self, ids: tuple[ObjectId, ...]) -> tuple[Mapping[str, Value] | None, ...]:
        """The same of several records."""
        self._owned.difference_update(ids)
        return tuple(map(self.records.get, ids))

    def holds(self, ids: tuple[ObjectId, ...], records: tuple[Mapping[str, Value] | None, ...]) -> bool:
        """Whether several records are still what `all_frozen` gave."""
        return all(map(is_, map(self.records.get, ids), records))

    def set(self, id: ObjectId, name: str, value: Value) -> None:
        (self.records[id] if id in self._owned else self._own(id))[name] = value

    def remove(self, id: ObjectId, name: str) -> None:
        if name in self.records.get(id, EMPTY):
            del self._own(id)[name]

    def clear(self, id: ObjectId) -> None:
        """Start a record anew: a fresh allocation, or a frame that is entered again."""
        self.records[id] = {}
        self._owned.add(id)
        self._written[id] = None

    def drop(self, id: ObjectId) -> None:
        """Forget a record that nothing can reach any more."""
        self.records.pop(id, None)
        self._owned.discard(id)
        self._written[id] = None

    def fork(self) -> Heap:
        """A heap with the same contents; later writes to either do not show in the other."""
        self._owned = set()
        if self._written:
            self._parting, self._written = _Parting(self._parting, self._written), {}
        forked = Heap()
        forked.records = self.records.copy()
        forked._parting = self._parting
        return forked

    def changed_since(self, earlier: Heap) -> Iterator[tuple[ObjectId, Mapping[str, Value]]]:
        """The records that are not the same as in ``earlier``."""
        before = earlier.records
        for id in _written_since(_last_shared(self._parting, earlier._parting), (self, earlier)):
            record = self.records.get(id)
            if record is not None and before.get(id) is not record:
                yield id, record

    def _own(self, id: ObjectId) -> dict[str, Value]:
        record = self.records.get(id)
        if record is None or id not in self._owned:
            record = self.records[id] = {} if record is None else record.copy()
            self._owned.add(id)
            self._written[id] = None
        return record


def _meeting(heaps: list[Heap]) -> Heap:
    """A heap with the records of the first, which remembers all that was written since these heaps parted."""
    met = Heap()
    met.records = heaps[0].records.copy()
    met._parting = reduce(_last_shared, (heap._parting for heap in heaps))
    met._written = _written_since(met._parting, heaps)
    return met


def _written_since(parting: _Parting | None, heaps: Iterable[Heap]) -> dict[ObjectId, None]:
    written: dict[ObjectId, None] = {}
    for heap in heaps:
        at = heap._parting
        while at is not parting and at is not None:
            written.update(at.written)
            at = at.before
        written.update(heap._written)
    return written


def _last_shared(a: _Parting | None, b: _Parting | None) -> _Parting | None:
    """The last parting that lies on both ways; None for the beginning, where there are no records."""
    while a is not b:
        if b is None or (a is not None and a.depth > b.depth):
            assert a is not None
            a = a.before
        elif a is None or b.depth > a.depth:
            b = b.before
        else:
            a, b = a.before, b.before
    return a


class State:
    """What a path of execution carries along: the heap, what it assumes, and the modes that are dynamically scoped."""

    __slots__ = ("conditions", "doubtful", "exceptional", "gradient", "heap", "narrowed", "trace")

    def __init__(
        self, heap: Heap, conditions: tuple[Condition, ...] = (), *, gradient: bool = True, exceptional: bool = False
    ) -> None:
        self.heap = heap
        self.conditions = conditions
        self.gradient = gradient  # False within no_grad
        self.doubtful = False  # something that was not followed may have turned gradients off
        self.exceptional = exceptional  # within an except clause
        self.narrowed: Mapping[Node, Interval] = EMPTY_RANGES  # what tests have shown of numbers, by identity
        self.trace: Trace | None = None  # what has happened on the way here

    def fork(self, *conditions: Condition) -> State:
        forked = State(
            self.heap.fork(), self.conditions + conditions, gradient=self.gradient, exceptional=self.exceptional
        )
        forked.narrowed = self.narrowed
        forked.doubtful = self.doubtful
        forked.trace = self.trace
        return forked

    def parted(self, *conditions: Condition, last: bool) -> State:
        """The state at the beginning of one of several ways; the last of them needs no copy."""
        if not last:
            return self.fork(*conditions)
        self.conditions += conditions
        return self


def common_conditions(states: Iterable[State]) -> tuple[Condition, ...]:
    """What all paths assume: the common beginning of their conditions."""
    chains = [state.conditions for state in states]
    shared = chains[0]
    for chain in chains[1:]:
        count = 0
        for mine, theirs in zip(shared, chain, strict=False):
            if mine is not theirs and mine != theirs:
                break
            count += 1
        shared = shared[:count]
    return shared


def join_states(states: list[State]) -> State:
    """The state after several paths meet; slots that differ are joined under what their paths assume."""
    if len(states) == 1:
        return states[0]
    shared = common_conditions(states)
    paths = [state.conditions[len(shared) :] for state in states]
    states, paths = _default_first(states, paths)
    first = states[0]
    heap = _meeting([state.heap for state in states])
    records = heap.records
    path, shown = paths[0], first.narrowed
    for other, other_path in zip(states[1:], paths[1:], strict=False):
        for id in heap._written:
            theirs = other.heap.records.get(id)
            mine = records.get(id)
            if theirs is None or mine is theirs:
                continue
            if mine is None:
                records[id] = theirs
            else:
                records[id] = _join_records(mine, theirs, path, other_path, shown, other.narrowed)
        path, shown = (), EMPTY_RANGES
    met = State(heap, shared)
    met.gradient = first.gradient
    met.doubtful = any(state.doubtful or state.gradient is not first.gradient for state in states)
    met.exceptional = all(state.exceptional for state in states)
    met.narrowed = common_ranges(states)
    ends = [(path, state.trace, state.exceptional) for path, state in zip(paths, states, strict=True)]
    met.trace = joined(ends)
    return met


def common_ranges(states: Sequence[State]) -> Mapping[Node, Interval]:
    """What tests have shown of numbers on all of these paths; a path on which a number is None says nothing of it."""
    if all(state.narrowed is states[0].narrowed for state in states):
        return states[0].narrowed
    shared: dict[Node, Interval] = {}
    for node in dict.fromkeys(node for state in states for node in state.narrowed):
        ranges = [state.narrowed.get(node) for state in states if not _is_absent(state, node)]
        known = [each for each in ranges if each is not None]
        if known and len(known) == len(ranges):
            shared[node] = known[0]
            for each in known[1:]:
                shared[node] = shared[node].hull(each)
    return shared


def as_shown(value: Value, narrowed: Mapping[Node, Interval]) -> Value:
    """A number, or the numbers of a dictionary, as the tests on a path have left them."""
    if narrowed and isinstance(value, Items):
        pairs = tuple((key, as_shown(each, narrowed)) for key, each in value.items)
        changed = any(new[1] is not old[1] for new, old in zip(pairs, value.items, strict=True))
        return evolve(value, items=pairs) if changed else value
    if not narrowed or not isinstance(value, Number) or value.exact is not None or value.origin is None:
        return value
    shown = narrowed.get(identity(value.origin))
    left = None if shown is None else value.range.meet(shown)
    if left is None or left == value.range:
        return value
    shipped = value.shipped if value.shipped is not None and left.holds(value.shipped) else None
    return evolve(value, range=left, shipped=shipped)


def _is_absent(state: State, node: Node) -> bool:
    return any(each.holds and each.test == "is None" and each.subject is node for each in state.conditions)


def _join_records(
    mine: dict[str, Value],
    theirs: Mapping[str, Value],
    my_path: tuple[Condition, ...],
    their_path: tuple[Condition, ...],
    shown: Mapping[Node, Interval],
    their_shown: Mapping[Node, Interval],
) -> dict[str, Value]:
    """Both records in one; the very first of them where the other says nothing else."""
    changed: dict[str, Value] = {}
    for name, value in theirs.items():
        held = mine.get(name)
        if held is None:
            # set on one path only: a later read means that this path was taken
            changed[name] = Flag(None) if name[:1] == MARK else value
        elif held is not value:
            met = join(as_shown(held, shown), as_shown(value, their_shown), my_path, their_path)
            if met is not held:
                changed[name] = met
    if len(mine) + len(changed) > len(theirs):
        changed.update((name, Flag(None)) for name in mine if name[:1] == MARK and name not in theirs)
    return {**mine, **changed} if changed else mine


def _default_first(
    states: list[State], paths: list[tuple[Condition, ...]]
) -> tuple[list[State], list[tuple[Condition, ...]]]:
    left = [leaves_defaults(path) for path in paths]
    if True not in left[:-1]:
        return states, paths
    order = sorted(range(len(states)), key=left.__getitem__)
    return [states[i] for i in order], [paths[i] for i in order]
