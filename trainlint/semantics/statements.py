"""What a statement does to the state. A path that ends leaves no state behind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from trainlint.semantics import arithmetic, containers, contexts, imports, loops, narrowing, periods, truth
from trainlint.semantics.calls import function_value
from trainlint.semantics.classes import define_class
from trainlint.semantics.heap import State, common_ranges, join_states
from trainlint.semantics.machine import PathEnds, arguments
from trainlint.semantics.names import assign, bind, forget, frame_of
from trainlint.semantics.values import Tensor
from trainlint.syntax import tree

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

_IDLE = (tree.Constant, tree.Name)  # as statements


def execute(machine: Machine, statements: tuple[tree.Statement, ...]) -> None:
    """Run statements in order until the path ends; costs one step of fuel each, and without fuel no path goes on."""
    for statement in statements:
        if machine.state is None:
            return
        machine.fuel -= 1
        if machine.fuel <= 0:
            machine.exhausted = True
            machine.state = None
            return
        try:
            _HANDLERS[type(statement)](machine, statement)
        except PathEnds:
            machine.state = None


def _evaluate(machine: Machine, s: tree.Evaluate) -> None:
    machine.evaluate(s.value)
    if isinstance(s.value, _IDLE):
        machine.fuel += 2  # what does nothing costs nothing: a program without it is the same


def _assign(machine: Machine, s: tree.Assign) -> None:
    if _is_literal(s.value):
        machine.fuel += 2 if isinstance(s.value, tree.Constant) else 3
    if isinstance(s.value, tree.Comprehension) and s.value.kind == "generator" and isinstance(s.targets[0], tree.Name):
        value = loops.postpone(machine, s.value)
    else:
        value = machine.evaluate(s.value)
    for target in s.targets:
        assign(machine, target, value)


def _is_literal(e: tree.Expression) -> bool:
    """Whether an expression is a literal, perhaps with a sign."""
    return isinstance(e, tree.Constant) or (isinstance(e, tree.Unary) and isinstance(e.operand, tree.Constant))


def _annotate(machine: Machine, s: tree.Annotate) -> None:
    if s.value is not None:
        assign(machine, s.target, machine.evaluate(s.value))


def _augment(machine: Machine, s: tree.Augment) -> None:
    held = machine.evaluate(s.target)
    value = machine.evaluate(s.value)
    place = machine.place(s)
    if containers.is_list(held) and s.op == "+":
        containers.extend(machine, held, value, place)
        return
    if containers.is_dict(held) and s.op == "|":
        machine.method(held, "update", arguments(value), place)
        return
    result = arithmetic.binary(machine, s.op, held, value, place)
    if isinstance(held, Tensor) and isinstance(result, Tensor) and not machine.knowledge.is_unchanging(held.library):
        result = containers.write_buffer(machine, held, result)
    assign(machine, s.target, result)


def _return(machine: Machine, s: tree.Return) -> None:
    value = machine.nothing if s.value is None else machine.evaluate(s.value)
    machine.activation.returns.append((value, machine.now))
    machine.state = None


def _raise(machine: Machine, s: tree.Raise) -> None:
    machine.state = None


def _assert(machine: Machine, s: tree.Assert) -> None:
    test = machine.evaluate(s.test)
    answer = truth.decide(machine, test)
    if answer is False:
        machine.state = None
        return
    if answer is None:
        machine.now.conditions += (truth.conditions(machine, test, machine.place(s.test))[0],)
    narrowing.refine(machine, s.test, True, test)


def _delete(machine: Machine, s: tree.Delete) -> None:
    for target in s.targets:
        if isinstance(target, tree.Name):
            frame = frame_of(machine, target.id)
            if frame is not None:
                machine.heap.remove(frame, target.id)
        elif isinstance(target, tree.Subscript):
            holder, index = machine.evaluate(target.value), machine.evaluate(target.index)
            containers.delete_item(machine, holder, index, machine.place(target))


def _pass(machine: Machine, s: tree.Pass) -> None:
    machine.fuel += 1


def _break(machine: Machine, s: tree.Break) -> None:
    if machine.activation.loops:
        machine.activation.loops[-1][0].append(machine.now)
    machine.state = None


def _continue(machine: Machine, s: tree.Continue) -> None:
    if machine.activation.loops:
        machine.activation.loops[-1][1].append(machine.now)
    machine.state = None


def _scope(machine: Machine, s: tree.Scope) -> None:
    machine.activation.scopes.update(dict.fromkeys(s.names, s.kind))


def _import(machine: Machine, s: tree.Import) -> None:
    imports.run_import(machine, s)


def _import_from(machine: Machine, s: tree.ImportFrom) -> None:
    imports.run_import_from(machine, s)


def _if(machine: Machine, s: tree.If) -> None:
    test = machine.evaluate(s.test)
    answer = truth.decide(machine, test)
    if answer is not None:
        if machine.as_shipped:  # elsewhere what decided is what narrows the values when they are read
            narrowing.refine(machine, s.test, answer)
        taken, left = (s.body, s.orelse) if answer else (s.orelse, s.body)
        periods.decided(machine, (s.test, test), taken, left)
        execute(machine, taken)
        return
    periods.both(machine, s.body, s.orelse)
    yes, no = truth.conditions(machine, test, machine.place(s.test))
    start = machine.now
    ends: list[State] = []
    narrowed: list[narrowing.Refined] = []
    for condition, block, holds in ((yes, s.body, True), (no, s.orelse, False)):
        machine.state = start.parted(condition, last=not holds)
        refined = narrowing.refine(machine, s.test, holds, test)
        execute(machine, block)
        if machine.state is not None:
            ends.append(machine.state)
            narrowed.append(refined)
    if len(ends) == 2:
        for state, refined in zip(ends, narrowed, strict=False):
            machine.state = state
            narrowing.restore(machine, refined)
    machine.state = join_states(ends) if ends else None


def _match(machine: Machine, s: tree.Match) -> None:
    """A chain of tests; a pattern that is no literal may match or not, and binds unknown values."""
    subject = machine.evaluate(s.subject)
    ends: list[State] = []
    for case in s.cases:
        if machine.state is None:
            break
        place = machine.place(case)
        answer: bool | None = None
        matches: Any = None
        if isinstance(case.pattern, tree.Name) and case.guard is None:
            answer = True
        elif isinstance(case.pattern, tree.Constant | tree.Attribute) and case.guard is None:
            matches = truth.compare(machine, "==", subject, machine.evaluate(case.pattern), place)
            answer = truth.decide(machine, matches)
        if answer is False:
            continue
        start = machine.now
        yes, no = truth.conditions(
            machine, matches if matches is not None else machine.unknown("pattern", place), place
        )
        machine.state = start if answer else start.fork(yes)
        for name in case.names:
            bind(machine, name, subject if answer else machine.unknown("bound by a pattern", place))
        execute(machine, case.body)
        if machine.state is not None:
            ends.append(machine.state)
        machine.state = None if answer else start.fork(no)
    if machine.state is not None:
        ends.append(machine.state)
    machine.state = join_states(ends) if ends else None


def _try(machine: Machine, s: tree.Try) -> None:
    """The body is the path; handlers run beside it for what they contain, and go on only where the body cannot."""
    if not s.finally_body:
        _handled(machine, s)
        return
    before = machine.now.fork()
    if not contexts.leaving(machine, lambda: _handled(machine, s), lambda: execute(machine, s.finally_body)):
        machine.state = before
        execute(machine, s.finally_body)
        machine.state = None


def _handled(machine: Machine, s: tree.Try) -> None:
    before = machine.now.fork()
    execute(machine, s.body)
    body_end = machine.state
    ends: list[State] = []
    for handler in s.handlers:
        start = before if body_end is None else join_states([before.fork(), body_end.fork()])
        machine.state = start.fork()
        machine.state.exceptional = True
        if handler.name is not None:
            bind(machine, handler.name, machine.unknown("an exception", machine.place(handler)))
        execute(machine, handler.body)
        if machine.state is not None:
            machine.state.exceptional = before.exceptional
            ends.append(machine.state)
    machine.state = body_end
    if body_end is not None:
        if ends:  # what failed in the body was caught: its checks prove nothing
            body_end.narrowed = common_ranges([before, body_end])
        execute(machine, s.orelse)
    elif ends:
        machine.state = join_states(ends)


def _function(machine: Machine, s: tree.FunctionDef) -> None:
    bind(machine, s.name, function_value(machine, s))


def _class(machine: Machine, s: tree.ClassDef) -> None:
    bind(machine, s.name, define_class(machine, s))


def _unread(machine: Machine, s: tree.Unread) -> None:
    forget(machine, s.names, s.why, machine.place(s))


_HANDLERS: dict[type, Callable[[Any, Any], None]] = {
    tree.Evaluate: _evaluate,
    tree.Assign: _assign,
    tree.Annotate: _annotate,
    tree.Augment: _augment,
    tree.Return: _return,
    tree.Raise: _raise,
    tree.Assert: _assert,
    tree.Delete: _delete,
    tree.Pass: _pass,
    tree.Break: _break,
    tree.Continue: _continue,
    tree.Scope: _scope,
    tree.Import: _import,
    tree.ImportFrom: _import_from,
    tree.If: _if,
    tree.For: loops.run_for,
    tree.While: loops.run_while,
    tree.Try: _try,
    tree.With: contexts.run_with,
    tree.FunctionDef: _function,
    tree.ClassDef: _class,
    tree.Match: _match,
    tree.Unread: _unread,
}
