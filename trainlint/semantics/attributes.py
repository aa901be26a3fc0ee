"""Attributes: what ``value.name`` is, for every kind of value, and what assigning one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from trainlint.semantics import alternatives, containers, freezing, measures, outside, recording, shapes, tables
from trainlint.semantics.heap import ESCAPED, ITEMS
from trainlint.semantics.immutable import evolve
from trainlint.semantics.machine import QUIET, arguments
from trainlint.semantics.primitives import selection, sources
from trainlint.semantics.primitives.sources import TRAINABLE
from trainlint.semantics.values import (
    Bound,
    Choice,
    Class,
    Flag,
    Function,
    Library,
    Mapping,
    Module,
    Node,
    Nothing,
    Number,
    Object,
    Parameters,
    Partial,
    Place,
    Sequence,
    Super,
    Tensor,
    Text,
    Unknown,
    Value,
    number,
)

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

CACHED = "cached_property"  # marks a method that is called once for each object, which keeps what it gave
PROPERTIES = frozenset({"property", CACHED})
# Fields of the named tuples that library functions give: how many there are, and which one it is.
_FIELDS = {
    "values": (2, 0),
    "indices": (2, 1),
    "output": (2, 0),
    "loss": (2, 1),
    "min": (2, 0),
    "max": (2, 1),
    "eigenvalues": (2, 0),
    "eigenvectors": (2, 1),
    "sign": (2, 0),
    "logabsdet": (2, 1),
    "U": (3, 0),
    "S": (3, 1),
    "Vh": (3, 2),
    "V": (3, 2),
}

_QUIETLY = frozenset({QUIET})
_SHARING = frozenset({"detach", "layout", "select", "same", "itself", "cast", "clone"})  # may be the same memory


def get(machine: Machine, value: Value, name: str, place: Place | None) -> Value:
    """``value.name``; properties are called."""
    if isinstance(value, Object):
        return _of_object(machine, value, name, place)
    if isinstance(value, Choice):
        at_hand = all(_is_at_hand(machine, each, name) for _, each in value.options)

        def read(one: Value) -> Value:
            return get(machine, one, name, place)

        return alternatives.computed(machine, value, read) if at_hand else machine.split(value, read)
    if outside.is_outside(value):
        if name in outside.METHODS:
            return Bound(Library(f"{outside.METHOD}{name}"), value)
        return outside.item(machine, value, Text(name), place)
    if isinstance(value, Unknown):
        if name == "grad":
            return recording.gradient_of(machine, value, place)
        origin = Node("attribute", place, (value,), {"why": 0}, name)
        quiet = _QUIETLY if _is_weight(machine, value) and _computes(machine, name) else frozenset[str]()
        return Unknown(why=value.why, origin=origin, taint=value.taint | quiet)
    if isinstance(value, Library):
        return machine.program.library_member(machine, value, name)
    if isinstance(value, Module):
        member = machine.program.module_member(machine, value, name)
        return machine.unknown(f"{name} is not in {value.path}", place) if member is None else member
    if isinstance(value, Tensor):
        return _of_tensor(machine, value, name, place)
    if isinstance(value, Class):
        return _of_class(machine, value, name, place)
    if isinstance(value, Super):
        return _of_super(machine, value, name, place)
    if isinstance(value, Number | Text | Flag) and name in ("value", "_value_"):
        return value  # a member of an enumeration
    if isinstance(value, Number):
        return value if name == "real" else Bound(Library(f"float.{name}"), value)
    if isinstance(value, Text):
        return Bound(Library(f"str.{name}"), value)
    if isinstance(value, Sequence) and (count := _FIELDS.get(name)) is not None and len(value.head) == count[0]:
        return value.head[count[1]]
    if isinstance(value, Sequence | Mapping):
        return Bound(Library(f"{'tuple' if isinstance(value, Sequence) else 'dict'}.{name}"), value)
    if isinstance(value, Function) and name == "__name__":
        return Text(value.name)
    if isinstance(value, Partial) and name == "func":
        return value.function
    if isinstance(value, Bound) and name == "__self__":
        return value.receiver
    if isinstance(value, Parameters) and name == "grad":
        return recording.gradient_of(machine, value, place)
    if isinstance(value, Parameters) and name == TRAINABLE:
        return Flag(freezing.are_trained(machine, value.owners))
    if isinstance(value, Parameters) and name == f"{TRAINABLE}_":
        return Bound(Library(machine.knowledge.tensor_method(name)), value)
    if isinstance(value, Parameters) and (name == "data" or name.endswith("_")):
        _written(machine, value)
    if isinstance(value, Parameters) and name.endswith("_") and not name.endswith("__"):
        return Bound(Library("trainlint.in_place"), value)
    why = f"the attribute {name} of {type(value).__name__.lower()} is not followed"
    if isinstance(value, Parameters) and _computes(machine, name):
        return evolve(machine.unknown(why, place, value), taint=_QUIETLY)
    return machine.unknown(why, place)


def _is_at_hand(machine: Machine, value: Value, name: str) -> bool:
    """Whether an attribute is there to be read, so that nothing is run for it and nothing changes."""
    if isinstance(value, Object):
        return machine.heap.get(value.id, name) is not None
    if isinstance(value, Tensor):
        entry = machine.knowledge.entries.get(machine.knowledge.tensor_method(name, value.library))
        return value.columns is None and name not in ("data", "grad") and (entry is None or entry.mark != "property")
    if isinstance(value, Unknown):
        return name != "grad" and not outside.is_outside(value)
    return isinstance(value, Number | Text)


def _computes(machine: Machine, name: str) -> bool:
    """Whether a method of tensors makes a new value of them, and does nothing else."""
    entry = None if name.endswith("_") else machine.knowledge.get(machine.knowledge.tensor_method(name))
    operation = None if entry is None or entry.effect is not None else entry.operation
    return operation is not None and operation.op not in _SHARING


def _is_weight(machine: Machine, value: Unknown) -> bool:
    """Whether a value is something that a layer of a library holds."""
    node = value.origin
    held = node.inputs[0] if node is not None and node.op == "attribute" and node.inputs else None
    return isinstance(held, Object) and held.id in machine.facts.layers


def _of_object(machine: Machine, value: Object, name: str, place: Place | None) -> Value:
    heap = machine.heap
    held = heap.get(value.id, name)
    if held is not None:
        return held
    if heap.get(value.id, ESCAPED) is not None:
        return machine.unknown("changed by something that was not followed", place)
    if name == "__class__":
        return value.cls
    if name == "__dict__":
        pairs = tuple((Text(key), each) for key, each in heap.record(value.id).items() if not key.startswith("@"))
        return Mapping(pairs, origin=Node(containers.ATTRIBUTES, place, (value,)))
    found = find(machine, machine.classes(value), name)
    if found is not None:
        bound = bind(machine, found, value, place)
        if isinstance(found, Function) and CACHED in found.marks:
            heap.set(value.id, name, bound)
        return bound
    if containers.is_list(value):
        return Bound(Library(f"list.{name}"), value)
    if containers.is_dict(value) and hasattr(dict, name):
        return Bound(Library(f"dict.{name}"), value)
    if not name.startswith("__"):
        fallback = find(machine, machine.classes(value), "__getattr__")
        if isinstance(fallback, Function):
            return machine.call(bind(machine, fallback, value, place), arguments(Text(name)), place)
        if isinstance(fallback, Library) and fallback.name in ("builtins.dict.get", "builtins.dict.__getitem__"):
            return containers.item(machine, value, Text(name), place or Place("", 0, 0))
    rest = heap.get(value.id, outside.REST)
    if rest is not None:
        return outside.item(machine, rest, Text(name), place)
    if value.id in machine.facts.layers:
        measures.happened(machine, "weights")
    return Unknown(why=f"the attribute {name} is not set", origin=Node("attribute", place, (value,), label=name))


def find(machine: Machine, order: tuple[Value, ...], name: str) -> Value | None:
    """The first class of a method resolution order that has ``name``."""
    records = machine.heap.records
    for cls in order:
        if isinstance(cls, Class):
            record = records.get(cls.id)
            if record is not None and name in record:
                return record[name]
        elif isinstance(cls, Library):
            method = machine.knowledge.method(cls.name, name)
            if method is not None:
                return Library(method)
        elif isinstance(cls, Unknown) and not name.startswith("__"):
            return cls
    return None


def bind(machine: Machine, found: Value, receiver: Value, place: Place | None) -> Value:
    """What a class attribute becomes when it is read from an instance."""
    if isinstance(found, Function):
        if found.marks & PROPERTIES:
            return machine.narrow(machine.call(Bound(found, receiver), arguments(), place))
        if "staticmethod" in found.marks:
            return found
        if "classmethod" in found.marks:
            return Bound(found, receiver.cls if isinstance(receiver, Object) else receiver)
        return Bound(found, receiver)
    if isinstance(found, Library) and machine.knowledge.is_method(found.name):
        return Bound(found, receiver)
    if isinstance(found, Partial) and found.bound:
        return Partial(bind(machine, found.function, receiver, place), found.positional, found.keywords)
    return found


def _of_class(machine: Machine, value: Class, name: str, place: Place | None) -> Value:
    found = find(machine, value.mro, name)
    if found is None:
        if name == "__name__":
            return Text(value.name)
        return machine.unknown(f"the attribute {name} of class {value.name} is not set", place)
    if isinstance(found, Function) and "classmethod" in found.marks:
        return Bound(found, value)
    if isinstance(found, Library) and machine.knowledge.is_class_method(found.name):
        return Bound(found, value)
    return found


def _of_super(machine: Machine, value: Super, name: str, place: Place | None) -> Value:
    order = machine.classes(value.receiver)
    start = next((i for i, cls in enumerate(order) if isinstance(cls, Class) and cls.id is value.after), -1)
    found = find(machine, order[start + 1 :], name)
    if found is None:
        if name == "__init__":
            return Library("builtins.object.__init__")
        if containers.is_dict(value.receiver) or containers.is_list(value.receiver):
            kind = "dict" if containers.is_dict(value.receiver) else "list"
            return Bound(Library(f"{kind}.{name}"), value.receiver)
        return machine.unknown(f"super() has no {name}", place)
    return bind(machine, found, value.receiver, place)


def _of_tensor(machine: Machine, value: Tensor, name: str, place: Place | None) -> Value:
    if name == "shape":
        if value.shape is None:
            return Sequence(middle=containers.size_of(value, 0), endless=True)
        listed = range(1, len(value.shape)) if shapes.is_open(value.shape) else range(len(value.shape))
        lengths = tuple(containers.size_of(value, axis - len(value.shape)) for axis in listed)
        if shapes.is_open(value.shape):
            return Sequence((), containers.size_of(value, 0), lengths)
        return Sequence(lengths)
    if name in ("data", "grad"):
        if name == "grad":
            return recording.gradient_of(machine, value, place)
        return sources.cut(machine, value, place, name)
    if value.columns is not None and (found := tables.attribute(machine, value, name, place)) is not None:
        return found
    if name in ("T", "mT", "H", "real"):
        if value.columns is not None:
            value = evolve(value, columns=None, scale=None)
        return selection.layout(machine, value, name, place, None)
    if name in ("dtype", "device", "is_cuda", "requires_grad", "grad_fn"):
        return machine.unknown(f"{name} of a tensor", place)
    if name in ("ndim",):
        closed = value.shape is not None and not shapes.is_open(value.shape)
        return number(len(value.shape or ())) if closed else machine.unknown("ndim", place)
    method = machine.knowledge.tensor_method(name, value.library)
    entry = machine.knowledge.entries.get(method)
    if entry is not None and entry.mark == "property":
        return machine.call(Library(method), arguments(value), place)
    return Bound(Library(method), value)


def put(machine: Machine, value: Value, name: str, new: Value, place: Place | None) -> None:
    """``value.name = new``."""
    if name == "grad" and isinstance(value, Tensor | Parameters | Unknown):
        recording.gradient_set(machine, value, new, place)
    if name in (TRAINABLE, "trainable") and isinstance(value, Unknown):
        recording.unfrozen(machine, value, place)
    elif name == "data" and isinstance(value, Parameters | Unknown):
        _written(machine, value)
    elif name == TRAINABLE:
        freezing.put(machine, value, new, place)
    if isinstance(value, Object):
        order = machine.classes(value)
        own = find(machine, order, "__setattr__")
        if isinstance(own, Function) and own.place.path.startswith("stub:"):
            machine.call(Bound(own, value), arguments(Text(name), new), None)
            return
        if isinstance(own, Library) and own.name == "builtins.dict.__setitem__":
            containers.put(machine, value, Text(name), new)
            return
        setter = find(machine, order, f"@set:{name}")
        if isinstance(setter, Function):
            machine.call(Bound(setter, value), arguments(new), place)
        else:
            machine.heap.set(value.id, name, new)
            _put_in_chain(machine, value, name, new)
    elif isinstance(value, Class):
        machine.heap.set(value.id, name, new)
    elif isinstance(value, Choice):

        def one(option: Value) -> Value:
            put(machine, option, name, new, place)
            return machine.nothing

        machine.split(value, one)
    elif isinstance(value, Unknown):
        outside.put(machine, value, Text(name), new)
    elif isinstance(value, Module) and value.namespace is not None:
        machine.heap.set(value.namespace, name, new)
    elif isinstance(value, Tensor) and name == "columns" and value.columns is not None:
        containers.write_buffer(machine, value, tables.renamed(machine, value, new, place))
    elif isinstance(value, Tensor) and name == "data" and isinstance(new, Tensor):
        containers.write_buffer(machine, value, evolve(new, live=value.live))


def _put_in_chain(machine: Machine, chain: Object, name: str, new: Value) -> None:
    """Layers that go by their numbers are also in the list of them all."""
    held = machine.heap.get(chain.id, ITEMS) if name.isdecimal() else None
    if isinstance(held, Sequence) and held.exact and int(name) < len(held.head):
        index = int(name)
        machine.heap.set(chain.id, ITEMS, evolve(held, head=(*held.head[:index], new, *held.head[index + 1 :])))


def _written(machine: Machine, value: Value) -> None:
    """Somebody other than an optimizer writes to weights."""
    machine.facts.touched.append(value)
    if isinstance(value, Parameters):
        machine.facts.written |= value.owners


def has(machine: Machine, value: Value, name: str) -> Flag:
    """``hasattr(value, name)``."""
    found = get(machine, value, name, None)
    if not isinstance(found, Unknown | Nothing):
        return Flag(True)
    if isinstance(value, Object) and machine.heap.get(value.id, name) is not None:
        return Flag(True)
    if not isinstance(value, Object) or any(isinstance(cls, Unknown) for cls in machine.classes(value)):
        return Flag(None)
    return Flag(False if isinstance(found, Unknown) and "is not set" in found.why else None)
