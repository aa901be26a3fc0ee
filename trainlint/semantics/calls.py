"""Calls: binding of arguments, project functions, and the way to library knowledge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from trainlint.semantics import (
    aside,
    containers,
    contexts,
    lasting,
    libraries,
    measures,
    optimizers,
    outside,
    recording,
)
from trainlint.semantics.classes import instantiate
from trainlint.semantics.graphs import INPUT, OUTPUT
from trainlint.semantics.heap import ESCAPED, State, common_conditions, join_states
from trainlint.semantics.immutable import evolve
from trainlint.semantics.joins import choose, join
from trainlint.semantics.machine import DEPTH, JUDGE, QUIET, Activation, Arguments, Frame, Given, PathEnds, arguments
from trainlint.semantics.memo import DEAR, key_of
from trainlint.semantics.values import (
    CONTEXT,
    Bound,
    Choice,
    Class,
    Condition,
    Function,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    ObjectId,
    Partial,
    Place,
    Sequence,
    Tensor,
    Text,
    Unknown,
    Value,
)
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

RECURSION = 8  # calls of a function within each other
ALL_RECURSION = 32  # and in all, within a first one
AROUND = "trainlint.around"  # makes a decorator of a context
_PLAIN = (Number, Text)
_HANDED = (Tensor, Number, Text)  # what a function gives as one value
PASSED_ON = dict.fromkeys(("range", "reach", "content", "why", "live", "number", "data"), 0)


def call(machine: Machine, function: Value, given: Arguments, place: Place | None) -> Value:
    """``function(…)``."""
    if isinstance(function, Function):
        return call_function(machine, function, given, place)
    if isinstance(function, Bound):
        return _call_bound(machine, function, given, place)
    if isinstance(function, Class):
        return instantiate(machine, function, given, place)
    if isinstance(function, Library):
        return libraries.call(machine, function.name, given, place, function.written)
    if isinstance(function, Object):
        method = machine.attribute(function, "__call__", place)
        if isinstance(method, Unknown):
            first = given.positional[0].value if given.positional else None
            if isinstance(first, Function) and (mode := contexts.decorated(machine, function, machine.now.gradient)):
                return evolve(first, marks=first.marks | {mode})
            escape(machine, given)
            if optimizers.schedule_of(machine, function) is not None:
                return optimizers.asked(machine, function, given, place)
            measures.strange(machine, None, given.values())
            recording.unfollowed(machine, function, given.values(), place)
            return machine.unknown("an object that cannot be called", place, method)
        if isinstance(method, Bound) and isinstance(method.function, Library):
            method = _overridden(machine, function, method, place)
        network = libraries.is_network(machine, function)
        outermost = machine.pass_ is None and network
        if outermost:
            machine.pass_ = (place, machine.activation.site)
        gradient, recorded = machine.now.gradient, machine.recorded
        part = network and not outermost and recorded and not gradient
        machine.recorded = gradient if outermost else recorded and gradient
        machine.inside += network
        try:
            if outermost and machine.dropping.drops is None:
                result = lasting.ran(machine, function, method, given, place)
            else:
                result = machine.call(method, given, place)
        finally:
            machine.inside -= network
            machine.recorded = recorded
            machine.pass_ = None if outermost else machine.pass_
        if machine.graph.applied and _noted(machine, function, given, result, place):
            return result
        if machine.inside == 0:
            libraries.entered(machine, function, given, result, place)
        elif part:
            recording.passed(machine, function, given, result, place, kind="part")
        return result
    if isinstance(function, Choice):
        return machine.split(function, lambda one: call(machine, one, given, place))
    if isinstance(function, Partial):
        keywords = {name: Given(value) for name, value in function.keywords}
        keywords.update(dict(given.keywords))
        positional = (*map(Given, function.positional), *given.positional)
        return call(machine, function.function, Arguments(positional, tuple(keywords.items()), given.open), place)
    product = _product(machine, function, given, place) if isinstance(function, Unknown) else None
    if product is not None:
        return product
    judges = JUDGE in function.taint and not recording.acts(machine, function)  # what it says may go backward itself
    if judges:
        recording.judged(machine, given.values())
    elif QUIET not in function.taint or JUDGE in function.taint:
        escape(machine, given)
        measures.strange(machine, function, given.values())
        recording.unfollowed(machine, function, given.values(), place)
    if isinstance(function, Unknown):
        origin = Node("called", place, (function, *given.values()), {"why": 0})
        return Unknown(why=function.why, origin=origin, taint=function.taint)
    return machine.unknown("a value that cannot be called", place)


def _noted(machine: Machine, layer: Object, given: Arguments, result: Value, place: Place | None) -> bool:
    """Note a call with symbolic tensors, and say whether it was one."""
    if not libraries.is_network(machine, layer) or not machine.graph.note_call(machine, layer, given, result, place):
        return False
    machine.heap.set(layer.id, INPUT, next(given.values(), machine.nothing))
    machine.heap.set(layer.id, OUTPUT, result)
    return True


def _product(machine: Machine, method: Unknown, given: Arguments, place: Place | None) -> Value | None:
    """What a method that multiplies matrices makes of a tensor, whatever it is multiplied with."""
    node = method.origin
    other = next((each for each in given.values() if isinstance(each, Tensor)), None)
    if node is None or node.op != "attribute" or not node.inputs or other is None:
        return None
    name = machine.knowledge.tensor_method(node.label, other.library)
    entry = machine.knowledge.get(name)
    if entry is None or entry.op != "product":
        return None
    return libraries.call(machine, name, given.behind(node.inputs[0]), place)


def _overridden(machine: Machine, layer: Object, method: Bound, place: Place | None) -> Value:
    """What is called of an instance of a library's layer: what a subclass wrote, or the library's own."""
    assert isinstance(method.function, Library)
    worker = machine.knowledge.worker(method.function.name.rpartition(".")[0])
    own = None if worker is None else machine.attribute(layer, worker, place)
    return own if isinstance(own, Bound) and isinstance(own.function, Function) else method


def _call_bound(machine: Machine, bound: Bound, given: Arguments, place: Place | None) -> Value:
    if isinstance(bound.function, Library):
        return libraries.call_method(machine, bound.function.name, bound.receiver, given, place)
    function, receiver = bound.function, bound.receiver
    with_receiver = given.behind(receiver)
    if not isinstance(receiver, Object) or not _works(machine, function, receiver):
        return call(machine, function, with_receiver, place)
    outermost = machine.inside == 0
    machine.inside += 1
    try:
        if machine.dropping.drops is None:
            result = lasting.ran(machine, receiver, function, with_receiver, place)
        else:
            result = call(machine, function, with_receiver, place)
    finally:
        machine.inside -= 1
    if outermost:
        libraries.entered(machine, receiver, given, result, place)
    return result


def _works(machine: Machine, method: Value, receiver: Object) -> bool:
    """Whether this is the method through which a network does its work."""
    if not isinstance(method, Function) or method.name not in machine.knowledge.workers:
        return False
    return libraries.is_network(machine, receiver)


def escape(machine: Machine, given: Arguments) -> None:
    """An unknown callable had its hands on these: lists and networks may be anything from now on."""
    for value in given.values():
        for option in (each for _, each in value.options) if isinstance(value, Choice) else (value,):
            containers.loosen(machine, option)
            if not isinstance(option, Object):
                continue
            if containers.is_list(option) or containers.is_dict(option):
                containers.weaken(machine, option)
            elif libraries.is_network(machine, option):
                machine.heap.set(option.id, ESCAPED, machine.nothing)
                machine.facts.given_away.add(option.id)
            else:
                machine.facts.given_away.add(option.id)


# Functions ------------------------------------------------------------------------------------------------------------


def function_value(machine: Machine, s: tree.FunctionDef) -> Value:
    """The function that a def makes, decorated."""
    activation = machine.activation
    activation.captured = True
    for decorator in s.decorators:
        if isinstance(decorator, tree.Attribute) and decorator.attr in ("setter", "deleter"):
            held = machine.heap.get(activation.frame, s.name)
            if isinstance(held, Function):
                if decorator.attr == "setter":
                    machine.heap.set(activation.frame, f"@set:{s.name}", _function(machine, s, s.name))
                return held
    return decorate(machine, _function(machine, s, s.name), s.decorators)


def lambda_value(machine: Machine, e: tree.Lambda) -> Value:
    machine.activation.captured = True
    return _function(machine, e, "<lambda>")


def _function(machine: Machine, source: tree.FunctionDef | tree.Lambda, name: str) -> Function:
    activation = machine.activation
    defaults = tuple(
        (parameter.name, machine.evaluate(parameter.default))
        for parameter in source.parameters
        if parameter.default is not None
    )
    module = machine.frames[activation.frame].module
    return Function(name, source, machine.place(source), activation.frame, module, defaults)


def decorate(machine: Machine, value: Value, decorators: tuple[tree.Expression, ...]) -> Value:
    """Apply decorators, the last first; one that is not followed is taken to hand its function on."""
    for decorator in reversed(decorators):
        gradient = machine.now.gradient
        function = machine.evaluate(decorator)
        mode = contexts.decorated(machine, function, gradient)
        if mode is not None and isinstance(value, Function):
            value = evolve(value, marks=value.marks | {mode})
            continue
        named = function.cls if isinstance(function, Object) else function  # torch.no_grad() makes an object
        mark = machine.knowledge.decorator_mark(named.name) if isinstance(named, Library) else None
        if mark is not None and isinstance(value, Function | Class):
            value = evolve(value, marks=value.marks | {mark})
            continue
        if isinstance(function, Unknown):
            value = _veiled(value)
            continue
        if isinstance(function, Sequence) and function.kind == CONTEXT:  # its block is the function
            function = machine.call(machine.program.library(machine, AROUND), arguments(function), None)
        result = machine.call(function, arguments(value), machine.place(decorator))
        value = _veiled(value) if isinstance(result, Unknown) else result
    return value


def _veiled(value: Value) -> Value:
    """A function in a decorator that was not followed: that may do anything before."""
    return evolve(value, marks=value.marks | {contexts.VEILED}) if isinstance(value, Function) else value


def call_function(machine: Machine, function: Function, given: Arguments, place: Place | None) -> Value:
    """What a project function gives for its actual arguments: remembered, or interpreted."""
    if "contextmanager" in function.marks and machine.entering is None and not given.open:
        keywords = tuple((name, each.value) for name, each in given.keywords)
        return Sequence((Partial(function, tuple(each.value for each in given.positional), keywords),), kind=CONTEXT)
    if machine.entering is not None or function.place.path.startswith("stub:"):
        return _called(machine, function, given, place)
    return aside.run(machine, function, given.values(), place, lambda: _called(machine, function, given, place))


def _called(machine: Machine, function: Function, given: Arguments, place: Place | None) -> Value:
    memo = machine.memo
    driven = machine.entering is not None
    if memo is None or driven or function.place.path.startswith("stub:") or function.place in memo.cheap:
        before = machine.fuel
        result = _run(machine, function, given, place)
        if memo is not None and before - machine.fuel > DEAR:
            memo.cheap.discard(function.place)
    else:
        key = key_of(machine, function, given)
        recalled = memo.recall(machine, function, given, key)
        if recalled is not None:
            return _crossed(recalled, function.name, place)
        attempt = memo.begin(machine, function, given, key)
        result = _run(machine, function, given, place)
        if attempt is not None:
            memo.end(machine, attempt, result)
    return _crossed(result, function.name, place)


def _run(machine: Machine, function: Function, given: Arguments, place: Place | None) -> Value:
    """Interpret a project function with its actual arguments."""
    aside.check(machine)
    if machine.watch is not None:
        machine.watch()
    caller = machine.activation
    concrete = tuple([_concrete(machine, each.value) for each in given.positional])
    if given.keywords:
        concrete += tuple([_concrete(machine, each.value) for _, each in given.keywords])
    if machine.fuel <= 0 or _recurs(machine, function.place, concrete):
        recording.unfollowed(machine, function, given.values(), place)
        return machine.unknown("recursion" if machine.fuel > 0 else "fuel", place)
    site = machine.site(caller.site, place or function.place)
    frame = machine.identity(function.place, site=site)
    serial = 0
    state = machine.now
    while frame in state.heap.records:
        serial += 1
        frame = machine.identity(function.place, serial, site)
    start_conditions = state.conditions
    gradient, doubtful = state.gradient, state.doubtful
    if contexts.OFF in function.marks:
        state.gradient = False
    if contexts.VEILED in function.marks:
        state.doubtful = True
    machine.frames[frame] = Frame(function.frame, function.module)
    source = function.source
    machine.heap.clear(frame)
    _bind_parameters(machine, function, given, frame, place)
    activation = Activation(frame, function.place.path, function.place.segment, site, function, given)
    if isinstance(source, tree.FunctionDef) and source.generator:
        activation.yields = []
        activation.middle, machine.entering = machine.entering, None
    machine.entered.add(function.place)
    machine.running.append((function.place, concrete))
    machine.activation = activation
    try:
        if isinstance(source, tree.Lambda):
            activation.returns.append((machine.evaluate(source.body), machine.now))
            machine.state = None
        else:
            machine.execute(source.body)
    finally:
        machine.activation = caller
        machine.running.pop()
    if machine.state is not None:
        activation.returns.append((machine.nothing, machine.state))
    if not activation.returns:
        machine.state = None
        raise PathEnds
    result = _joined_returns(machine, activation.returns)
    machine.now.conditions = start_conditions
    if function.marks & contexts.GRADIENTS:
        contexts.restore(machine.now, gradient, doubtful)
    if not activation.captured:
        machine.heap.drop(frame)
    if activation.yields is not None:
        result = Sequence(tuple(activation.yields), kind="iterator")
        if "contextmanager" in function.marks:
            result = evolve(result, kind=CONTEXT)
    return result


def _recurs(machine: Machine, place: Place, concrete: tuple[object, ...]) -> bool:
    """Whether a call is too deep: of all calls, of this function, or with nothing new since it was entered."""
    at = place.at
    before = [given for entered, given in machine.running if entered.at == at and entered == place]
    receiver = concrete[0][0] if concrete and isinstance(concrete[0], tuple) else None
    calls = 0
    if before or machine.recursions:
        key = place, receiver  # networks within networks are called by one and the same method
        calls = machine.recursions.get(key, 0)
        if calls <= ALL_RECURSION:
            machine.recursions[key] = calls + 1 if before else 0
    too_many = calls > ALL_RECURSION  # whoever calls it again is in for the same
    return too_many or len(machine.running) >= DEPTH * 3 or len(before) >= RECURSION or concrete in before


def _concrete(machine: Machine, value: Value) -> object:
    """What of an argument can make a recursion end."""
    if isinstance(value, Object):
        items = containers.items_of(machine, value) if containers.is_list(value) else None
        return (value.id, items)
    if isinstance(value, Number):
        return value.exact
    return type(value) if isinstance(value, (Unknown, Tensor)) else value


def _joined_returns(machine: Machine, returns: list[tuple[Value, State]]) -> Value:
    if len(returns) == 1:
        machine.state = returns[0][1]
        return returns[0][0]
    states = [state for _, state in returns]
    shared = len(common_conditions(states))
    alternatives = [
        (state.conditions[shared:] + path, option)
        for value, state in returns
        for path, option in (value.options if isinstance(value, Choice) else (((), value),))
    ]
    result = alternatives[0][1]
    if any(option is not result and option != result for _, option in alternatives[1:]):
        result = _merged(alternatives)
    machine.state = join_states(states)
    return result


def _merged(alternatives: list[tuple[tuple[Condition, ...], Value]]) -> Value:
    if len(alternatives) == 2:
        (path, value), (other_path, other) = alternatives
        return join(value, other, path, other_path)
    return choose(alternatives)


def _crossed(value: Value, name: str, place: Place | None) -> Value:
    """Note in the history of tensors and numbers that they came back from a function."""
    if place is None or isinstance(value, (Nothing, Object)) or (value.origin is None and isinstance(value, _PLAIN)):
        return value
    if isinstance(value, _HANDED):
        node = Node("return", place, (value,), PASSED_ON, label=name)
        return evolve(value, origin=node)
    if isinstance(value, Choice):
        return evolve(value, options=tuple((path, _crossed(each, name, place)) for path, each in value.options))
    if isinstance(value, Sequence) and len(value.head) <= 8 and value.kind == "tuple":
        return evolve(value, head=tuple([_crossed(each, name, place) for each in value.head]))
    return value


def _bind_parameters(
    machine: Machine, function: Function, given: Arguments, frame: ObjectId, place: Place | None
) -> None:
    """Python's binding; what is not given and has no default is unknown."""
    heap = machine.heap
    positional = list(given.positional)
    keywords = dict(given.keywords)
    defaults = dict(function.defaults)
    spread = _is_spread(positional)
    for parameter in function.source.parameters:
        name = parameter.name
        if parameter.kind == "either" and positional and not spread:
            value: Value = positional.pop(0).value
        elif parameter.kind == "sequence":
            value = _rest(machine, positional, given)
            positional = []
        elif parameter.kind == "mapping":
            pairs = tuple((Text(key), each.value) for key, each in keywords.items())
            rest = (given.rest or machine.unknown("keyword arguments", place)) if given.open else None
            value = containers.new_dict(machine, pairs, rest, place)
        elif parameter.kind in ("positional", "either") and positional and not spread:
            value = positional.pop(0).value
        elif parameter.kind in ("positional", "either") and positional:
            first = positional[0].value
            if isinstance(first, Sequence) and first.kind == "spread":
                value = machine.unknown("an argument from a sequence of unknown length", place)
            else:
                value = positional.pop(0).value
        elif name in keywords and parameter.kind != "positional":
            value = keywords.pop(name).value
        elif given.open:
            value = outside.argument(machine, given, name, place)
        elif name in defaults:
            value = defaults[name]
        else:
            value = machine.unknown(f"the argument {name} is not given", place)
        heap.set(frame, name, value)


def _is_spread(positional: Iterable[Given]) -> bool:
    """Whether a sequence of unknown length is among the arguments."""
    for each in positional:
        value = each.value
        if isinstance(value, Sequence) and value.kind == "spread":
            return True
    return False


def _rest(machine: Machine, positional: list[Given], given: Arguments) -> Value:
    head: list[Value] = []
    for each in positional:
        if isinstance(each.value, Sequence) and each.value.kind == "spread":
            return evolve(containers.concatenated(machine, Sequence(tuple(head)), each.value), kind="tuple")
        head.append(each.value)
    middle = (given.spread or machine.unknown("arguments that were not followed", None)) if given.open else None
    return Sequence(tuple(head), middle)
