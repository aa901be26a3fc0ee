"""Names of element types, as programs write them."""

from __future__ import annotations

from trainlint.semantics.values import Library, Text, Value

_KINDS = {
    "float": "float32",
    "float_": "float64",
    "double": "float64",
    "half": "float16",
    "single": "float32",
    "long": "int64",
    "int": "int64",
    "int_": "int64",
    "short": "int16",
    "byte": "uint8",
    "bool_": "bool",
}
_KNOWN = frozenset(
    {"float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "bool"}
)


def named(value: Value | None) -> str | None:
    """The element type that a value names; None if it names none."""
    name = value.name.rpartition(".")[2] if isinstance(value, Library) else None
    if isinstance(value, Text) and value.text is not None:
        name = value.text.rpartition(".")[2]
    if name is None:
        return None
    name = _KINDS.get(name, name)
    return name if name in _KNOWN else None


def is_floating(dtype: str | None) -> bool:
    return dtype is not None and "float" in dtype
