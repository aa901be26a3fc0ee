"""A unit from its root file: the script itself first, then what nobody called, with arguments assumed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from trainlint.semantics import recording
from trainlint.semantics.attributes import find
from trainlint.semantics.classes import descends
from trainlint.semantics.machine import ALL_ASSUMED_FUEL, ASSUMED_FUEL, Arguments, Given, PathEnds, arguments
from trainlint.semantics.slices import Slices, needed
from trainlint.semantics.values import (
    Bound,
    Class,
    Flag,
    Function,
    Nothing,
    Object,
    Place,
    Value,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine
    from trainlint.source.segments import Segment

_CALL = re.compile(rb"[\w)\]]\s*\(")
LIGHTNING = "pytorch_lightning.LightningModule"
PLAIN_FUEL = 3_000  # steps for a script that trains nothing
DRIVEN = {LIGHTNING: "pytorch_lightning.Trainer"}


def interpret(machine: Machine, *, assume: bool = True) -> None:
    """Run the root file as a script, then every definition of it that could hold a finding and was not entered.

    With ``assume=False`` only the script is run.
    """
    program = machine.program
    source = program.source(program.root)
    if source is None:
        return
    slices = Slices(program, machine.knowledge.triggers)
    here = Slices(program, machine.knowledge.triggers_here).spoken_in_file()
    leading = {segment.number for segment in slices.seeds()}
    seeds = [segment for segment in source.segments if segment.number in leading | here]
    if not seeds:
        return

    def waits(segment: Segment) -> bool:
        """Whether a definition does nothing until somebody asks for its name."""
        plain = segment.kind in ("def", "class") and not _is_decorated(segment)
        return plain and len(source.names.get(segment.name or "", ())) == 1

    def acts(segment: Segment) -> bool:
        """Whether a statement may do something by itself: it calls something."""
        if segment.kind == "import" or waits(segment) or (segment.number not in leading and segment.name is not None):
            return False
        return _CALL.search(segment.data) is not None

    with machine.budget(machine.fuel if leading else PLAIN_FUEL):
        for segment in needed(source.segments, list(filter(acts, seeds))):
            if waits(segment):
                continue
            machine.last = machine.state
            program.run_segment(machine, program.root, segment.number)
            if machine.state is None:
                break
    if machine.state is None:
        machine.revive()
    _catch_up(machine)
    machine.really_entered = set(machine.entered)
    machine.really_exhausted = machine.exhausted
    if not assume:
        return
    with machine.budget(ALL_ASSUMED_FUEL):
        speaking = here | slices.spoken_in_file()
        own = {segment.name for segment in seeds if segment.number in speaking}
        for name in _callers_first([each for each in seeds if each.kind != "class" or each.name in own]):
            _assume(machine, name, entry_point=name not in own)


def _is_decorated(segment: Segment) -> bool:
    """Whether a definition may be entered somewhere by its decorator."""
    return segment.kind == "def" and segment.data.lstrip().startswith(b"@")


def _callers_first(seeds: list[Segment]) -> list[str]:
    """The names of the definitions, those first that no other one mentions: they give the others real arguments."""
    definitions = [segment for segment in seeds if segment.kind in ("def", "class") and segment.name is not None]
    users = {
        segment.name: sum(segment.name in other.mentions for other in definitions if other is not segment)
        for segment in definitions
    }
    return [name for name in sorted(users, key=lambda name: users[name] > 0) if name is not None]


def _assume(machine: Machine, name: str, *, entry_point: bool) -> None:
    """Run a definition that nobody called. What trains only in other files is left to these, unless it could be the
    program's entry: then nobody else gives them their arguments."""
    program = machine.program
    try:
        value = program.member(machine, program.root, name)
    except PathEnds:
        machine.revive()
        return
    machine.caught_up = False
    if isinstance(value, Function) and _is_orphan(machine, name, 0):
        machine.orphans.add(value.place)
    if isinstance(value, Function):
        if value.place not in machine.entered and not (entry_point and _needs_arguments(value)):
            _assumed_run(machine, value.place, lambda: machine.call(value, _assumed(machine, value, 0), value.place))
    elif isinstance(value, Class) and value.place.path == program.root:
        _assume_class(machine, value)


def _is_orphan(machine: Machine, name: str, own: int) -> bool:
    """Whether the script has a name nowhere but where it defines it, ``own`` times beside definitions of this name."""
    source = machine.program.source(machine.program.root)
    if source is None or name.startswith("__"):
        return False
    others = [each for each in source.segments if name in each.mentions and (each.name != name or _is_decorated(each))]
    word = re.compile(rf"\b{re.escape(name)}\b")
    return sum(len(word.findall(segment.spoken)) for segment in others) == own


def _needs_arguments(function: Function) -> bool:
    defaults = dict(function.defaults)
    return any(
        parameter.kind not in ("sequence", "mapping") and parameter.name not in defaults
        for parameter in function.source.parameters
    )


def _assume_class(machine: Machine, cls: Class) -> None:
    """Make one instance with unknown arguments; let its driver drive it, or run each method by itself."""
    methods = list(_methods(machine, cls))
    if all(method.place in machine.entered for method in methods):
        return
    init = find(machine, cls.mro, "__init__")
    made: list[Value] = []

    def build() -> None:
        given = _assumed(machine, init, 1) if isinstance(init, Function) else arguments()
        made.append(machine.call(cls, given, cls.place))

    _assumed_run(machine, cls.place, build, keep=True)
    if not made or not isinstance(made[0], Object):
        return
    instance, put_off = made[0], dict(machine.later)
    machine.later.clear()
    driver = next((driver for base, driver in DRIVEN.items() if descends(machine, cls, base)), None)
    if driver is not None:
        trainer = machine.program.library(machine, driver)

        def drive() -> None:
            made_trainer = machine.call(trainer, arguments(), cls.place)
            machine.method(made_trainer, "fit", arguments(instance), cls.place)

        _assumed_run(machine, cls.place, drive)
    worker = _worker(machine, cls)
    for method in sorted(methods, key=lambda method: method.name != worker):
        if method.place not in machine.entered and method.name != "__init__":
            if all(isinstance(each, Class) for each in cls.mro) and _is_orphan(machine, method.name, 1):
                machine.orphans.add(method.place)
            called = instance if method.name == worker else Bound(method, instance)

            def run(called: Value = called, method: Function = method) -> None:
                machine.call(called, _assumed(machine, method, 1), method.place)

            _assumed_run(machine, method.place, run)
    if put_off and not machine.caught_up:
        machine.later.update(put_off)
        _assumed_run(machine, cls.place, lambda: None)


def _worker(machine: Machine, cls: Class) -> str | None:
    """The method that is never called but through the instance, which does more around it: builds it first."""
    stubs = (each.library for each in cls.mro if isinstance(each, Class) and each.library is not None)
    return next(filter(None, map(machine.knowledge.worker, stubs)), None)


def _methods(machine: Machine, cls: Class) -> Iterator[Function]:
    for value in list(machine.heap.record(cls.id).values()):
        if isinstance(value, Function) and not value.marks & {"staticmethod", "classmethod"}:
            yield value


def _assumed(machine: Machine, function: Function, skip: int) -> Arguments:
    """Arguments for an assumed run: a default ships, except booleans and None; everything else is unknown."""
    defaults = dict(function.defaults)
    keywords = []
    for parameter in function.source.parameters[skip:]:
        if parameter.kind in ("sequence", "mapping"):
            continue
        default = defaults.get(parameter.name)
        if default is None or isinstance(default, Flag | Nothing):
            value: Value = machine.unknown(f"the argument {parameter.name} of a function nobody calls", function.place)
        else:
            value = default
        keywords.append((parameter.name, Given(value)))
    return Arguments((), tuple(keywords))


def _assumed_run(machine: Machine, place: Place, act: Callable[[], object], *, keep: bool = False) -> None:
    start = machine.now
    machine.state = start.fork()
    machine.state.doubtful = True
    machine.assumed = place
    recording.record(machine, "begin", None, place)
    try:
        with machine.budget(ASSUMED_FUEL):
            act()
            if not keep:
                _catch_up(machine)
    except PathEnds:
        machine.state = None
    finally:
        machine.assumed = None
    if not keep or machine.state is None:
        machine.state = start


def _catch_up(machine: Machine) -> None:
    """Do what was put off and has not become needless; where others of its kind were done, it was put off for good."""
    if machine.caught_up:
        machine.later.clear()
    while machine.later:
        _, later = machine.later.popitem()
        start, before = machine.now, machine.activation
        machine.state = start.fork()
        machine.state.conditions = later.conditions
        machine.activation = later.activation
        try:
            machine.call(later.function, arguments(), None)
        except PathEnds:
            pass
        finally:
            machine.state, machine.activation = start, before
