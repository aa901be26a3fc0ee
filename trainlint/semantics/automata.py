"""Typestates: what an object may have been through, and must have been through, when something happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import frozen

from trainlint.semantics.events import Event, Path, Trace

UNSEEN = "unseen"  # nobody knows what happened to the object
Witnesses = Mapping[str, Event]  # the latest event of each kind on the ways into a state
States = Mapping[str, Witnesses]
_NOTHING: States = {}  # the states of what there is not


@frozen
class Automaton:
    """States of one object and what leads from one to the next: ``(state, kind) → state``; no entry, no change.

    An object is in ``start`` when it is ``made``. What is not followed, and the begin of an assumed run, leads to
    `UNSEEN`, from where ``known`` names the state that an event leads to whatever was before it.
    """

    start: str
    moves: Mapping[tuple[str, str], str]
    known: Mapping[str, str]

    def after(self, states: States, kind: str, event: Event) -> States:
        """The states that an event leads to; one that is not certain may leave each of them."""
        if kind == "made":
            return {self.start: {"made": event}}
        if kind in ("anything", "begin"):
            return {UNSEEN: {}} if states else {}
        moved: dict[str, Witnesses] = {} if event.certain else dict(states)
        for state, witnesses in states.items():
            aim = self.known.get(kind, state) if state == UNSEEN else self.moves.get((state, kind), state)
            if event.certain or aim not in moved:
                held, after = moved.get(aim), {**witnesses, kind: event}
                moved[aim] = after if held is None else _latest(held, after)
        return moved


def follow(
    events: Sequence[Trace],
    automaton: Automaton,
    kind_of: Callable[[Event], str | None],
    given: Path,
    *,
    as_shipped: bool = False,
    begun: States | None = None,
    born: int = 0,
) -> Iterator[tuple[Event, States]]:
    """Each event that concerns an object, with the states that the object may be in before it.

    ``kind_of`` says what an event is to the object, None if nothing; ``given`` is what the path assumed on which it was
    made: paths on which there is no such object do not count, nor with ``as_shipped`` those that only flags lead to
    which are off by default. ``begun`` is what an object is before anything has happened, if it is there from the
    beginning, else ``born`` is which of the events made it. The events come in the order in which they happened.
    """
    known: dict[Trace, States] = dict.fromkeys(events[:born], _NOTHING)
    for trace in events[born:]:
        event = trace.event
        assert event is not None
        path, end = trace.before[0]
        at = trace if end is None or path or len(trace.before) > 1 else end
        before = known.get(at)
        if before is None:
            before = known[at] = _before(at, known, given, as_shipped, begun)
        kind = kind_of(event)
        if kind is None:
            known[trace] = before
            continue
        if before:
            yield event, before
        known[trace] = automaton.after(before, kind, event)


def _before(
    trace: Trace, known: dict[Trace, States], given: Path, as_shipped: bool, begun: States | None = None
) -> States:
    """The states in which a trace begins: those of the traces that it goes on from."""
    pending = [trace]
    while pending:
        at = pending[-1]
        ends = [end for path, end in at.before if end is not None and not (path and given and _contradict(path, given))]
        if as_shipped and len(at.before) > 1:
            usual = [end for path, end in at.before if end in ends and not any(each.off_default for each in path)]
            ends = usual or ends
        missing = [end for end in ends if end not in known]
        if missing:
            pending += missing
            continue
        pending.pop()
        several = [known[end] for end in ends]
        if begun and any(end is None for _, end in at.before):
            several.append(begun)
        met = _united(several)
        if at is trace:
            return met
        known[at] = met
    raise AssertionError


def _united(several: Sequence[States]) -> States:
    if several and all(each is several[0] for each in several):
        return several[0]
    met: dict[str, Witnesses] = {}
    for states in several:
        for state, witnesses in states.items():
            held = met.get(state)
            met[state] = witnesses if held is None or held is witnesses else _latest(held, witnesses)
    return met


def _latest(some: Witnesses, others: Witnesses) -> Witnesses:
    """Of each kind the later event."""
    merged = dict(some)
    for kind, event in others.items():
        held = merged.get(kind)
        if held is None or held.moment < event.moment:
            merged[kind] = event
    return merged


def _contradict(path: Path, given: Path) -> bool:
    return any(one.opposes(other) for one in path for other in given)
