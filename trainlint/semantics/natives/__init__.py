"""Python's own functions and methods, and the few that stubs need, as functions of values.

Each module holds those about one noun; importing the package enters them all into the registry.
"""

from trainlint.semantics.natives import (
    commands,
    files,
    functions,
    itertools,
    lists,
    mappings,
    models,
    networks,
    numbers,
    objects,
    paths,
    records,
    sequences,
    settings,
    stubs,
    symbols,
    targets,
    text,
)
from trainlint.semantics.natives.networks import children
from trainlint.semantics.natives.registry import REGISTRY, SCALAR, Native, is_scalar, native

__all__ = [
    "REGISTRY",
    "SCALAR",
    "Native",
    "children",
    "commands",
    "files",
    "functions",
    "is_scalar",
    "itertools",
    "lists",
    "mappings",
    "models",
    "native",
    "networks",
    "numbers",
    "objects",
    "paths",
    "records",
    "sequences",
    "settings",
    "stubs",
    "symbols",
    "targets",
    "text",
]
