"""What can be told of a top-level statement from its bytes alone: its names, its imports, whether it can be parsed."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator

from attrs import frozen

from trainlint.source.idle import Core, core
from trainlint.source.limits import is_readable
from trainlint.source.lines import newlines
from trainlint.source.opaque import OPAQUE, spoken
from trainlint.source.scanner import DEFINITION

_IMPORT = re.compile(rb"(?:import|from)\b")
_IMPORTS = re.compile(
    rb"(?m)^[ \t\f]*(from[ \t]+[.\w \t]+?[ \t]*\bimport\b(?:[ \t]*\([^)]*\)|(?:[^\n;\\]|\\\r?\n)*)"
    rb"|import[ \t]+(?:[^\n;\\]|\\\r?\n)*)"
)
_NAME = re.compile(r"[^\W\d]\w*")
_LAYOUT = re.compile(rb"[ \t\f]*\n(?:[ \t\f]*\n)*")
_METHOD = re.compile(r"\.[^\W\d]\w*")
_KEYWORDS = frozenset(
    [
        "False",
        "None",
        "True",
        "and",
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "else",
        "except",
        "finally",
        "for",
        "from",
        "global",
        "if",
        "import",
        "in",
        "is",
        "lambda",
        "nonlocal",
        "not",
        "or",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    ]
)


@frozen
class Imported:
    """A name that an import statement binds: ``name`` of a module, or with None the module itself."""

    bound: str
    level: int
    module: str
    name: str | None


@frozen(eq=False)
class Content:
    """What can be told of a top-level statement from its bytes alone; two versions of a file share what is the same."""

    data: bytes
    kind: str
    name: str | None

    @functools.cached_property
    def readable(self) -> bool:
        """Whether it lies within the limits of the parser."""
        return is_readable(self.data)

    @functools.cached_property
    def digest(self) -> bytes:
        """A hash of its bytes."""
        return hashlib.blake2b(self.data, digest_size=16).digest()

    @functools.cached_property
    def mentions(self) -> frozenset[str]:
        """Every identifier in it, those in comments and long strings excepted."""
        return frozenset(_NAME.findall(self.spoken)) - _KEYWORDS

    @functools.cached_property
    def head(self) -> frozenset[str]:
        """The identifiers that are evaluated when it is run: decorators and bases of a definition, else all."""
        if self.name is None:
            return self.mentions
        data = newlines(self.data)
        line = re.search(rb"(?m)^(?:(?:async[ \t]+)?def|class)\b[^\n]*", data)
        head = data[: line.end()] if line is not None else data
        return frozenset(_NAME.findall(spoken(head).decode("utf-8", "replace"))) - _KEYWORDS

    @property
    def spoken(self) -> str:
        """Its text without comments and long strings, which speak of names without using them."""
        return spoken(self.data).decode("utf-8", "replace")

    @functools.cached_property
    def touches(self) -> frozenset[str]:
        """The names of the module that running it may bind or change; "*" for a star import."""
        if self.name is not None:
            return frozenset({self.name})
        if self.kind == "import":
            return frozenset(each.bound for each in self.imports)
        return self.mentions

    @functools.cached_property
    def imports(self) -> tuple[Imported, ...]:
        """What the import statements in it bind, those within functions included."""
        return tuple(_imported(self.data)) if b"import" in self.data else ()

    @functools.cached_property
    def bare(self) -> bytes:
        """Its bytes without comments, empty lines and blanks at line ends: where these agree, the programs do."""
        parts: list[bytes] = []
        code, end = b"", 0
        plain = newlines(self.data)
        for match in OPAQUE.finditer(plain):
            code += plain[end : match.start()]
            end = match.end()
            if not match.group().startswith(b"#"):
                parts += (_LAYOUT.sub(b"\n", code), self.data[match.start() : end])
                code = b""
        parts.append(_LAYOUT.sub(b"\n", code + plain[end:]).rstrip())
        joined = any(b"\\" in part for part in parts[::2])  # what may follow a backslash is another matter
        return self.data if joined else b"".join(parts)

    @functools.cached_property
    def core(self) -> Core:
        """Its bare bytes without lines that do nothing but say a name of their own, and these lines."""
        return core(self.bare) if self.kind != "import" else Core(self.bare)

    @functools.cached_property
    def outline(self) -> tuple[object, ...]:
        """All that an analysis can know of it without parsing it."""
        return self.frame, self.mentions, self.head

    @functools.cached_property
    def frame(self) -> tuple[object, ...]:
        """The same without the names in it."""
        methods = frozenset(_METHOD.findall(self.spoken))
        target, assigns, _ = self.data.partition(b"=") if self.name is None else (b"", b"", b"")
        marks = self.data.startswith(b"@"), assigns, target if assigns else b""
        return self.kind, self.name, self.readable, marks, methods, self.imports


def content(text: bytes) -> Content:
    """The content of a statement."""
    kind, name = _kind(newlines(text))
    return Content(text, kind, name)


def _kind(text: bytes) -> tuple[str, str | None]:
    at = 0
    while text.startswith(b"@", at):  # decorators may run over several lines
        following = re.compile(rb"(?m)^(?:@|(?:async[ \t]+)?def\b|class\b)").search(text, at + 1)
        if following is None:
            return "other", None
        at = following.start()
    match = DEFINITION.match(text, at)
    if match is not None:
        name = match.group(1) or match.group(2)
        return ("def" if match.group(1) else "class"), name.decode("utf-8", "replace")
    return ("import", None) if _IMPORT.match(text, at) and b";" not in text else ("other", None)


def _imported(text: bytes) -> Iterator[Imported]:
    """What the import statements in a text bind."""
    for statement in _IMPORTS.findall(spoken(text)):
        plain = re.sub(r"[()\\\n\r]", " ", statement.decode("utf-8", "replace")).strip()
        source, separator, names = plain.partition(" import ")
        is_from = plain.startswith("from") and bool(separator)
        module = "".join(source[len("from") :].split()) if is_from else ""
        level = len(module) - len(module.lstrip("."))
        for item in (names if is_from else plain[len("import") :]).split(","):
            words = item.split()
            if not words:
                continue
            bound = words[2] if len(words) == 3 and words[1] == "as" else words[0]
            if is_from:
                yield Imported(bound, level, module[level:], words[0])
            else:
                yield Imported(bound.partition(".")[0], 0, words[0], None)
