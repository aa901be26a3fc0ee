"""Where data begins, and the steps that bring it to another scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from trainlint.semantics import containers, dtypes, intervals, scales, scaling, tables
from trainlint.semantics.evidence import SOURCE, visible
from trainlint.semantics.immutable import evolve
from trainlint.semantics.intervals import Interval
from trainlint.semantics.machine import arguments
from trainlint.semantics.primitives.base import KEEP_ALL, Use, make, primitive
from trainlint.semantics.primitives.tables import as_frame
from trainlint.semantics.values import (
    COMPUTED,
    STORED,
    Flag,
    Library,
    Node,
    Nothing,
    Number,
    Object,
    Place,
    Scale,
    Tensor,
    Text,
    Unknown,
    Value,
    identity,
)
from trainlint.semantics.values import Sequence as Items

if TYPE_CHECKING:
    from trainlint.semantics.machine import Machine

SCALED = "scaled"
FITTED = "@fitted"  # in the record of an object: the data that its statistics were taken of
BYTE = 255.0  # the largest number of eight bits
_READ = {"content": "image", "dtype": "uint8", "range": [0, BYTE], "library": "numpy.ndarray"}
_NEVER_SCALED = frozenset({"index", "tokens", "target"})  # what a network is not fed with, or looks up
INSIDE = Place("stub:data", 0, 0)  # within a library: what happens there happens where its objects were made


# Sources --------------------------------------------------------------------------------------------------------------


def described(machine: Machine, spec: Mapping[str, Any], place: Place | None, label: str) -> Tensor:
    """Data as a knowledge file describes it: ``range`` or the ranges of its ``features``, ``content``, ``dtype``,
    ``shape``, ``library``."""
    listed = spec.get("features") or [spec["range"]]
    features = tuple(Interval(float(low), float(high)) for low, high in listed)
    hull = scales.hull(Scale(features))
    features = features[:1] if len(set(features)) == 1 else features
    content = spec.get("content", "")
    shape = spec.get("shape")
    return Tensor(
        range=hull,
        reach=hull,
        content="" if content == "target" else content,
        dtype=spec.get("dtype"),
        shape=None if shape is None else tuple(shape),
        library=spec.get("library", ""),
        scale=None if content in _NEVER_SCALED else Scale(features, raw=True),
        number=machine.fresh(),
        buffer=machine.fresh(),
        origin=Node(SOURCE, visible(place, machine.activation.site), label=spec.get("label", label)),
    )


def gathered(machine: Machine, spec: Any, place: Place | None, label: str) -> Value:
    """One description, or a list of them as a tuple."""
    if isinstance(spec, list):
        return Items(tuple(gathered(machine, each, place, label) for each in spec))
    if not spec:
        return Unknown(why=f"what {label} gives beside", origin=Node(STORED, place, label=label))
    return described(machine, spec, place, label)


@primitive("dataset")
def dataset(use: Use) -> Value:
    """What a function reads or downloads."""
    spec = _asked(use)
    if spec is None:
        return use.machine.unknown(f"what {use.label} gives", use.place)
    return gathered(use.machine, spec, use.place, use.label)


def _asked(use: Use) -> Any:
    """The description that fits the arguments; None if there is none."""
    if "by" not in use.set:
        return use.set["gives"]
    asked = use.get(use.set["by"])
    key = asked.truth if isinstance(asked, Flag) else asked.value if isinstance(asked, Text) else None
    return use.set["cases"].get(key)


@primitive("table_of")
def table_of(use: Use) -> Value:
    """A table and what is to be predicted from it: as a pair, or under names."""
    machine = use.machine
    spec = _asked(use)
    if spec is None:
        return machine.unknown(f"what {use.label} gives", use.place)
    pair, framed = use.bound.get("return_X_y"), use.bound.get("as_frame")
    plain = framed is None or (isinstance(framed, Flag) and framed.truth is False)
    parts = gathered(machine, spec, use.place, use.label)
    assert isinstance(parts, Items)
    names = use.set.get("names", spec[0].get("names"))
    data, target = parts.head
    if not plain:
        data, target = _framed(machine, data, names), _framed(machine, target, [spec[1].get("name", "target")])
    if isinstance(pair, Flag) and pair.truth is True:
        return evolve(parts, head=(data, target))
    named = {"data": data, "target": target}
    if names is not None:
        named["feature_names"] = containers.new_list(machine, Items(tuple(map(tables.as_value, names))), use.place)
    if not plain and isinstance(data, Tensor) and data.columns is not None:
        named["frame"] = _whole(machine, data, target, spec[1].get("name", "target"))
    bunch = containers.new_dict(machine, tuple((Text(key), each) for key, each in named.items()), None, use.place)
    for key, each in named.items():
        machine.heap.set(bunch.id, key, each)
    return bunch


def _framed(machine: Machine, value: Value, names: Sequence[str] | None) -> Value:
    """Data as a table, if it has columns, or as one."""
    if not isinstance(value, Tensor):
        return value
    if len(value.shape or ()) == 1 and names is not None:
        return evolve(value, library=scales.SERIES, columns=tables.columns(value, names))
    return as_frame(machine, value, names)


def _whole(machine: Machine, data: Tensor, target: Value, name: str) -> Tensor:
    """A table with the target as its last column."""
    assert data.origin is not None
    return tables.table(data, (*(data.columns or ()), *tables.columns(target, [name])), data.origin, machine)


@primitive("sample")
def sample(use: Use) -> Value:
    """One item of a data set: its input and its target, each transformed as the data set was told."""
    machine, dataset = use.machine, use.bound.get("self")
    if not isinstance(dataset, Object):
        return machine.unknown("an item of something that was not followed", use.place)
    label = use.set.get("label", use.label.rpartition(".")[0])
    held = machine.heap.get(dataset.id, "data")
    held = held if held is None else machine.narrow(held)
    if isinstance(held, Tensor):
        image: Value = evolve(held, library=use.set["input"].get("library", ""), shape=None)
    else:
        image = described(machine, use.set["input"], dataset.id.place, label)
    loader = machine.heap.get(dataset.id, "loader")
    if loader is not None and not isinstance(loader, Nothing):
        image = machine.call(loader, arguments(machine.unknown("the path of a file", use.place)), INSIDE)
    target = gathered(machine, use.set.get("target"), dataset.id.place, label)
    both = machine.heap.get(dataset.id, "transforms")
    if both is not None and not isinstance(both, Nothing):
        return machine.call(both, arguments(image, target), INSIDE)
    return Items(
        (_transformed(machine, dataset, "transform", image), _transformed(machine, dataset, "target_transform", target))
    )


def _transformed(machine: Machine, dataset: Object, name: str, value: Value) -> Value:
    transform = machine.heap.get(dataset.id, name)
    if transform is None or isinstance(transform, Nothing):
        return value
    return machine.split(transform, lambda one: _applied(machine, one, value))


def _applied(machine: Machine, transform: Value, value: Value) -> Value:
    return value if isinstance(transform, Nothing) else machine.call(transform, arguments(value), INSIDE)


# Scaling --------------------------------------------------------------------------------------------------------------


def linear(
    use: Use, x: Tensor, offsets: Sequence[float], divisors: Sequence[float], dtype: str | None = None
) -> Tensor:
    """Each feature less its offset, divided by its divisor."""
    whole = scales.shifted(Scale((x.range,)), offsets, divisors)
    filled = None if x.reach is None else scales.shifted(Scale((x.reach,)), offsets, divisors)
    scale = None if x.scale is None else scales.shifted(x.scale, offsets, divisors)
    made = make(
        use,
        x,
        range=intervals.ANY if whole is None else scales.hull(whole),
        reach=None if filled is None else scales.hull(filled),
        content=x.content,
        shape=x.shape,
        dtype=dtype or x.dtype,
        scale=scale,
    )
    assert made.origin is not None
    return evolve(made, origin=evolve(made.origin, op=SCALED, carrier={"data": 0, "content": 0}))


@primitive("to_tensor")
def to_tensor(use: Use) -> Value:
    """Pictures and bytes come between 0 and 1; other arrays keep their numbers."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return (
            value if isinstance(value, Unknown) else use.machine.unknown("a tensor of what was not followed", use.place)
        )
    if value.library == scales.PICTURE or value.dtype == "uint8":
        return evolve(linear(use, _bytes(value), (0.0,), (BYTE,), "float32"), shape=None, library="")
    if value.dtype is None:
        return make(use, value)
    return evolve(_kept(use, value), shape=None, library="")


def _bytes(value: Tensor) -> Tensor:
    """Unsigned bytes lie in [0, 255], whatever else is known of them."""
    inside = value.range.meet(Interval(0.0, BYTE))
    return evolve(value, range=Interval(0.0, BYTE) if inside is None else inside)


@primitive("to_dtype")
def to_dtype(use: Use) -> Value:
    """Another element type; where it is asked for, whole numbers come between 0 and 1 as they become floating."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a cast of no tensor", use.place)
    dtype = dtypes.named(use.get("dtype"))
    asked = use.set.get("scale", use.get("scale"))
    scales_it = asked is True or (isinstance(asked, Flag) and asked.truth is True)
    if isinstance(asked, Unknown) or (isinstance(asked, Flag) and asked.truth is None) or dtype is None:
        return make(use, value)
    if scales_it and value.dtype is None:
        return make(use, value, dtype=dtype)
    if scales_it and value.dtype == "uint8" and dtypes.is_floating(dtype):
        return linear(use, _bytes(value), (0.0,), (BYTE,), dtype)
    if scales_it and dtypes.is_floating(value.dtype) != dtypes.is_floating(dtype):
        return make(use, value, dtype=dtype)
    return evolve(_kept(use, value), dtype=dtype)


@primitive("normalize")
def normalize(use: Use) -> Value:
    """Each channel less its mean, divided by its deviation; both may be given as parts of a largest value."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown):
        return value
    x = use.x
    means = scaling.constants(use.machine, use.get("mean"))
    deviations = scaling.constants(use.machine, use.get("std"))
    largest = 1.0 if use.get("largest") is None else use.constant("largest")
    if means is None or deviations is None or largest is None:
        return make(use, x, shape=x.shape)
    return linear(use, x, [each * largest for each in means], [each * largest for each in deviations], "float32")


@primitive("rescale")
def rescale(use: Use) -> Value:
    """Multiplied by a number, with another one added."""
    value = use.bound.get(use.first)
    if isinstance(value, Unknown):
        return value
    x = use.x
    factors = scaling.constants(use.machine, use.get("scale")) if "scale" not in use.set else (float(use.set["scale"]),)
    offsets = (
        scaling.constants(use.machine, use.get("offset")) if "offset" not in use.set else (float(use.set["offset"]),)
    )
    if (
        factors is None
        or offsets is None
        or 0.0 in factors
        or (len(factors) > 1 and len(offsets) not in (1, len(factors)))
    ):
        return make(use, x, shape=x.shape)
    wide = tuple(factors) * (len(offsets) if len(factors) == 1 else 1)
    return linear(
        use,
        x,
        [-o / f for o, f in zip(offsets * (len(wide) // len(offsets)), wide, strict=True)],
        [1 / f for f in wide],
        "float32",
    )


@primitive("standardise")
def standardise(use: Use) -> Value:
    """Brought to a usual scale by statistics of data."""
    value = use.bound.get(use.first)
    fitted = _fitted(use, value)
    given = () if fitted is None or fitted is value else (fitted,)
    if isinstance(value, Unknown):
        return evolve(value, origin=Node(SCALED, use.place, (value, *given), {"why": 0}, label=use.label))
    x = use.x
    unit = use.set.get("to") == "unit"
    made = make(use, x, range=intervals.ANY, shape=x.shape, scale=scales.UNIT if unit else scales.STANDARDISED)
    assert made.origin is not None
    made = evolve(made, origin=evolve(made.origin, op=SCALED, inputs=(x, *given), carrier={"data": 0}))
    return made if x.columns is None else tables.renewed(made, x.columns)


def _fitted(use: Use, value: Value | None) -> Value | None:
    """The data whose statistics are used; these are taken now if the call is told to."""
    owner = use.bound.get("self")
    if not isinstance(owner, Object):
        return value
    if use.set.get("fits") and value is not None:
        use.machine.heap.set(owner.id, FITTED, value)
    held = use.machine.heap.get(owner.id, FITTED)
    return held if isinstance(held, Tensor | Unknown) else None


@primitive("fit")
def fit(use: Use) -> Value:
    """Statistics are taken of data; the object is handed back."""
    owner, value = use.bound.get("self"), use.bound.get(use.first)
    if isinstance(owner, Object) and value is not None:
        use.machine.heap.set(owner.id, FITTED, value)
    return owner or use.machine.nothing


@primitive("read_bytes")
def read_bytes(use: Use) -> Value:
    """A picture from a file as an array of bytes, unless a flag asks for what the file has."""
    flag = use.get("flags")
    named = flag.name.rpartition(".")[2] if isinstance(flag, Library) else ""
    if (isinstance(flag, Number) and flag.exact in use.set["flags"]) or named in ("IMREAD_COLOR", "IMREAD_GRAYSCALE"):
        return described(use.machine, _READ, use.place, use.label)
    return use.machine.unknown(f"what {use.label} reads", use.place)


@primitive("sound")
def sound(use: Use) -> Value:
    """The samples of a sound as bytes, before anybody says how many of these make a number."""
    return Unknown(why="the bytes of a sound", origin=Node(use.op, use.place, label=use.label))


@primitive("from_bytes")
def from_bytes(use: Use) -> Value:
    """An array over bytes: of a sound it has the samples, which take up all numbers of a type."""
    value = use.bound.get(use.first)
    node = None if value is None or value.origin is None else identity(value.origin)
    dtype = dtypes.named(use.get("dtype"))
    if isinstance(value, Unknown) and node is not None and node.op == "sound" and dtype in use.set["sound"]:
        spec = {"range": use.set["sound"][dtype], "dtype": dtype, "library": use.set["library"]}
        return described(use.machine, spec, use.place, use.label)
    origin = Node(COMPUTED, use.place, tuple(use.bound.values()), label=use.name)
    return Unknown(why=f"the result of {use.label} is not followed", origin=origin)


@primitive("to_picture")
def to_picture(use: Use) -> Value:
    """A picture has bytes: floating numbers between 0 and 1 are multiplied by 255."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return value if isinstance(value, Unknown) else use.machine.unknown("a picture of no array", use.place)
    if value.dtype == "uint8":
        return evolve(_kept(use, value), library=scales.PICTURE, shape=None)
    picture = make(use, value, range=Interval(0.0, BYTE), content="image", dtype="uint8")
    return evolve(picture, library=scales.PICTURE)


@primitive("preprocess")
def preprocess(use: Use) -> Value:
    """What pretrained networks want, by the name of a mode."""
    mode = use.set.get("mode") or use.get("mode")
    numbers = use.set["modes"].get(mode.text if isinstance(mode, Text) else mode)
    value = use.bound.get(use.first)
    if isinstance(value, Unknown) or numbers is None:
        return use.machine.unknown("an input that was not followed", use.place, *use.tensors())
    return linear(use, use.x, numbers["mean"], numbers["std"], "float32")


@primitive("itself")
def itself(use: Use) -> Value:
    """The object whose method it is."""
    return use.bound.get("self") or use.machine.nothing


@primitive("augment")
def augment(use: Use) -> Value:
    """Moved, cut, resized or recoloured: another picture of the same scale."""
    value = use.bound.get(use.first)
    if not isinstance(value, Tensor):
        return (
            value if isinstance(value, Unknown) else use.machine.unknown("a picture that was not followed", use.place)
        )
    library = use.set.get("library", value.library)
    dtype = use.set.get("dtype", value.dtype)
    method = use.get("method")
    if "blends" in use.set and not (isinstance(method, Text) and method.text == "nearest"):
        dtype = use.set["blends"] if isinstance(method, Text) else None
    return evolve(_kept(use, value), shape=None, library=library, dtype=dtype)


def _kept(use: Use, value: Tensor) -> Tensor:
    return evolve(
        value,
        number=use.machine.fresh(),
        buffer=use.machine.fresh(),
        base=0,
        facts=frozenset(),
        origin=Node("augment", use.place, (value,), KEEP_ALL, label=use.label),
    )
