"""The abstract interpreter: its state, and the doors through which its parts call each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import define, field

from trainlint.semantics.facts import Facts
from trainlint.semantics.heap import Heap, State, as_shown, join_states
from trainlint.semantics.immutable import frozen
from trainlint.semantics.joins import gathered
from trainlint.semantics.memo import Memo
from trainlint.semantics.values import (
    CALL,
    OUTSIDE,
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
    Option,
    Path,
    Place,
    Site,
    Tensor,
    Unknown,
    Value,
    leaves_defaults,
    number,
)

if TYPE_CHECKING:
    from trainlint.knowledge.library import Library as Knowledge
    from trainlint.semantics.aside import Aside
    from trainlint.semantics.imports import Program
    from trainlint.semantics.natives.networks import Inside
    from trainlint.syntax import tree

FUEL = 40_000  # steps for one unit
ASSUMED_FUEL = 2_000  # of these for one function that nobody calls
ALL_ASSUMED_FUEL = 3_000  # and for all such functions together
DEPTH = 24
UNROLLED = 64
WIDEST = 8  # alternatives that one call chain may be followed under
OBJECTS = 10_000
OF_A_PATH = frozenset({Choice, Number, Tensor})  # what is not the same on each path
QUIET = "quiet"  # of a library that reads its arguments and changes nothing
JUDGE = "judge"  # and of one that says how good they are


class PathEnds(Exception):  # noqa: N818 - not an error
    """The path of execution goes no further: something raised, or the program exits."""


@frozen
class Given:
    """An argument: its value, and the place where it was written."""

    value: Value
    place: Place | None = None


@frozen
class Arguments:
    """The arguments of one call; ``open`` if a starred argument of unknown length is among them."""

    positional: tuple[Given, ...] = ()
    keywords: tuple[tuple[str, Given], ...] = ()
    open: bool = False
    taint: frozenset[str] = frozenset()  # of what is not known of an open one
    rest: Value | None = None  # any keyword argument of an open one that is not listed
    spread: Value | None = None  # any positional one

    def behind(self, first: Value) -> Arguments:
        """These arguments with another one before them: what a method is given by its object."""
        positional = (Given(first), *self.positional)
        return Arguments(positional, self.keywords, self.open, self.taint, self.rest, self.spread)

    def keyword(self, name: str) -> Value | None:
        return next((given.value for key, given in self.keywords if key == name), None)

    def values(self) -> Iterator[Value]:
        for given in self.positional:
            yield given.value
        for _, given in self.keywords:
            yield given.value


def arguments(*positional: Value, **keywords: Value) -> Arguments:
    """Arguments without places, for calls that the machine itself makes."""
    return Arguments(tuple(map(Given, positional)), tuple((name, Given(value)) for name, value in keywords.items()))


@define(eq=False)
class Activation:
    """One run of a function body, class body or module segment."""

    frame: ObjectId
    path: str
    segment: int
    site: Site
    function: Function | None = None
    given: Arguments | None = None
    scopes: dict[str, str] = field(factory=dict)  # names declared global or nonlocal
    returns: list[tuple[Value, State]] = field(factory=list)
    yields: list[Value] | None = None
    items: int = 0  # that a generator has handed out
    loops: list[tuple[list[State], list[State]]] = field(factory=list)  # states at break, at continue
    captured: bool = False  # a closure holds the frame
    middle: Callable[[Value], None] | None = None  # of a generator that is run around a block


@frozen
class Frame:
    """What is fixed about a frame: the frame around it, the module, and whether it is a class body."""

    outer: ObjectId | None
    module: str
    is_class: bool = False


@frozen
class Drawn:
    """What the turn of a loop has got, of many items alike; ``begun`` is the clock of nodes when the loop began."""

    item: Value
    begun: int


@frozen
class Later:
    """A call that is put off, and the path on which it was."""

    function: Value
    activation: Activation
    conditions: tuple[Condition, ...]


@frozen(eq=False)
class Postponed:
    """A generator that has not run: only its first iterable is there, until somebody takes its items."""

    comprehension: tree.Comprehension
    iterable: Value
    activation: Activation


class _Assumed:
    """What one path assumes, and what it leaves of the choices that were met on it."""

    __slots__ = ("_allowed", "_by_subject", "conditions")

    def __init__(self, conditions: Path) -> None:
        self.conditions = conditions
        self._by_subject: dict[Node, list[Condition]] = {}
        for condition in conditions:
            others = self._by_subject.get(condition.subject)
            if others is None:
                self._by_subject[condition.subject] = [condition]
            else:
                others.append(condition)
        self._allowed: dict[int, tuple[Choice, list[Option], list[Option]]] = {}

    def of(self, subject: Node) -> list[Condition]:
        return self._by_subject.get(subject, [])

    def contradict(self, conditions: Path) -> bool:
        """Whether the opposite of one of these is assumed."""
        by_subject = self._by_subject
        for condition in conditions:
            for other in by_subject.get(condition.subject, ()):
                if condition.opposes(other):
                    return True
        return False

    def allowed(self, choice: Choice) -> tuple[list[Option], list[Option]]:
        """The options of a choice that the path allows, and those of them that are by default."""
        known = self._allowed.get(id(choice))
        if known is None:
            allowed = list(choice.options)
            if self._by_subject:
                allowed = [option for option in allowed if not self.contradict(option[0])] or allowed
            by_default = [option for option in allowed if not leaves_defaults(option[0])]
            known = self._allowed[id(choice)] = (choice, allowed, by_default)
        return known[1], known[2]


class Machine:
    """Interprets one unit. Every part reaches the others through it."""

    def __init__(self, program: Program, knowledge: Knowledge, fuel: int = FUEL) -> None:
        # The parts need the machine and the machine needs the parts: they meet here, once per unit.
        from trainlint.semantics import attributes, calls, classes, expressions, statements
        from trainlint.semantics.graphs import Graph
        from trainlint.semantics.lasting import Dropping

        self._handlers = expressions.HANDLERS
        self._execute = statements.execute
        self._call = calls.call
        self._get = attributes.get
        self._put = attributes.put
        self._library_order = classes.library_order
        self.program = program
        self.knowledge = knowledge
        self.facts = Facts()
        self.fuel = fuel
        self.exhausted = False  # something was too large to be followed to its end
        self.really_exhausted = False  # and that in the script itself
        self.root_site = Site(None, None, CALL, 0)
        self.state: State | None = State(Heap())
        self.frames: dict[ObjectId, Frame] = {}
        self.activation = Activation(ObjectId(None, self.root_site), "", 0, self.root_site)
        self.running: list[tuple[Place, tuple[object, ...]]] = []  # functions and arguments on the way here
        self.recursions: dict[object, int] = {}  # calls of functions that are on the way here, per function
        self.builtins: dict[str, Library | None] = {}  # what names mean that nothing binds
        self.aside: Aside | None = None  # the call beside the point that is being run
        self.given_up: set[Place] = set()  # functions of such calls that took too long
        self.leading: dict[tuple[str, int], bool] = {}  # whether a definition leads to training
        self.entered: set[Place] = set()
        self.really_entered: set[Place] = set()  # by the script itself, not by an assumed run
        self.orphans: set[Place] = set()  # functions that nothing but their definition names
        self.watch: Callable[[], object] | None = None  # is called now and then; what it raises ends everything
        self.last: State | None = self.state
        self.width = 1  # alternatives under which the present call chain is followed
        self.inside = 0  # calls of networks that are being run
        self.pass_: tuple[Place | None, Site] | None = None  # where the network that is being run was called
        self.assumed: Place | None = None  # the function whose assumed run this is
        self._ids: dict[tuple[Place | None, Site, int], ObjectId] = {}
        self._sites: dict[tuple[Site, Place | None, int], Site] = {}
        self._numbers: dict[object, int] = {}
        self._places: dict[int, Place] = {}
        self.buffers = self.identity(None, -1, self.root_site)  # the record of tensors that were changed in place
        self.item_places: dict[tuple[ObjectId, str], Place] = {}  # where an item of a dictionary was written
        self.states: dict[Node, frozenset[ObjectId]] = {}  # state dictionaries, and whose weights they hold
        self.drawn: dict[Site, Drawn] = {}
        self.derivations: dict[Node, Site] = {}  # gradients that are values, and where they were asked for
        self.memo: Memo | None = Memo()
        self.graph = Graph()
        self.dropping = Dropping()
        self.phase: Value | None = None  # whether the layers that are being called are told that they are trained
        self.later: dict[ObjectId, Later] = {}  # what is run at the end unless it becomes needless
        self.postponed: dict[Node, Postponed] = {}  # generators that nobody has gone through
        self.caught_up = False  # something of what was put off has been done
        self.outside: dict[Node, ObjectId] = {}  # where the known entries of data from outside are kept
        self.probed: set[Place] = set()  # loops whose later turns were tried
        self.inner: dict[ObjectId, tuple[Inside, ...]] = {}  # what networks consist of
        self.recorded = False  # the network that is being run was called with gradients on, and so was each part of it
        self.entering: Callable[[Value], None] | None = None  # the block around which the next generator is run
        self.taken: set[int] = set()  # blocks that were entered, and those that tests have left out so far
        self.untaken: dict[int, tuple[tree.Statement, ...]] = {}
        self.alternating: list[tuple[int, tuple[tree.Statement, ...]]] = []  # those of which a remainder decides
        self.acting: dict[int, bool] = {}  # whether a block moves weights or touches gradients
        self.watched = False  # a loop is being watched for what grows in it
        self.as_shipped = False  # a default is taken for what it is
        self.ahead = False  # a later turn is run for what happens to networks and optimizers in it
        self.spent_ahead = 0  # steps that went into such turns
        self.defaults = 0  # how often that has made a difference, or would have
        self.made: dict[ObjectId, Value] = {}  # the class of every object
        self._fresh = 0
        self._assumed = _Assumed(())
        self.descent: dict[tuple[object, str], tuple[object, bool]] = {}  # which classes descend from which
        self.nothing = Nothing()

    # State ------------------------------------------------------------------------------------------------------------

    @property
    def now(self) -> State:
        """The state of the living path."""
        if self.state is None:
            raise PathEnds
        return self.state

    @property
    def heap(self) -> Heap:
        state = self.state
        if state is None:
            raise PathEnds
        return state.heap

    def ended_early(self, assumed: Place | None) -> bool:
        """Whether the script, or something in the assumed runs, was not followed to its end."""
        return self.really_exhausted if assumed is None else self.exhausted

    def revive(self) -> None:
        """Go on with the state in which the last path ended, for what is looked at beside the script."""
        self.state = self.last if self.last is not None else State(Heap())

    def spend(self) -> bool:
        """Pay for one step; False when the fuel has run out."""
        self.fuel -= 1
        if self.fuel > 0:
            return True
        self.exhausted = True
        return False

    @contextmanager
    def budget(self, most: int) -> Iterator[None]:
        """Spend no more than ``most`` steps inside."""
        held_back = max(self.fuel - most, 0)
        self.fuel -= held_back
        aside = self.aside
        if aside is not None:
            aside.fuel -= held_back  # what is held back has not been spent
        try:
            yield
        finally:
            self.fuel = max(self.fuel, 0) + held_back
            if aside is not None:
                aside.fuel += held_back

    def place(self, node: tree.Tree) -> Place:
        """Where a node of the code that is being run stands."""
        key = id(node)  # the trees of a unit live as long as the unit
        place = self._places.get(key)
        if place is None:
            activation = self.activation
            place = self._places[key] = Place(activation.path, activation.segment, node.at)
        return place

    def site(self, parent: Site, place: Place | None, turn: int = CALL) -> Site:
        key = (parent, place, turn)
        site = self._sites.get(key)
        if site is None:
            site = self._sites[key] = Site(parent, place, turn, parent.depth + 1)
        return site

    def identity(self, place: Place | None, serial: int = 0, site: Site | None = None) -> ObjectId:
        """The identity of what is allocated at ``place`` on the present path of calls and turns."""
        key = (place, site or self.activation.site, serial)
        id = self._ids.get(key)
        if id is None:
            id = self._ids[key] = ObjectId(place, key[1], serial)
        return id

    def allocate(self, cls: Value, place: Place | None, serial: int = 0) -> Object:
        """A new object; running out of identities is running out of fuel."""
        id = self.identity(place, serial)
        while self.heap.has(id):
            serial += 1
            id = self.identity(place, serial)
        if len(self._ids) > OBJECTS:
            self.fuel = 0
        self.heap.clear(id)
        self.made[id] = cls
        return Object(id, cls, origin=Node("made", place))

    def number(self, *key: object) -> int:
        """The value number of an operation: equal keys, equal numbers."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = self.fresh()
        return found

    def fresh(self) -> int:
        self._fresh += 1
        return self._fresh

    def unknown(self, why: str, place: Place | None, *inputs: Value) -> Unknown:
        taint = frozenset[str]().union(*(value.taint for value in inputs)) & OUTSIDE
        return Unknown(why=why, origin=Node("unknown", place, inputs, {"why": 0} if inputs else {}), taint=taint)

    # Paths ------------------------------------------------------------------------------------------------------------

    @contextmanager
    def turn(self, place: Place, index: int) -> Iterator[None]:
        """One turn of a loop: what is allocated inside gets an identity of this turn."""
        activation = self.activation
        before = activation.site
        activation.site = self.site(before, place, index)
        try:
            yield
        finally:
            activation.site = before

    def contradicted(self, conditions: tuple[Condition, ...]) -> bool:
        """Whether the present path assumes the opposite of one of these."""
        return bool(conditions) and self._assumes().contradict(conditions)

    def possible(self, choice: Choice) -> list[Option]:
        """The options of a choice that the path allows."""
        return self._assumes().allowed(choice)[0]

    def conditions_on(self, subject: Node) -> list[Condition]:
        """What the present path assumes of a subject."""
        return self._assumes().of(subject)

    def _assumes(self) -> _Assumed:
        conditions = self.now.conditions
        if self._assumed.conditions is not conditions:
            self._assumed = _Assumed(conditions)
        return self._assumed

    def split(self, value: Value, act: Callable[[Value], Value]) -> Value:
        """Do ``act`` for each alternative of ``value`` on a path of its own, and join what comes out."""
        if not isinstance(value, Choice):
            return act(value)
        remaining = self.possible(value)
        if len(remaining) == 1:
            return act(remaining[0][1])
        start, width = self.now, self.width
        assumed = start.conditions
        followed = remaining[: max(1, WIDEST // width)]
        self.width = width * len(followed)
        ends: list[State] = []
        results: list[tuple[tuple[Condition, ...], Value]] = []
        for index, (conditions, option) in enumerate(followed, 1):
            self.state = start.parted(*conditions, last=index == len(followed))
            try:
                results.append((conditions, act(option)))
                ends.append(self.now)
            except PathEnds:
                continue
        self.width = width
        if not ends:
            self.state = None
            raise PathEnds
        self.state = join_states(ends)
        self.state.conditions = assumed
        return gathered(results, remaining[len(followed) :])

    def narrow(self, value: Value) -> Value:
        """A value as the present path sees it: contradicted alternatives gone, tensors as they are now."""
        if type(value) not in OF_A_PATH:
            return value
        if isinstance(value, Number):
            if value.exact is not None:
                return value
            if value.shipped is not None:
                self.defaults += 1
                if self.as_shipped:
                    return number(value.shipped, value.origin)
            return value if self.state is None else as_shown(value, self.state.narrowed)
        if isinstance(value, Choice):
            remaining, shipped = self._assumes().allowed(value)
            if len(shipped) < len(remaining):
                self.defaults += 1
                remaining = shipped if shipped and self.as_shipped else remaining
            if len(remaining) == 1:
                return self.narrow(remaining[0][1])
            return value if len(remaining) == len(value.options) else Choice(tuple(remaining), origin=value.origin)
        if isinstance(value, Tensor) and value.buffer:
            changed = self.heap.records.get(self.buffers)
            latest = None if changed is None else changed.get(str(value.buffer))
            return value if latest is None else latest
        return value

    # Doors ------------------------------------------------------------------------------------------------------------

    def evaluate(self, expression: tree.Expression) -> Value:
        """The value of ``expression`` in the present state; costs one step of fuel."""
        self.fuel -= 1
        if self.fuel <= 0:
            self.exhausted = True
            return Unknown(why="fuel")
        if self.state is None:
            raise PathEnds
        return self._handlers[type(expression)](self, expression)

    def execute(self, statements: tuple[tree.Statement, ...]) -> None:
        self._execute(self, statements)

    def call(self, function: Value, given: Arguments, place: Place | None) -> Value:
        return self._call(self, function, given, place)

    def attribute(self, value: Value, name: str, place: Place | None) -> Value:
        return self._get(self, value, name, place)

    def set_attribute(self, value: Value, name: str, new: Value, place: Place | None = None) -> None:
        self._put(self, value, name, new, place)

    def method(self, value: Value, name: str, given: Arguments, place: Place | None) -> Value:
        return self.call(self.attribute(value, name, place), given, place)

    def classes(self, value: Value) -> tuple[Value, ...]:
        """The method resolution order of an object's class."""
        if isinstance(value, Object):
            value = value.cls
        if isinstance(value, Class):
            return value.mro
        return self._library_order(self, value)
