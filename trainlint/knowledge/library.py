"""What libraries do, as data: entries by qualified name, synonyms resolved, stubs as text."""

from __future__ import annotations

import functools
import posixpath
from collections.abc import Iterator, Mapping, Set
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from attrs import evolve

from trainlint.knowledge.reading import read
from trainlint.knowledge.schema import Entry, Family, KnowledgeError, Loss, Operation, read_entry, read_family

__all__ = ["Entry", "KnowledgeError", "Library", "Loss", "Operation", "standard", "with_project_files"]

_SHIPPED = (
    "stubs",
    "python",
    "torch",
    "torch_math",
    "torch_losses",
    "torch_optim",
    "third_party",
    "numpy",
    "keras",
    "keras_losses",
    "keras_optim",
    "keras_math",
    "tensorflow",
    "datasets",
    "transforms",
)
_MODULE = Family("torch.nn.Module", "forward")
_FAMILIES = {"layer": _MODULE, "loss": _MODULE}
_TENSOR = "torch.Tensor"
_HEADS = (
    ("modules", dict, "mapping of names"),  # old names of modules, and where what they held is described
    ("quiet", list, "list of names"),
    ("judges", list, "list of names"),  # libraries that say how good predictions are
    ("pure", list, "list of names"),  # libraries whose functions compute and do nothing else
    ("random", list, "list of names"),  # functions that draw random numbers
    ("orders", list, "list of names"),  # those among them that draw an order and nothing else
    ("triggers", list, "list of words"),
    ("switches", list, "list of words"),  # methods that change the mode of a network
    ("triggers here", list, "list of words"),  # those that matter only where they are mentioned
    ("families", dict, "mapping of kinds"),
    ("arrays", dict, "mapping of names"),  # libraries, and the class of the tensors that their functions give
    ("without gradient", list, "list of names"),  # of those, the ones that no gradient goes through
    ("unchanging", list, "list of names"),  # and the ones that nothing changes in place
)
GRADIENT_EFFECTS = ("backward", "clear", "step")
MOVES = "move"  # the effect of methods that take a step under a name that means other things elsewhere


class Library:
    """Knowledge of libraries; entries of files that are loaded first win."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """``texts`` maps file names, for messages, to YAML text. Raises `KnowledgeError`."""
        self.entries: dict[str, Entry] = {}
        self.operations: dict[str, str] = {}  # every `op`, and where it is named first
        self._names: dict[str, str] = {}
        self._canonical: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}
        self._quiet: set[str] = set()
        self._judges: set[str] = set()
        self._pure: set[str] = set()
        self._random: set[str] = set()
        self._orders: set[str] = set()
        self._drawing: dict[str, bool] = {}
        self._switches: set[str] = set()
        self._triggers: set[str] = set()
        self._triggers_here: set[str] = set()
        self._strings: dict[tuple[str, str], str] = {}
        self._arrays: dict[str, str] = {}
        self._workers: dict[str, str] = {}
        self._plain: set[str] = set()
        self._unchanging: set[str] = set()
        self._stubs: dict[tuple[str, str], str] = {}
        self._methods: dict[str, Entry] = {}
        for name, text in texts.items():
            self._load(name, text)

    def _load(self, file: str, text: str) -> None:
        try:
            raw: Any = read(text)
        except yaml.YAMLError as error:
            raise KnowledgeError(f"{file}: {error}") from error
        if raw is None:
            return
        if not isinstance(raw, dict):
            raise KnowledgeError(f"{file}: a knowledge file maps names to entries")
        for key, kind, words in _HEADS:
            if not isinstance(raw.get(key, kind()), kind):
                raise KnowledgeError(f"{file}: `{key}` must be a {words}")
        self._prefixes.update(raw.pop("modules", {}))
        self._quiet.update(raw.pop("quiet", ()))
        self._judges.update(raw.pop("judges", ()))
        self._pure.update(raw.pop("pure", ()))
        self._random.update(raw.pop("random", ()))
        self._orders.update(raw.pop("orders", ()))
        self._switches.update(raw.pop("switches", ()))
        self._triggers.update(raw.pop("triggers", ()))
        self._triggers_here.update(raw.pop("triggers here", ()))
        try:
            own = {kind: read_family(kind, spec) for kind, spec in raw.pop("families", {}).items()}
        except KnowledgeError as error:
            raise KnowledgeError(f"{file}: {error}") from error
        self._workers.update({family.base: family.method for family in own.values()})
        self._arrays.update(raw.pop("arrays", {}))
        self._plain.update(raw.pop("without gradient", ()))
        self._unchanging.update(raw.pop("unchanging", ()))
        for name, spec in raw.items():
            if not isinstance(spec, dict | None):
                raise KnowledgeError(f"{file}: {name}: an entry is a mapping")
            try:
                entry = read_entry(str(name), spec or {})
            except KnowledgeError as error:
                raise KnowledgeError(f"{file}: {error}") from error
            for op in _operations(entry):
                self.operations.setdefault(op, f"{file}: {entry.name}")
            family = own.get(entry.kind) or _FAMILIES.get(entry.kind)
            self._add(entry if family is None else evolve(entry, family=family))

    def _add(self, entry: Entry) -> None:
        if entry.name in self.entries:
            return
        self.entries[entry.name] = entry
        for alias in entry.also:
            self._names.setdefault(alias, entry.name)
        if entry.also_in_place:
            first, *others = entry.also_in_place
            self._add(evolve(entry, name=first, also=tuple(others), also_in_place=(), in_place=True))
        if entry.cls is not None:
            made = Entry(name=entry.cls, kind="loss", call=entry.name, parameters=_after(entry), loss=entry.loss)
            self._add(evolve(made, family=entry.family, guards=entry.guards))
        for word in entry.strings:
            self._strings.setdefault((entry.kind, word), entry.name)
        if entry.stub is not None:
            module, _, name = entry.stub.partition(".")
            self._stubs[module, name] = entry.name
        for method, spec in entry.methods.items():
            self._methods[f"{entry.name}.{method}"] = spec

    # Names ------------------------------------------------------------------------------------------------------------

    def canonical(self, name: str) -> str:
        """The name under which an entry is kept, for any of its synonyms."""
        known = self._canonical.get(name)
        if known is None:
            known = self._canonical[name] = self._resolve(name)
        return known

    def _resolve(self, name: str) -> str:
        if name in self._names or name in self.entries:
            return self._names.get(name, name)
        prefix = name
        while prefix:
            replacement = self._prefixes.get(prefix)
            if replacement is not None:
                return self._resolve(replacement + name[len(prefix) :])
            prefix = prefix.rpartition(".")[0]
        return name

    def is_synonym(self, name: str) -> bool:
        """Whether an entry is kept under another name than this, its equal."""
        return name in self._names

    def get(self, name: str) -> Entry | None:
        found = self.entries.get(name)
        return found if found is not None else self._methods.get(name)

    def known(self, name: str) -> bool:
        return self.canonical(name) in self.entries

    def by_string(self, kind: str, word: str) -> str | None:
        """The entry that a string stands for, among those of one kind."""
        return self._strings.get((kind, word))

    @functools.cached_property
    def roots(self) -> frozenset[str]:
        """The libraries that something is known of, by the first part of their names."""
        names = (*self.entries, *self._names, *self._prefixes)
        return frozenset(name.partition(".")[0] for name in names)

    def is_quiet(self, name: str) -> bool:
        """Whether a library only reads what it is given: logging, printing, writing files."""
        return _is_of(name, self._quiet)

    def is_judge(self, name: str) -> bool:
        """Whether a library says how good predictions are."""
        return _is_of(name, self._judges)

    def is_pure(self, name: str) -> bool:
        """Whether nothing is known of a function but that it computes and does nothing else."""
        return name.partition(".")[0] in self._pure and not self.is_random(name) and ".random." not in name

    def is_random(self, name: str) -> bool:
        """Whether a function draws random numbers; one that draws nothing but an order does not."""
        known = self._drawing.get(name)
        if known is None:
            inside = name
            while inside and inside not in self._random and inside not in self._orders:
                inside = inside.rpartition(".")[0]
            known = self._drawing[name] = inside in self._random
        return known

    def tensor_method(self, name: str, library: str = "") -> str:
        """The entry behind a method of tensors, or of the arrays of another library.

        Keras runs on several libraries: what only PyTorch's tensors can do shows that it runs on this one.
        """
        own = self.canonical(f"{library or _TENSOR}.{name}")
        if not library or own in self.entries or self.is_plain(library):
            return own
        other = self.canonical(f"{_TENSOR}.{name}")
        return other if other in self.entries else own

    def arrays(self, name: str) -> str | None:
        """The class of the tensors that the functions of a library give; "" is torch.Tensor, None nothing special."""
        cls = self._arrays.get(name.partition(".")[0])
        return "" if cls == _TENSOR else cls

    @property
    def array_classes(self) -> frozenset[str]:
        """The classes of tensors of all libraries but PyTorch."""
        return frozenset(self._arrays.values()) - {_TENSOR}

    def doing(self, op: str, near: str) -> str | None:
        """A function that does ``op``, of the library that also has the function ``near``."""
        home = self._arrays.get(near.partition(".")[0])
        found = [
            entry.name
            for entry in self.entries.values()
            if entry.op == op and entry.kind == "function" and self._arrays.get(entry.name.partition(".")[0]) == home
        ]
        return max(found, key=lambda name: len(posixpath.commonprefix([name, near])), default=None)

    def is_plain(self, library: str) -> bool:
        """Whether the tensors of a library carry no gradient."""
        return library in self._plain

    def is_unchanging(self, library: str) -> bool:
        """Whether the tensors of a library stay what they are: `x /= 2` gives the name x to another one."""
        return library in self._unchanging

    # Classes ----------------------------------------------------------------------------------------------------------

    def bases(self, name: str) -> tuple[str, ...]:
        entry = self.entries.get(name)
        if entry is None:
            return ()
        if entry.bases or entry.family is None:
            return entry.bases
        return (entry.family.base,)

    def worker(self, cls: str) -> str | None:
        """The method through which an instance of a layer or loss does its work, which a subclass may override."""
        entry = self.entries.get(cls)
        return self._workers.get(cls) if entry is None or entry.family is None else entry.family.method

    @functools.cached_property
    def workers(self) -> frozenset[str]:
        """The names of all such methods."""
        families = (entry.family.method for entry in self.entries.values() if entry.family is not None)
        return frozenset((*self._workers.values(), *families)) - {"__call__"}

    def method(self, cls: str, name: str) -> str | None:
        """The qualified name of a method that the class ``cls`` itself has."""
        entry = self.entries.get(cls)
        if entry is None:
            return None
        if name in entry.methods:
            return f"{cls}.{name}"
        return f"{cls}.{name}" if _is_intrinsic(entry, name) else None

    def is_method(self, name: str) -> bool:
        if name in self._methods:
            return True
        cls, _, method = name.rpartition(".")
        entry = self.entries.get(cls)
        return entry is not None and _is_intrinsic(entry, method)

    def is_class_method(self, name: str) -> bool:
        method = self._methods.get(name)
        return method is not None and method.mark == "classmethod"

    def class_mark(self, name: str) -> str | None:
        entry = self.entries.get(name)
        return None if entry is None or entry.kind != "base" else entry.mark

    def decorator_mark(self, name: str) -> str | None:
        """How a decorator marks its function: property, staticmethod, no_grad…; "" marks nothing."""
        entry = self.entries.get(name)
        if entry is None or entry.kind not in ("decorator", "context"):
            return None
        return entry.mark or ("no_grad" if entry.effect == "no_grad" else "plain")

    @functools.cached_property
    def acting(self) -> frozenset[str]:
        """The names of methods that act on gradients, weights or modes, also those that other methods have too."""
        return (
            frozenset(self.protocol)
            | self._switches
            | {n.rpartition(".")[2] for n, e in self._methods.items() if e.effect == MOVES}
        )

    @functools.cached_property
    def protocol(self) -> Mapping[str, str]:
        """What the methods of tensors, optimizers and the like do to gradients and weights, by their names."""
        named = [*self._methods.items(), *((n, e) for n, e in self.entries.items() if n.startswith(f"{_TENSOR}."))]
        acting = ((name, entry.effect) for name, entry in named if entry.effect in GRADIENT_EFFECTS)
        return {name.rpartition(".")[2]: effect for name, effect in acting if effect is not None}

    # Stubs ------------------------------------------------------------------------------------------------------------

    def stub_name(self, path: str, name: str) -> str | None:
        """The public name of class or function ``name`` of the stub file ``stub:module``."""
        return self._stubs.get((path.partition(":")[2], name))

    def stub_text(self, module: str) -> bytes:
        return (files("trainlint") / "knowledge" / "stubs" / f"{module}.py").read_bytes()

    # Triage -----------------------------------------------------------------------------------------------------------

    @functools.cached_property
    def triggers(self) -> frozenset[str]:
        """The words without which a piece of code, and what it comes to, holds nothing that a rule could speak about.

        What is only a method comes with its dot. What a word in quotes stands for is left to whoever is told the word.
        """
        named = (
            each
            for each in self.entries.values()
            if (each.kind in ("loss", "optimizer") and not each.strings) or each.trigger is True
        )
        return frozenset(self._triggers).union(*map(_words, named))

    @functools.cached_property
    def triggers_here(self) -> frozenset[str]:
        """Further such words, of which a rule speaks only in the file that has them: methods and functions."""
        named = (each for each in self.entries.values() if each.trigger == "here")
        return frozenset(self._triggers_here) | {f"{word}(" for each in named for word in _words(each)}


def _words(entry: Entry) -> Iterator[str]:
    for name in (entry.name, *entry.also):
        word = name.rpartition(".")[2]
        yield f".{word}" if name.startswith("torch.Tensor.") else word


def _is_intrinsic(entry: Entry, name: str) -> bool:
    """Whether instances have a method without an entry of its own: that makes them, or that calls them."""
    if name == "__init__":
        return entry.kind != "base"
    if entry.kind not in ("layer", "loss", "transform"):
        return False
    return name == "__call__" or (entry.family is not None and name == entry.family.method)


def _operations(entry: Entry) -> Iterator[str]:
    if entry.op is not None:
        yield entry.op
    if isinstance(entry.call, Operation):
        yield entry.call.op
    for method in entry.methods.values():
        yield from _operations(method)


def _after(entry: Entry) -> tuple[tuple[str, Any], ...] | None:
    """The parameters of a loss class: those of the function without the arguments of the call."""
    return None if entry.parameters is None else entry.parameters[entry.called :]


@functools.lru_cache(maxsize=1)
def standard() -> Library:
    """The knowledge that ships with trainlint."""
    return Library(_shipped())


@functools.lru_cache(maxsize=8)
def with_project_files(paths: tuple[str, ...]) -> Library:
    """The shipped knowledge after a project's own files, which win. Raises `KnowledgeError` and `OSError`."""
    if not paths:
        return standard()
    own = {path: Path(path).read_text(encoding="utf-8") for path in paths}
    return Library({**own, **_shipped()})


def _shipped() -> dict[str, str]:
    folder = files("trainlint") / "knowledge"
    return {f"{name}.yaml": (folder / f"{name}.yaml").read_text(encoding="utf-8") for name in _SHIPPED}


def _is_of(name: str, several: Set[str]) -> bool:
    """Whether a name, or that of something which it is part of, is one of several."""
    while name:
        if name in several:
            return True
        name = name.rpartition(".")[0]
    return False
