"""Functions that drop values within a network: those that ask for the mode, and those that go on in evaluation.

Which of them go on is found out by running the network once more, in evaluation mode, with the same arguments.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Map
from typing import TYPE_CHECKING

from attrs import define, field

from trainlint.semantics import containers, recording
from trainlint.semantics.events import Modal
from trainlint.semantics.evidence import is_hidden
from trainlint.semantics.facts import Facts, Lasting, Ran
from trainlint.semantics.immutable import evolve, frozen
from trainlint.semantics.machine import Arguments, Drawn, Given, PathEnds
from trainlint.semantics.values import (
    Condition,
    Flag,
    Node,
    Nothing,
    Object,
    ObjectId,
    Place,
    Sequence,
    Site,
    Value,
    known_number,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Entry
    from trainlint.semantics.libraries import Binding
    from trainlint.semantics.machine import Machine

MODE = "training"
EITHER = "either"  # the role of an argument that is what is dropped in one version, and what is kept in another
ASKED = "mode"  # the operation that reads or writes the mode of a network
TRIAL_FUEL = 2_000  # steps for one more run of a network
MOST_STEPS = 16  # between an argument and what it was made of
DEEPEST = 3  # batches in batches


@frozen(eq=False)
class Drop:
    """A function that drops: ``training`` is the mode that it was told, None if it was told none."""

    name: str
    place: Place
    site: Site
    training: bool | None
    written: bool  # it was told True, in so many words
    conditions: tuple[Condition, ...]


@define(eq=False)
class Dropping:
    """What drops in the pass that is being run, and what was found out of those before."""

    drops: list[Drop] | None = None
    goes_on: dict[tuple[Place, ObjectId], bool] = field(factory=dict)
    modal: dict[tuple[ObjectId, bool | None], Modal] = field(factory=dict)  # by network and its mode


def noted(machine: Machine, entry: Entry, bound: Binding, place: Place) -> None:
    """A function was called that drops values, if it is told to."""
    drops = machine.dropping.drops
    if drops is None or not _rates(entry, bound):
        return
    name = entry.roles.get(MODE, MODE)
    told = bound.values.get(name)
    training, written = None, False
    if told is not None and not isinstance(told, Flag):
        return
    if told is not None and name in bound.given and not (told.truth and _is_left_out(machine, told)):
        written = told.origin is not None and told.origin.place == bound.places.get(name) and bool(told.truth)
        if not written:
            if told.truth is None or not is_mode(told):
                return
            training = told.truth
    elif told is not None and not told.truth:
        return
    state = machine.now
    drops.append(Drop(entry.name, place, machine.activation.site, training, written, state.conditions))


def _is_left_out(machine: Machine, told: Flag) -> bool:
    """Whether it is the default of a helper, whose caller has said nothing."""
    function = machine.activation.function
    if function is None or function.name in machine.knowledge.workers:
        return False
    return any(default is told for _, default in function.defaults)


def is_mode(flag: Flag) -> bool:
    """Whether a truth value is the mode of a network, as it was born or as it was set."""
    origin = flag.origin
    return origin is not None and (origin.op == ASKED or (origin.place is not None and is_hidden(origin.place)))


def as_mode(flag: Value) -> Value:
    """A truth value that becomes the mode of a network."""
    return evolve(flag, origin=Node(ASKED, None, (flag,))) if isinstance(flag, Flag) else flag


def _rates(entry: Entry, bound: Binding) -> bool:
    """Whether some values are dropped, and not all."""
    names = (*entry.drops, *entry.keeps, entry.roles.get(EITHER, ""))
    given = (known_number(bound.values[name]) for name in names if name in bound.values)
    return any(each is not None and 0 < each < 1 for each in given)


def ran(machine: Machine, network: Object, method: Value, given: Arguments, place: Place | None) -> Value:
    """Run a network that is not part of another one, and judge what drops in it."""
    machine.facts.runs.append(
        Ran(
            network=network.id,
            given=sources(machine, given),
            place=place,
            site=machine.activation.site,
            moment=machine.facts.tick(),
        )
    )
    drops = machine.dropping.drops = []
    try:
        result = machine.call(method, given, place)
    finally:
        machine.dropping.drops = None
    if drops:
        _judge(machine, network, drops, method, given, place)
    return result


def again(machine: Machine, runs: Iterable[Ran], site: Site) -> None:
    """Networks are run once more as below a site, now below the present one, if that is another turn of the same."""
    now = machine.activation.site
    if [each.place for each in site.links()] != [each.place for each in now.links()]:
        return
    for each in runs:
        moved = recording.moved(machine, each.site, site, now)
        machine.facts.runs.append(evolve(each, site=moved, moment=machine.facts.tick()))


def sources(machine: Machine, given: Arguments) -> tuple[object, ...]:
    """Where each argument comes from: what a loop hands out is known by the loop, its data and the number of the turn.

    A loop in a function is another one for each place from where this is called: it goes through other data.
    """
    drawn: dict[object, object] = {}
    for turn in machine.activation.site.turns():
        held = machine.drawn.get(turn)
        if held is None:
            continue
        for each in _within(machine, held.item):
            drawn[_itself(each)] = (turn.turn, _data(held, each), *(each.place for each in turn.links()))
    return tuple(_source(each, drawn) for each in given.values())


def _data(held: Drawn, item: Value) -> object:
    """What an item was made of that was there before the loop."""
    for _ in range(MOST_STEPS):
        if item.origin is None or item.origin.born < held.begun or not item.origin.inputs:
            break
        item = item.origin.inputs[0]
    return _itself(item) if isinstance(item, Object) or (item.origin and item.origin.born < held.begun) else type(item)


def _source(value: Value, drawn: Map[object, object]) -> object:
    at: Value | None = value if drawn else None
    for _ in range(MOST_STEPS):
        if at is None:
            break
        if _itself(at) in drawn:
            return drawn[_itself(at)]
        at = at.origin.inputs[0] if at.origin is not None and at.origin.inputs else None
    if isinstance(value, Flag) and value.truth is not None:
        return value.truth
    return _taken(value)


def _taken(value: Value) -> object:
    """A value, or what part of which it is: a part that is taken anew each time is the same one."""
    node = value.origin
    if node is None or node.op != "index" or not node.inputs:
        return _itself(value)
    parts = [one for each in node.inputs[1:] for one in (each.head if isinstance(each, Sequence) else (each,))]
    known = [None if isinstance(each, Nothing) else known_number(each) for each in parts]
    if any(one is None and not isinstance(each, Nothing) for one, each in zip(known, parts, strict=True)):
        return _itself(value)
    return node.place, _itself(node.inputs[0]), *known


def _itself(value: Value) -> object:
    return value.id if isinstance(value, Object) else value.origin or type(value)


def _within(machine: Machine, item: Value | None, depth: int = 0) -> Iterator[Value]:
    """An item of known origin, and what it consists of if it is a tuple, a list or a dictionary."""
    if item is None:
        return
    if isinstance(item, Object) or item.origin is not None:
        yield item
    held: tuple[Value, ...] = ()
    if isinstance(item, Sequence) or containers.is_list(item):
        items = containers.items_of(machine, item)
        held = () if items is None else items.known
    elif containers.is_dict(item):
        mapping = containers.mapping_of(machine, item)
        held = () if mapping is None else tuple(each for _, each in mapping.items)
    for each in held if depth < DEEPEST else ():
        yield from _within(machine, each, depth + 1)


def _judge(
    machine: Machine, network: Object, drops: list[Drop], method: Value, given: Arguments, place: Place | None
) -> None:
    mode = machine.attribute(network, MODE, None)
    training = mode.truth if isinstance(mode, Flag) else None
    known = machine.dropping.goes_on
    if any(each.training is None and (each.place, network.id) not in known for each in drops):
        met = (
            {each.place for each in drops} if training is False else _evaluating(machine, network, method, given, place)
        )
        known.update(((each.place, network.id), each.place in met) for each in drops)
    for each in drops:
        if each.training is None and known[each.place, network.id]:
            _note(machine, network, each)
        else:
            modal, told = machine.dropping.modal, each.training is not False
            modal[network.id, training] = Modal(each.name, each.place, told)
            if training is not None:
                modal.setdefault((network.id, not training), Modal(each.name, each.place, not told))


def _note(machine: Machine, network: Object, drop: Drop) -> None:
    machine.facts.lasting.append(
        Lasting(
            name=drop.name,
            network=network.id,
            written=drop.written,
            place=drop.place,
            site=drop.site,
            conditions=drop.conditions,
            assumed=machine.assumed,
            exceptional=machine.now.exceptional,
        )
    )


def _evaluating(machine: Machine, network: Object, method: Value, given: Arguments, place: Place | None) -> set[Place]:
    """Where a network drops in evaluation mode; nothing is kept of the run."""
    from trainlint.semantics.graphs import Graph
    from trainlint.semantics.natives.networks import modules

    kept = machine.state, machine.facts, machine.graph, machine.memo, machine.phase, machine.exhausted
    later, drops = dict(machine.later), list[Drop]()
    machine.state = machine.now.fork()
    machine.facts = Facts(optimizers=kept[1].optimizers, moment=kept[1].moment)
    machine.graph, machine.memo, machine.phase = Graph(), None, Flag(False)
    machine.dropping.drops = drops
    for each in modules(machine, network):
        machine.heap.set(each.id, MODE, as_mode(Flag(False)))
    keywords = tuple((name, Given(Flag(False)) if name == MODE else each) for name, each in given.keywords)
    machine.inside += 1
    try:
        with machine.budget(TRIAL_FUEL):
            machine.call(method, evolve(given, keywords=keywords), place)
    except PathEnds:
        pass
    finally:
        machine.inside -= 1
        machine.state, machine.facts, machine.graph, machine.memo, machine.phase, machine.exhausted = kept
        machine.later.clear()
        machine.later.update(later)
        machine.dropping.drops = None
    return {each.place for each in drops}
