"""Python's own functions and methods, and the few that stubs need, as functions of values.

Each module holds those about one noun; importing the package enters them all into the registry.
"""

from trainlint.semantics.natives import (
    functions,
    itertools,
    lists,
    mappings,
    networks,
    numbers,
    objects,
    paths,
    sequences,
    stubs,
    text,
)
from trainlint.semantics.natives.networks import children
from trainlint.semantics.natives.registry import REGISTRY, Native, native

__all__ = [
    "REGISTRY",
    "Native",
    "children",
    "functions",
    "itertools",
    "lists",
    "mappings",
    "native",
    "networks",
    "numbers",
    "objects",
    "paths",
    "sequences",
    "stubs",
    "text",
]
