"""A file cut into its top-level statements without parsing it.

The scanner is one regular expression that steps over strings and comments from one line that begins at column 0 to the
next. Brackets are only counted where a piece does not close as many as it opens.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping

from attrs import frozen

from trainlint.source.lines import newlines

LARGEST = 256 * 1024
SMALL = 300  # too small to go over the other two
DEEPEST = 150
LONGEST = 1_000

_STRING = (
    rb"""'''(?:[^\\]|\\.)*?(?:'''|\Z)|\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?"""
)
_LINE = rb"(?:(?<!\\\n)^|\#[^\n]*\\\n)\f*"  # a backslash joins the next line, but not at the end of a comment
_SCAN = re.compile(
    rb"(?ms)" + _LINE + rb"(?P<quote>)(?=['\"])|" + _STRING + rb"|" + _LINE + rb"(?P<start>[^\s#)\]}'\"])|\#[^\n]*"
)
_OPAQUE = re.compile(rb"(?ms)" + _STRING + rb"|\#[^\n]*")
_BLANK = re.compile(rb"(?:[ \t\f]*(?:\#[^\n]*)?\n|[ \t\f]*(?:\#[^\n]*)?\Z)*\f*")  # whole lines
_CLAUSE = re.compile(rb"(?:elif|else|except|finally)\b")
_HEAD = re.compile(  # what begins a statement and cannot go on within a bracket
    rb"(?:(?:async[ \t]+)?def|class|import|with|try|while)(?![\w.])[^=]|from[ \t]+[.\w \t]+?[ \t]+import\b"
    rb"|(?:if|for)(?![\w.])[^=\n][^\n]*:[ \t]*(?:\#[^\n]*)?\n|@(?![ \t=])"
)
_DEFINITION = re.compile(rb"(?:async[ \t]+)?def[ \t]+([\w\x80-\xff]+)|class[ \t]+([\w\x80-\xff]+)")
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
_LINKING = (b"not", b"and", b"or", b"if", b"else", b"lambda", b"await", b"in", b"is")
_TOKENS = re.compile(
    rb"(?ms)(?P<opaque>" + _STRING + rb"|\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[\n;,])"
    rb"|(?P<link>\b(?:not|and|or|lambda|else)\b|\.(?=[^\W\d])|[-+*/%@&|^~]|<<|>>)|(?P<joined>\\\n)"
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
        if len(self.data) <= SMALL or len(self.data) > LARGEST:
            return len(self.data) <= SMALL
        if _is_modest(self.data):
            return True
        depth, links = _extent(self.data)
        return depth <= DEEPEST and links <= LONGEST

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
        return frozenset(_NAME.findall(_spoken(head).decode("utf-8", "replace"))) - _KEYWORDS

    @property
    def spoken(self) -> str:
        """Its text without comments and long strings, which speak of names without using them."""
        return _spoken(self.data).decode("utf-8", "replace")

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
        for match in _OPAQUE.finditer(plain):
            code += plain[end : match.start()]
            end = match.end()
            if not match.group().startswith(b"#"):
                parts += (_LAYOUT.sub(b"\n", code), self.data[match.start() : end])
                code = b""
        parts.append(_LAYOUT.sub(b"\n", code + plain[end:]).rstrip())
        joined = any(b"\\" in part for part in parts[::2])  # what may follow a backslash is another matter
        return self.data if joined else b"".join(parts)

    @functools.cached_property
    def outline(self) -> tuple[object, ...]:
        """All that an analysis can know of it without parsing it."""
        methods = frozenset(_METHOD.findall(self.spoken))
        target, assigns, _ = self.data.partition(b"=")
        marks = self.data.startswith(b"@"), assigns, target if self.name is None and assigns else b""
        return self.kind, self.name, self.readable, marks, self.head, self.mentions, methods, self.imports


@frozen(eq=False)
class Segment:
    """One top-level statement where it stands: ``start`` to ``end`` in the bytes of its file, and its `Content`."""

    number: int
    start: int
    end: int
    content: Content
    data: bytes
    kind: str
    name: str | None

    @property
    def readable(self) -> bool:
        """Whether it lies within the limits of the parser."""
        return self.content.readable

    @property
    def digest(self) -> bytes:
        """A hash of its bytes."""
        return self.content.digest

    @property
    def mentions(self) -> frozenset[str]:
        """Every identifier in it, those in comments and long strings excepted."""
        return self.content.mentions

    @property
    def head(self) -> frozenset[str]:
        """The identifiers that are evaluated when it is run: decorators and bases of a definition, else all."""
        return self.content.head

    @property
    def spoken(self) -> str:
        """Its text without comments and long strings, which speak of names without using them."""
        return self.content.spoken

    @property
    def touches(self) -> frozenset[str]:
        """The names of the module that running it may bind or change; "*" for a star import."""
        return self.content.touches

    @property
    def imports(self) -> tuple[Imported, ...]:
        """What the import statements in it bind, those within functions included."""
        return self.content.imports


def segments(
    data: bytes, cuts: tuple[tuple[int, int], ...] = (), known: Mapping[bytes, Content] | None = None
) -> tuple[Segment, ...]:
    """The segments of a text.

    ``cuts`` are ranges that are scanned by themselves, such as the cells of a notebook; ``known`` are contents of an
    earlier version, to be shared where the bytes are the same.
    """
    known = known or {}
    found: list[Segment] = []
    for start, end in cuts or ((0, len(data)),):
        for piece_start, piece_end in _pieces(data[start:end], whole=not cuts):
            text = data[start + piece_start : start + piece_end]
            content = known.get(text) or _content(text)
            found.append(
                Segment(
                    len(found),
                    start + piece_start,
                    start + piece_end,
                    content,
                    content.data,
                    content.kind,
                    content.name,
                )
            )
    return tuple(found)


def _content(text: bytes) -> Content:
    kind, name = _kind(newlines(text))
    return Content(text, kind, name)


def _kind(text: bytes) -> tuple[str, str | None]:
    at = 0
    while text.startswith(b"@", at):  # decorators may run over several lines
        following = re.compile(rb"(?m)^(?:@|(?:async[ \t]+)?def\b|class\b)").search(text, at + 1)
        if following is None:
            return "other", None
        at = following.start()
    match = _DEFINITION.match(text, at)
    if match is not None:
        name = match.group(1) or match.group(2)
        return ("def" if match.group(1) else "class"), name.decode("utf-8", "replace")
    return ("import", None) if _IMPORT.match(text, at) and b";" not in text else ("other", None)


def _pieces(data: bytes, *, whole: bool) -> Iterator[tuple[int, int]]:
    """The statements of a text: what begins at column 0, clauses and decorators joined to what they belong to.

    Code before the first is a piece too if the text is a ``whole`` file; a cell may be indented.
    """
    data = newlines(data)
    starts: list[int] = []
    position = 0
    while True:  # a string that begins a line is a statement too, and then a string to be stepped over
        match = _SCAN.search(data, position)
        if match is None:
            break
        if match.lastgroup is not None:
            starts.append(match.start(match.lastgroup))
            position = match.end()
            if match.lastgroup == "quote":
                inside = _OPAQUE.match(data, position)
                position = inside.end() if inside is not None else position + 1
        else:
            position = match.end()
    starts = [at for at in starts if not _CLAUSE.match(data, at)]
    first = _BLANK.match(data)
    if whole and first is not None and first.end() < (starts[0] if starts else len(data)):
        starts.insert(0, first.end())
    ends = [*starts[1:], len(data)]
    index = 0
    while index < len(starts):
        start, last = starts[index], index
        if data.startswith(b"@", start):
            while last + 1 < len(starts) and data.startswith(b"@", starts[last]):
                last = _closing(data, starts, ends, last, starts[last]) + 1
            if last == len(starts) or not _DEFINITION.match(data, starts[last]):
                last = index
        last = _closing(data, starts, ends, last, start)
        text = data[start : ends[last]].rstrip()
        yield start, start + len(text)
        index = last + 1


def _closing(data: bytes, starts: list[int], ends: list[int], last: int, start: int) -> int:
    """The piece with which all brackets are closed; one that never closes ends where it began."""
    opened, index = _balance(data[start : ends[last]]), last
    while opened > 0:
        index += 1
        if index == len(starts):
            return last
        if _HEAD.match(data, starts[index]) and data[starts[index] - 1 : starts[index]] == b"\n":
            return last
        opened += _balance(data[starts[index] : ends[index]])
    return index


def _balance(text: bytes) -> int:
    """How many more brackets are opened than closed, those in strings and comments excepted."""
    if b'"' in text or b"'" in text or b"#" in text:
        text = _OPAQUE.sub(b"", text)
    opened = text.count(b"(") + text.count(b"[") + text.count(b"{")
    return opened - text.count(b")") - text.count(b"]") - text.count(b"}")


def _is_modest(text: bytes) -> bool:
    """Whether a text has too few brackets and links in all, words counted by their letters, to be over the limits."""
    opened = sum(map(text.count, (b"(", b"[", b"{")))
    if opened > DEEPEST:
        return False
    marks = len(text) - len(text.translate(None, b".)]}+-*/%@&|^~<>=!:"))
    return opened + marks + sum(map(text.count, _LINKING)) <= LONGEST


def _extent(text: bytes) -> tuple[int, int]:
    """The bracket depth, and the longest chain of operators, calls, attributes or ``elif`` (at most over-estimated)."""
    links = text.count(b"elif")
    deepest = total = 0
    chains = [0]  # for each open bracket, the links so far of what is being read within it
    for match in _TOKENS.finditer(newlines(text)):
        kind = match.lastgroup
        if kind == "open":
            chains.append(0)
            deepest = max(deepest, len(chains) - 1)
        elif kind == "end" and (match.group() != b"\n" or len(chains) == 1):
            total -= chains[-1]
            chains[-1] = 0
        elif kind in ("close", "link"):
            if kind == "close" and len(chains) > 1:
                total -= chains.pop()
            chains[-1] += 1
            total += 1
            links = max(links, total)
    return deepest, links


def _spoken(text: bytes) -> bytes:
    text = newlines(text)
    if b"#" not in text and b"'''" not in text and b'"""' not in text:
        return text
    return _OPAQUE.sub(_kept, text)


def _kept(match: re.Match[bytes]) -> bytes:
    opaque, before = match.group(), match.string[max(0, match.start() - 2) : match.start()].lower()
    is_long = opaque.startswith((b"'''", b'"""')) and b"f" not in before
    return b" " if is_long or opaque.startswith(b"#") else opaque


def _imported(text: bytes) -> Iterator[Imported]:
    """What the import statements in a text bind."""
    for statement in _IMPORTS.findall(_spoken(text)):
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


def opaque_spans(data: bytes) -> Iterator[tuple[int, int]]:
    """Where the strings and comments of a text lie."""
    return (match.span() for match in _OPAQUE.finditer(newlines(data)))
