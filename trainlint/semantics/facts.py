"""What one run has shown: networks, losses applied, optimizers, steps, and what could not be followed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import define, field

from trainlint.semantics.immutable import frozen

if TYPE_CHECKING:
    from trainlint.knowledge.library import Loss
    from trainlint.semantics.events import Trace
    from trainlint.semantics.schedules import Effect
    from trainlint.semantics.values import Condition, Node, Object, ObjectId, Place, Sequence, Site, Tensor, Value

UNRECORDED = "unrecorded"  # the operation that computes something after the tape has stopped


@frozen(eq=False)
class LossApplied:
    """A library loss met its prediction; ``alternatives`` of the same call differ in the ``chosen`` conditions.

    ``reduction`` is what it makes of the losses of the single samples, where that is known.
    """

    name: str
    loss: Loss
    prediction: Value
    target: Value
    prediction_place: Place
    target_place: Place | None
    place: Place
    site: Site
    moment: int
    conditions: tuple[Condition, ...]
    chosen: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    made: Place | None = None  # where the loss was made, if it is an object
    reduction: str | None = None


@frozen(eq=False)
class Objective:
    """A value was sent backward, perhaps ``weighted`` by a gradient of its own, or handed to a driver that does it."""

    value: Value
    place: Place
    site: Site
    moment: int
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    weighted: bool = False


@frozen(eq=False)
class OptimizerMade:
    optimizer: Object
    name: str
    parameters: Value
    owners: frozenset[ObjectId]
    place: Place
    assumed: Place | None
    settings: Mapping[str, Value]
    given: Place  # where the parameters were written
    conditions: tuple[Condition, ...] = ()
    spent: Node | None = None  # the iterator over parameters that had come to its end


@frozen(eq=False)
class RateGiven:
    """A learning rate reached a group of parameters: at construction, or ``written`` to the group later."""

    optimizer: Object
    group: Object
    name: str
    value: Value
    parameters: Value
    place: Place
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    moment: int
    written: bool = False
    before: Value | None = None  # what a write took the place of


@frozen(eq=False)
class Told:
    """An optimizer was told late which weights to move."""

    optimizer: Object
    owners: frozenset[ObjectId]
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class StepTaken:
    """An optimizer moved its weights, or something that holds one did; ``decays`` unless it is known not to."""

    optimizer: Value
    site: Site
    moment: int
    decays: bool


@frozen(eq=False)
class LoopTurned:
    """A loop in which an optimizer moved weights.

    ``count`` is how often it turns, ``counts`` whether it does nothing but count; ``begun`` the clock of nodes when it
    began. ``left`` says that it may end early. ``later`` is what a turn far on shows; ``complete`` says that there is
    none that was not seen.
    """

    place: Place
    site: Site
    count: Value | None
    begun: int
    left: bool
    later: Facts | None
    complete: bool
    counts: bool = False


@frozen(eq=False)
class Gathered:
    """A loop in which something went backward; ``begun`` is the clock of nodes when it began."""

    place: Place
    site: Site
    items: Sequence
    begun: int


@frozen(eq=False)
class Happened:
    """Something that could stand against overfitting, if it is within a loop that trains.

    ``kind`` is ``kept`` (weights were saved or copied), ``parameters`` or ``weights`` (a network or a layer was asked
    for them), ``drawn`` (a random number was) or ``strange`` (something that was not followed had its hands on values).
    ``kind`` is ``kept`` (weights were saved or copied), ``parameters`` or ``weights`` (a network or layer was asked for
    them), ``drawn`` (a random number was) or ``strange`` (something that was not followed had its hands on values).
    """

    kind: str
    site: Site
    moment: int


@frozen(eq=False)
class LayerMade:
    """A layer of a library with weights, and the arguments that it was given."""

    name: str
    values: dict[str, Value]
    place: Place


@frozen(eq=False)
class ScheduleMade:
    """A schedule took over the rates of an optimizer; ``effect`` says what it makes of them."""

    name: str
    optimizer: Value
    effect: Effect
    place: Place
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool
    moment: int
    schedule: Object | None = None  # None for one that an optimizer asks for its rate


@frozen(eq=False)
class DropoutMet:
    """A probability reached a dropout; ``keeps`` is that of keeping a value.

    ``hidden`` says that what is dropped was computed with weights.
    """

    name: str
    value: Value
    keeps: bool
    hidden: bool
    place: Place
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Carried:
    """What a slot held with its graph at the end of a ``turn`` of a loop, and what the next turn made of it.

    ``new`` leads to ``old``, or came to it as a further ``item`` of the list or dictionary ``holder``.
    """

    old: Tensor
    new: Tensor
    item: bool
    holder: ObjectId
    turn: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Put:
    """A tensor with its graph, put into a list."""

    holder: ObjectId
    value: Tensor
    site: Site


@frozen(eq=False)
class Inherited:
    """Some weights became those of others, or an average of what those have been: what these learned, they know.

    Of nobody are weights that were kept somewhere: somebody has trained them.
    """

    to: frozenset[ObjectId]
    of: frozenset[ObjectId]
    moment: int
    assumed: Place | None


@frozen(eq=False)
class Entered:
    """A network was called."""

    network: Object
    value: Value
    result: Value
    place: Place | None
    assumed: Place | None


@frozen(eq=False)
class Ran:
    """A network was run; ``given`` are the arguments, by where they come from."""

    network: ObjectId
    given: tuple[object, ...]
    place: Place | None
    site: Site
    moment: int


@frozen(eq=False)
class Lasting:
    """A function drops values in a network, in evaluation mode too; ``written`` says that it was told to."""

    name: str
    network: ObjectId
    written: bool
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Normalised:
    """Something was divided by its own sum: ``value`` is what came out, ``numerator`` what was divided."""

    value: Value
    numerator: Value
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Fed:
    """Known data met weights: those of ``owner``, a layer that was called at ``layer``.

    ``call`` is where the network was called, at ``site``; ``complete`` says that all alternatives of the input are
    known data.
    """

    data: Tensor
    owner: ObjectId
    name: str
    layer: Place | None
    call: Place | None
    site: Site
    conditions: tuple[Condition, ...]
    chosen: tuple[Condition, ...]
    complete: bool
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class Flattened:
    """A softmax over a single unit: its ``result`` is the same number for everything.

    ``surely`` is False where the axis is that of the units only if the tensor has two axes.
    """

    name: str
    result: str
    value: Tensor
    surely: bool
    place: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@frozen(eq=False)
class PlanMade:
    """A schedule was made that has no optimizer yet: one is given it, or a driver is."""

    schedule: Object
    frame: ObjectId  # the variables among which it was made
    call: Place
    site: Site
    conditions: tuple[Condition, ...]
    assumed: Place | None
    exceptional: bool


@define
class Facts:
    flattened: list[Flattened] = field(factory=list)
    losses: list[LossApplied] = field(factory=list)
    objectives: list[Objective] = field(factory=list)
    optimizers: list[OptimizerMade] = field(factory=list)
    normalised: list[Normalised] = field(factory=list)
    forwards: list[Entered] = field(factory=list)
    fed: list[Fed] = field(factory=list)
    levelled: set[Node] = field(factory=set)  # calls of layers whose results were normalised at once
    steps: list[StepTaken] = field(factory=list)
    rates: list[RateGiven] = field(factory=list)
    schedules: list[ScheduleMade] = field(factory=list)
    plans: list[PlanMade] = field(factory=list)
    handed_over: list[Value] = field(factory=list)  # what optimizers and drivers were given as schedules
    asked: list[tuple[ObjectId, ObjectId | None]] = field(factory=list)  # schedules, and whose method asks them
    dropouts: list[DropoutMet] = field(factory=list)
    loops: list[LoopTurned] = field(factory=list)
    gathered: list[Gathered] = field(factory=list)
    happened: list[Happened] = field(factory=list)
    layers: dict[ObjectId, LayerMade] = field(factory=dict)
    guards: set[str] = field(factory=set)  # what was built or called and stands against overfitting, by name
    growing: dict[Place, float | None] = field(factory=dict)  # writes of rates without a cap: the last, where known
    given_away: set[ObjectId] = field(factory=set)  # optimizers that others had their hands on, or a saved state
    told: list[Told] = field(factory=list)
    trained: dict[ObjectId, frozenset[ObjectId]] = field(factory=dict)  # weights by optimizers told late
    loaded: set[ObjectId] = field(factory=set)  # layers whose weights came from elsewhere
    inherited: list[Inherited] = field(factory=list)
    written: set[ObjectId] = field(factory=set)  # the owners of weights that something other than an optimizer sets
    frozen: dict[ObjectId, Place | None] = field(factory=dict)  # weights that were frozen on some path, and where
    touched: list[Value] = field(factory=list)  # what had weights in it and was given to something that is not followed
    spent: dict[Node, Place | None] = field(factory=dict)  # iterators over parameters, and where they were gone through
    thawed: set[ObjectId] = field(factory=set)  # weights that were, or may have been, told to be trained again
    scored: list[Value] = field(factory=list)  # what was compared with something, or says where something is written
    shown: list[Tensor] = field(factory=list)  # tensors that were printed or logged
    read: list[Tensor] = field(factory=list)  # tensors of which somebody took the number
    plain: list[Value] = field(factory=list)  # what became an array, which nothing with a graph does
    told_out: list[Tensor] = field(factory=list)  # decisions that left for plain Python, NumPy, a file or a screen
    strayed: list[Value] = field(factory=list)  # what was given to something that is not followed, with its gradient
    read_gradients: bool = False  # the program looks at gradients itself
    recorded: set[ObjectId] = field(factory=set)  # layers whose gradients went backward with no tape around them
    derived: bool = False  # gradients are values that are asked for, and nothing is recorded elsewhere
    runs: list[Ran] = field(factory=list)
    lasting: list[Lasting] = field(factory=list)
    carried: list[Carried] = field(factory=list)
    put: list[Put] = field(factory=list)
    stored: dict[Node, Place] = field(factory=dict)  # where a tensor with its graph was put into a list or dictionary
    events: list[Trace] = field(factory=list)  # in the order in which they happened
    moment: int = 0

    @property
    def news(self) -> int:
        """A number that grows with what is known of networks and their training."""
        made = len(self.layers) + len(self.losses) + len(self.optimizers) + len(self.schedules) + len(self.plans)
        return made + len(self.fed)

    def tick(self) -> int:
        """The order of what happened, as a number."""
        self.moment += 1
        return self.moment
