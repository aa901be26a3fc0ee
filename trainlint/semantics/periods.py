"""What a loop does only now and then: in turns later than those that are run one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from trainlint.semantics import acting
from trainlint.semantics.events import joined
from trainlint.semantics.facts import Facts
from trainlint.semantics.machine import PathEnds
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.heap import State
    from trainlint.semantics.machine import Machine
    from trainlint.semantics.values import Place, Value

Block = tuple[tree.Statement, ...]
Test = tuple[tree.Expression, "Value"]  # as it is written, and what came of it
LATER_TURN = 2_000  # the index of turns far on
LATER_FUEL = 2_000  # steps for those of one loop
ALL_LATER_FUEL = 8_000  # and of all loops together: loops within loops would run them again and again
TURNS = 2  # of these: what one of them leaves behind meets the next


def decided(machine: Machine, test: Test, taken: Block, left: Block) -> None:
    """A test has led to one side and not to the other; a side that ends the turn leaves out what follows the test."""
    _entered(machine, id(taken), taken, test)
    _left_out(machine, id(left), left, test)
    if _goes_on(taken):
        _left_out(machine, -id(taken), taken, test)
    elif _goes_on(left):
        _entered(machine, -id(left), left, test)


def both(machine: Machine, *taken: Block) -> None:
    """Blocks were entered, and what follows them; they are none that only later turns come to."""
    for each in taken:
        _entered(machine, id(each), each)
        if _goes_on(each):
            _entered(machine, -id(each), each)


def _entered(machine: Machine, key: int, block: Block, test: Test | None = None) -> None:
    if block:
        machine.taken.add(key)
        if machine.untaken.pop(key, None) is not None and test is not None:
            _alternates(machine, key, block, test)


def _left_out(machine: Machine, key: int, block: Block, test: Test) -> None:
    if not block:
        return
    if key in machine.taken:
        _alternates(machine, key, block, test)
    else:
        machine.untaken[key] = block


def _alternates(machine: Machine, key: int, block: Block, test: Test) -> None:
    """A test that has led to a block has left it out now, or the other way; by a remainder, it will do so again."""
    if _has_remainder(test[0]) or _is_remainder(test[1]):
        machine.alternating.append((key, block))


def _has_remainder(test: tree.Expression) -> bool:
    if isinstance(test, tree.Binary):
        return test.op == "%" or _has_remainder(test.left) or _has_remainder(test.right)
    if isinstance(test, tree.Compare):
        return any(map(_has_remainder, (test.left, *test.others)))
    if isinstance(test, tree.Logical):
        return any(map(_has_remainder, test.values))
    return isinstance(test, tree.Unary) and _has_remainder(test.operand)


def _is_remainder(value: Value) -> bool:
    return value.origin is not None and value.origin.op == "%"


def _goes_on(block: Block) -> bool:
    """Whether a block ends with the next turn, so that what follows it is another side of its test."""
    return bool(block) and isinstance(block[-1], tree.Continue)


class Looking:
    """Looks on while the first turns of a loop are run."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.events = len(machine.facts.events)
        self.untaken = len(machine.untaken)
        self.alternating = len(machine.alternating)
        self.items = machine.activation.items

    def go_on(self, place: Place, turn: Callable[[], None]) -> None:
        """Run further turns if these may come to steps, clearings or passes backward that the first ones left out,
        or came to once.

        Nothing is kept of them but what happens to networks and optimizers.
        """
        machine = self.machine
        if machine.as_shipped or machine.state is None:
            return
        if machine.activation.items == self.items and self._waits_to_yield():
            for index in range(TURNS):
                _run(machine, place, TURNS + index, turn)
            return
        if len(machine.facts.events) == self.events:
            return
        most = min(LATER_FUEL, ALL_LATER_FUEL - machine.spent_ahead)
        if most <= 0:
            return
        left = list(machine.untaken.items())[self.untaken :] + machine.alternating[self.alternating :]
        if not any(_goes_on(each) if key < 0 else acting.acts(machine, each) for key, each in left):
            return
        start, facts = machine.state, machine.facts
        machine.facts = Facts(
            optimizers=facts.optimizers, events=facts.events, moment=facts.moment, recorded=facts.recorded
        )
        machine.state = start.fork()
        ahead, machine.ahead = machine.ahead, True
        exhausted, machine.exhausted = machine.exhausted, False
        count, fuel = len(facts.events), machine.fuel
        try:
            with machine.budget(most):
                for index in range(TURNS):
                    _run(machine, place, LATER_TURN + index, turn)
        finally:
            end: State | None = machine.state
            if machine.exhausted:  # half a turn is none
                end = None
                del facts.events[count:]
            if not ahead:
                machine.spent_ahead += fuel - machine.fuel
            machine.ahead, machine.exhausted = ahead, exhausted
            facts.moment = machine.facts.moment
            machine.state, machine.facts = start, facts
        if end is not None:
            start.trace = joined([((), start.trace, False), ((), end.trace, False)])

    def _waits_to_yield(self) -> bool:
        """Whether a generator hands out nothing before a later turn, as one does that gathers items first."""
        generator = self.machine.activation.yields is not None
        left = list(self.machine.untaken.values())[self.untaken :] if generator else []
        return any(_yields(each) for block in left for each in block)


def _yields(node: tree.Tree) -> bool:
    return isinstance(node, tree.Yield) or any(map(_yields, tree.children(node)))


def _run(machine: Machine, place: Place, index: int, turn: Callable[[], None]) -> None:
    activation = machine.activation
    ends: tuple[list[State], list[State]] = ([], [])
    activation.loops.append(ends)
    returns = len(activation.returns)
    start = machine.state
    try:
        with machine.turn(place, index):
            turn()
    except PathEnds:
        machine.state = None
    finally:
        activation.loops.pop()
        del activation.returns[returns:]
    states = [each for each in (machine.state, *ends[1]) if each is not None]
    from trainlint.semantics.heap import join_states

    machine.state = join_states(states) if states else start
