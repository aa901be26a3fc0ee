"""What the stubs of networks ask of them: children, parameters, mode."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as Record
from itertools import zip_longest
from typing import TYPE_CHECKING

from attrs import frozen

from trainlint.semantics import containers, freezing, iterators, lasting, measures, recording
from trainlint.semantics.attributes import find
from trainlint.semantics.classes import descends
from trainlint.semantics.evidence import visible
from trainlint.semantics.heap import ITEMS, LEAF
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import Arguments
from trainlint.semantics.natives.registry import first_of, items_or_unknown, native, nth
from trainlint.semantics.values import (
    SAME,
    Choice,
    Class,
    Flag,
    Library,
    Node,
    Object,
    ObjectId,
    Parameters,
    Place,
    Sequence,
    Tensor,
    Text,
    Value,
    options,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine


MOST_MODULES = 2_000
MOST_VERSIONS = 4
LISTS = "looks_into_lists"  # an attribute of classes that register what is in their lists
HOLDS = "only_holds"  # an attribute of classes that compute nothing of what they hold


@frozen(eq=False)
class Inside:
    """What a network consists of, and the records from which that was read."""

    ids: tuple[ObjectId, ...]
    records: tuple[Record[str, Value] | None, ...]
    modules: tuple[Object, ...]
    own: frozenset[ObjectId]  # the modules
    owners: frozenset[ObjectId]  # the modules, and what makes their free parameters trainable
    modal: tuple[Object, ...]  # the layers that do something else in training mode


def inside(machine: Machine, network: Object) -> Inside:
    """What a network consists of; worked out anew when one of the records on the way has changed."""
    versions = machine.inner.get(network.id, ())
    for known in versions:
        if machine.heap.holds(known.ids, known.records):
            return known
    for known in versions[:1]:
        if _has_other_settings(machine, known):
            return _kept(machine, network, evolve(known, records=machine.heap.all_frozen(known.ids)))
    return _kept(machine, network, _looked_into(machine, network))


def _kept(machine: Machine, network: Object, found: Inside) -> Inside:
    """Several are kept, as a network may be in the one mode on one path and in the other on another."""
    machine.inner[network.id] = (found, *machine.inner.get(network.id, ())[: MOST_VERSIONS - 1])
    return found


def _has_other_settings(machine: Machine, known: Inside) -> bool:
    """Whether nothing has changed but plain attributes of the user's own modules."""
    records = map(machine.heap.records.get, known.ids)
    for each, record, now in zip_longest(known.modules, known.records, records):
        if record is not now and (each is None or not _differs_in_settings(each, record or {}, now or {})):
            return False
    return True


def _differs_in_settings(module: Object, record: Record[str, Value], now: Record[str, Value]) -> bool:
    """Whether nothing has changed in a module but its mode, or if it is the user's own, its plain attributes."""
    if record.keys() == now.keys():
        changed = [name for name, value in record.items() if now[name] is not value]
    else:
        changed = [name for name in record.keys() | now.keys() if record.get(name) is not now.get(name)]
    if not isinstance(module.cls, Class) and changed != [recording.MODE]:
        return False
    held = (each[name] for name in changed for each in (record, now) if name in each)
    return not any(isinstance(option, (Object, Tensor)) for value in held for _, option in options(value))


def _looked_into(machine: Machine, network: Object) -> Inside:
    found: dict[ObjectId, Object] = {}
    holders: list[ObjectId] = []
    pending = [network]
    while pending and len(found) < MOST_MODULES:
        each = pending.pop(0)
        if each.id not in found:
            found[each.id] = each
            pending.extend(child for _, child in children(machine, each, holders))
    owners = set(found)
    for id in found:
        for leaf in _leaves(machine, id):
            owners |= leaf.live
    ids = (*found, *holders)
    modules = tuple(found.values())
    modal = tuple(each for each in modules if recording.is_modal(machine, each))
    return Inside(ids, machine.heap.all_frozen(ids), modules, frozenset(found), frozenset(owners), modal)


def children(machine: Machine, value: Value, holders: list[ObjectId] | None = None) -> list[tuple[str, Object]]:
    """The networks and layers registered under an object, in order; lists that were looked into join ``holders``."""
    from trainlint.semantics.libraries import is_network

    found: list[tuple[str, Object]] = []
    if isinstance(value, Object):
        listed: bool | None = None
        for name, held in machine.heap.record(value.id).items():
            if not isinstance(held, (Object, Choice)) or name.startswith("@"):
                continue
            for _, option in options(held):
                if not isinstance(option, Object) or option.id is value.id:
                    continue
                if is_network(machine, option):
                    found.append((name, option))
                    continue
                if listed is None:
                    listed = find(machine, machine.classes(value), LISTS) is not None
                if listed and (containers.is_list(option) or containers.is_dict(option)):
                    found += _in_list(machine, name, option)
                    if holders is not None:
                        holders.append(option.id)
    return found


def gathered(machine: Machine, network: Object) -> tuple[Object, ...]:
    """A network; the parts of one that only holds them, and is itself no part of another."""
    if not _only_holds(machine, network) or _is_part(machine, network):
        return (network,)
    found: list[Object] = []
    pending = [network]
    for each in pending:  # grows
        if _only_holds(machine, each) and len(pending) < MOST_MODULES:
            pending += (child for _, child in children(machine, each))
        else:
            found.append(each)
    return tuple(found)


def _only_holds(machine: Machine, network: Object) -> bool:
    holds = find(machine, machine.classes(network), HOLDS) is not None
    return holds and not containers.has_own(machine, network, "forward")


def _is_part(machine: Machine, network: Object) -> bool:
    """Whether a network is an attribute of another."""
    from trainlint.semantics.libraries import NETWORK

    return any(
        descends(machine, cls, NETWORK)
        and any(isinstance(held, Object) and held.id is network.id for held in machine.heap.record(id).values())
        for id, cls in machine.made.items()
    )


def _in_list(machine: Machine, name: str, holder: Object) -> Iterator[tuple[str, Object]]:
    """The networks in a list or dictionary, for those classes whose instances look into them."""
    from trainlint.semantics.libraries import is_network

    mapping = containers.mapping_of(machine, holder) if containers.is_dict(holder) else None
    items = containers.items_of(machine, holder) if mapping is None else None
    values = [each for _, each in mapping.items] if mapping is not None else [] if items is None else items.known
    for index, each in enumerate(values):
        for _, option in options(each):
            if isinstance(option, Object) and is_network(machine, option):
                yield f"{name}.{index}", option


@native("trainlint.children")
def _children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    value = first_of(machine, given)
    held = machine.heap.get(value.id, ITEMS) if isinstance(value, Object) else None
    if isinstance(held, Sequence):
        return held
    if _is_whole(machine, value):
        return Sequence(middle=machine.unknown("the layers of a network that comes whole", place), endless=True)
    return Sequence(tuple(each for _, each in children(machine, value)))


def _is_whole(machine: Machine, value: Value) -> bool:
    """Whether a network comes from a library, with layers that are not known one by one."""
    cls = value.cls if isinstance(value, Object) else None
    entry = machine.knowledge.entries.get(cls.name) if isinstance(cls, Library) else None
    return entry is not None and entry.deep


@native("trainlint.set_children")
def _set_children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Keep the modules of a container: one by one where they are known, else as ends and a middle."""
    holder, items = first_of(machine, given), nth(machine, given, 1) or machine.nothing
    if isinstance(holder, Object):
        keep_children(machine, holder, items_or_unknown(machine, items, place))
    return machine.nothing


def keep_children(machine: Machine, holder: Object, items: Sequence) -> None:
    machine.heap.set(holder.id, ITEMS, evolve(items, kind="list", turns=()))
    for index, each in enumerate(items.head):
        machine.heap.set(holder.id, str(index), each)
    if items.middle is not None:
        machine.heap.set(holder.id, "middle", items.middle)
        for index, each in enumerate(items.tail):
            machine.heap.set(holder.id, f"tail{index}", each)


@native("trainlint.named_children")
def _named_children(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(tuple(Sequence((Text(name), each)) for name, each in children(machine, first_of(machine, given))))


@native("trainlint.modules")
def _modules(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Sequence(modules(machine, first_of(machine, given)))


def modules(machine: Machine, first: Value) -> tuple[Object, ...]:
    """A network and everything below it."""
    return inside(machine, first).modules if isinstance(first, Object) else ()


@native("trainlint.parameters")
def _parameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    measures.happened(machine, "parameters")
    return owned(machine, given, place)


@native("trainlint.lazy_parameters")
def _lazy_parameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The same as an iterator, which can be used only once."""
    measures.happened(machine, "parameters")
    iterators.begin(machine)
    return evolve(owned(machine, given, place), lazy=True)


@native("trainlint.variables")
def _variables(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Those that are trained, of a network that is asked for them in each step."""
    found = owned(machine, given, place)
    return evolve(found, owners=freezing.trained(machine, found.owners))


@native("trainlint.is_trained")
def _is_trained(machine: Machine, given: Arguments, place: Place | None) -> Value:
    return Flag(freezing.are_trained(machine, owned(machine, given, place).owners))


@native("trainlint.set_trained")
def _set_trained(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Have all weights of a network ask for gradients, or not."""
    asked = nth(machine, given, 1)
    wanted = asked.truth if isinstance(asked, Flag) else None
    at = visible(place, machine.activation.site)
    freezing.set_trained(machine, owned(machine, given, place).owners, wanted, at)
    return machine.nothing


def owned(machine: Machine, given: Arguments, place: Place | None) -> Parameters:
    """The parameters of a network and everything below it."""
    network = first_of(machine, given)
    owners = inside(machine, network).owners if isinstance(network, Object) else frozenset[ObjectId]()
    return Parameters(owners, origin=Node(iterators.MADE, place, (network,)))


def names(machine: Machine, network: Value) -> dict[ObjectId, tuple[str | None, ...]]:
    """By which names the parameters of each layer of a network go, as far as a test of a name is concerned."""
    found: dict[ObjectId, tuple[str | None, ...]] = {}
    pending = [("", network)]
    seen: set[ObjectId] = set()
    while pending and len(seen) < MOST_MODULES:
        prefix, each = pending.pop()
        if not isinstance(each, Object) or each.id in seen:
            continue
        seen.add(each.id)
        plain = each.id not in machine.facts.layers
        found[each.id] = () if plain else tuple(f"{prefix}{name}" for name in freezing.WEIGHTS)
        for name, held in machine.heap.record(each.id).items():
            if isinstance(held, Tensor) and held.origin is not None and held.origin.op == LEAF:
                found.update((owner, (f"{prefix}{name}",)) for owner in held.live | held.cut)
        pending += ((f"{prefix}{name}.", child) for name, child in children(machine, each))
    return found


def _leaves(machine: Machine, module: ObjectId) -> Iterator[Tensor]:
    for held in machine.heap.record(module).values():
        if isinstance(held, Tensor) and held.origin is not None and held.origin.op == LEAF:
            yield held


@native("trainlint.in_place")
def _in_place(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Weights are changed in place, and given back: by any method of tensors whose name ends as theirs do."""
    value = first_of(machine, given)
    if isinstance(value, Parameters):
        recording.mixed(machine, value, [each for each in given.values() if each is not value])
    return value


@native("trainlint.kept")
def _saved(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Note that weights are saved or copied."""
    measures.happened(machine, "kept")
    return machine.nothing


@native("trainlint.cleared")
def _cleared(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Note that the gradients of a network are cleared."""
    recording.cleared(machine, owned(machine, given, place), place)
    return machine.nothing


@native("trainlint.guarded")
def _guarded(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Note that something stands against overfitting, or could."""
    what = first_of(machine, given)
    machine.facts.guards.add(what.text or "" if isinstance(what, Text) else "")
    return machine.nothing


@native("trainlint.loaded")
def _loaded(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``loaded(network, state)``: its weights come from elsewhere, perhaps from a network that is known."""
    owned = _parameters(machine, given, place)
    assert isinstance(owned, Parameters)
    machine.facts.loaded |= owned.owners
    for _, each in options(nth(machine, given, 1) or machine.nothing):
        node = each.origin
        while node is not None and node not in machine.states and node.op in SAME and node.inputs:
            node = node.inputs[0].origin
        recording.inherited(machine, owned.owners, machine.states.get(node, frozenset()) if node else frozenset())
    return machine.nothing


@native("trainlint.state_of")
def _state_of(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """The state of a network: who loads it has its weights."""
    measures.happened(machine, "kept")
    made = machine.unknown("a state dictionary", place)
    network = first_of(machine, given)
    if made.origin is not None and isinstance(network, Object):
        machine.states[made.origin] = inside(machine, network).own
    return made


@native("trainlint.inherit")
def _inherit(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """``inherit(network, other)``: the weights of the other one have their part in those of the network."""
    first, other = first_of(machine, given), nth(machine, given, 1)
    if isinstance(first, Object) and isinstance(other, Object):
        recording.inherited(machine, inside(machine, first).own, inside(machine, other).own)
    return machine.nothing


@native("trainlint.named_parameters")
def _named_parameters(machine: Machine, given: Arguments, place: Place | None) -> Value:
    measures.happened(machine, "parameters")
    iterators.begin(machine)
    return evolve(owned(machine, given, place), lazy=True, named=True)


@native("trainlint.set_mode")
def _set_mode(machine: Machine, given: Arguments, place: Place | None) -> Value:
    """Write the mode of a network and everything below it."""
    mode = lasting.as_mode(nth(machine, given, 1) or Flag(True))
    network = first_of(machine, given)
    if not isinstance(network, Object):
        return machine.nothing
    found = inside(machine, network)
    heap = machine.heap
    for id in found.own:
        if heap.get(id, recording.MODE) is not mode:
            heap.set(id, recording.MODE, mode)
    _kept(machine, network, evolve(found, records=machine.heap.all_frozen(found.ids)))
    training = mode.truth if isinstance(mode, Flag) else None
    recording.record(machine, "anything" if training is None else "mode", found.own, place, training=training)
    return machine.nothing
