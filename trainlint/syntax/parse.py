"""A segment's statements: parsed when somebody asks, and kept with its content; the bodies of functions still later.

A segment that libcst refuses is read as far as it goes: the broken logical line is masked, and the rest is kept.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
import weakref
from typing import TYPE_CHECKING

from trainlint.syntax import tree
from trainlint.syntax.suites import SMALLEST, alone, cut

if TYPE_CHECKING:
    import libcst

    from trainlint.source.contents import Content
    from trainlint.source.segments import Segment
    from trainlint.syntax.lower import Read

MOST_MASKS = 8
_parsed: weakref.WeakKeyDictionary[Content, tuple[tree.Statement, ...]] = weakref.WeakKeyDictionary()
_whole: weakref.WeakSet[Content] = weakref.WeakSet()  # those in which nothing has had to be masked so far
_accepted: weakref.WeakSet[Content] = weakref.WeakSet()  # those that libcst has read from end to end
_LONE_RETURN = re.compile(rb"\r(?!\n)")
_FEEDS = re.compile(rb"(?<!\\)(\r?\n)((?:[ \t]*\f)+)")


def parse(segment: Segment) -> tuple[tree.Statement, ...]:
    """The statements of a segment. What cannot be read is an `Unread` that names what it might have bound."""
    found = _parsed.get(segment.content)
    if found is None:
        found = _parsed[segment.content] = _parse(segment.content)
    return found


def palatable(segment: Content) -> bytes | None:
    """Its text as libcst has read it, offset for offset; None if something had to be left out."""
    return _palatable(segment.data) if segment in _whole else None


def accepted(segment: Segment) -> bool:
    """Whether libcst is known to have read all of a segment."""
    return segment.content in _accepted


def same_meaning(before: Segment, after: Segment) -> frozenset[str] | None:
    """The names that must be said nowhere else for an analysis that saw ``before`` to see the same in ``after``.

    Places in the text excepted. None if it would see something else. What nobody has parsed so far can only have been
    known by its outline.
    """
    old, new = before.content, after.content
    if old is new:
        return frozenset()
    if old.frame != new.frame:
        return None
    seen = _parsed.get(old)
    if seen is None or old in _whole:
        names = idle_names(old, new) if seen is not None or old.mentions != new.mentions else frozenset[str]()
        if names is not None and old.mentions - names == new.mentions - names and old.head - names == new.head - names:
            return names
    same = old.outline == new.outline and (seen is None or _alike(seen, parse(after)))
    return frozenset() if same else None


def idle_names(old: Content, new: Content) -> frozenset[str] | None:
    """The names in idle lines that only one of two texts has, or has elsewhere; None if they differ in more."""
    if old.bare == new.bare:
        return frozenset()
    if old.core.text != new.core.text:
        return None
    return frozenset(each.name for each in set(old.core.idle) ^ set(new.core.idle))


def _alike(seen: object, now: object) -> bool:
    """Whether two trees say the same, as far as somebody has read the first one."""
    if seen is now:
        return True
    if type(seen) is not type(now):
        return False
    if isinstance(seen, tuple) and isinstance(now, tuple):
        return len(seen) == len(now) and all(map(_alike, seen, now))
    if isinstance(seen, tree.Suite) and isinstance(now, tree.Suite):
        if seen.number == now.number and seen.text and seen.text == now.text:
            return True
        if not seen.is_read:
            return seen.number == now.number and (b"yield" in seen.text) == (b"yield" in now.text)
        return _alike((seen.statements, seen.generator), (now.statements, now.generator))
    if isinstance(seen, tree.Tree):
        return all(_alike(getattr(seen, name), getattr(now, name)) for name in tree.parts(type(seen)))
    return seen == now and repr(seen) == repr(now)  # 1, 1.0 and True are equal, but not the same to a program


def _parse(segment: Content) -> tuple[tree.Statement, ...]:
    if not segment.readable:
        return (tree.Unread(0, tuple(sorted(segment.touches)), "over the parser's limits"),)
    return _in_parts(segment) or _at_once(segment)


def _in_parts(segment: Content) -> tuple[tree.Statement, ...] | None:
    """A definition with functions that are read later; None where it must be read at once."""
    if segment.name is None or len(segment.data) < SMALLEST:
        return None
    found = cut(_palatable(segment.data))
    if found is None:
        return None
    import libcst

    from trainlint.syntax.lower import Lowering

    bodies = {name: (text, functools.partial(_body, segment, text)) for name, text in found.bodies.items()}
    try:
        statements = Lowering(bodies=bodies).module(libcst.parse_module(found.text))
    except (libcst.ParserSyntaxError, libcst.CSTLogicError, RecursionError, UnicodeDecodeError, ValueError):
        return None
    _whole.add(segment)
    return statements


def _body(segment: Content, text: bytes, number: int, first: int) -> Read:
    """The statements of a function that was left out."""
    import libcst

    from trainlint.syntax.lower import Lowering

    try:
        (holder,) = libcst.parse_module(alone(text)).body
        if isinstance(holder, libcst.If):
            return Lowering(first=first).read(holder.body)
    except (libcst.ParserSyntaxError, libcst.CSTLogicError, RecursionError, UnicodeDecodeError, ValueError):
        pass
    _whole.discard(segment)
    pending: list[tree.Tree] = list(_at_once(segment))
    while pending:
        node = pending.pop()
        if isinstance(node, tree.FunctionDef) and node.suite.number == number:
            return node.body, node.generator
        if isinstance(node, tree.ClassDef):
            pending.extend(node.body)
    return (tree.Unread(first, (), "a syntax error"),), False


def _at_once(segment: Content) -> tuple[tree.Statement, ...]:
    module = concrete(segment)
    if module is None:
        return (tree.Unread(0, tuple(sorted(segment.touches)), "a syntax error"),)
    from trainlint.syntax.lower import Lowering

    try:
        return Lowering().module(module)
    except RecursionError:
        return (tree.Unread(0, tuple(sorted(segment.touches)), "nested too deeply"),)


def _palatable(data: bytes) -> bytes:
    """The same text, offset for offset, without what libcst stumbles over: a lone ``\\r``, and form feeds.

    A form feed sets the indentation of its line to zero, so it is moved to the end of the line above.
    """
    data = _LONE_RETURN.sub(b"\n", data)
    if b"\f" in data:
        data = _FEEDS.sub(lambda match: b" " * len(match.group(2)) + match.group(1), data).replace(b"\f", b" ")
    return data


def concrete(segment: Content) -> libcst.Module | None:
    """The libcst tree of a segment, with at most eight broken lines masked; None if that does not help."""
    import libcst

    data = _palatable(segment.data)
    for masks in range(MOST_MASKS + 1):
        try:
            module = libcst.parse_module(data)
            if masks == 0:
                _whole.add(segment)
                _accepted.add(segment)
            return module
        except (libcst.ParserSyntaxError, libcst.CSTLogicError):
            masked = _masked(data)
            if masked is None:
                return None
            data = masked
        except (RecursionError, UnicodeDecodeError, ValueError):
            return None
    return None


def is_readable(data: bytes) -> bool:
    """Whether libcst knows this syntax, even if it then stumbles over it."""
    import libcst

    try:
        libcst.parse_module(_palatable(data))
    except libcst.ParserSyntaxError:
        return False
    except (libcst.CSTLogicError, RecursionError, UnicodeDecodeError, ValueError):
        return True
    return True


def _masked(data: bytes) -> bytes | None:
    """The same bytes with the innermost broken logical line replaced; offsets stay as they are."""
    lines = _logical_lines(data)
    broken = _first_broken(data, lines)
    if broken is None:
        return None
    start, end = lines[broken]
    text = data[start:end]
    indent = len(text) - len(text.lstrip(b" \t"))
    opens_block = broken + 1 < len(lines) and _indent(data, lines[broken + 1]) > indent
    for filler in (b"if 1:",) if opens_block else (b"pass", b"0"):
        if len(text.rstrip()) - indent >= len(filler):
            body = filler + b" " * (len(text) - indent - len(filler))
            ending = b"\n" if text.endswith(b"\n") else b""
            inner = text[:indent] + body[: len(body) - len(ending)] + ending
            masked = data[:start] + inner + data[end:]
            if masked != data:
                return masked
            break  # its being there is what is wrong
    return data[:start] + re.sub(rb"[^\n]", b" ", text) + data[end:] if text.strip() else None


def _indent(data: bytes, line: tuple[int, int]) -> int:
    text = data[line[0] : line[1]]
    return len(text) - len(text.lstrip(b" \t"))


_TOKEN = re.compile(
    rb"""(?P<string>[rRbBuUfFtT]{0,2}(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"))"""
    rb"""|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<joined>\\\r?\n)|(?P<newline>\n)|[^\s'"#()\[\]{}\\]+|.""",
    re.DOTALL,
)


def _logical_lines(data: bytes) -> list[tuple[int, int]]:
    """Spans of the logical lines that hold code. A bracket that is never closed ends at the next line that begins a
    statement at its own or a lower indentation."""
    lines: list[tuple[int, int]] = []
    start, depth, has_code = 0, 0, False
    for match in _TOKEN.finditer(data):
        kind = match.lastgroup
        if kind == "open":
            depth, has_code = depth + 1, True
        elif kind == "close":
            depth, has_code = max(0, depth - 1), True
        elif kind == "newline":
            if depth and _begins_statement(data, match.end(), start):
                depth = 0
            if not depth:
                if has_code:
                    lines.append((start, match.end()))
                start, has_code = match.end(), False
        elif kind not in ("comment", "joined") and not match.group().isspace():
            has_code = True
    if has_code:
        lines.append((start, len(data)))
    return lines


_KEYWORD = re.compile(
    rb"[ \t]*(?:(?:def|class|import|from|return|raise|if|for|while|with|try|assert|del|pass|break|continue|global|@)\b"
    rb"|[A-Za-z_][\w.]*[ \t]*=[^=])"
)


def _begins_statement(data: bytes, at: int, start: int) -> bool:
    match = _KEYWORD.match(data, at)
    if match is None:
        return False
    text = data[at : match.end()]
    keyword = b"=" not in text
    indent = len(text) - len(text.lstrip(b" \t"))
    opener = data[start : start + 200]
    own = len(opener) - len(opener.lstrip(b" \t"))
    return indent <= own and (keyword or indent <= own)


def _first_broken(data: bytes, lines: list[tuple[int, int]]) -> int | None:
    """The logical line at which parsing fails: the shortest beginning of the segment that is refused ends there."""
    low, high = 0, len(lines) - 1
    if not lines:
        return None
    for index, (start, end) in enumerate(lines):
        text = data[start:end].strip()
        if not _parses(_alone(text)):
            return index
    while low < high:  # every line is well formed by itself: the block structure is broken
        middle = (low + high) // 2
        if _parses(data[: lines[middle][1]] + b" " * (_indent(data, lines[middle]) + 1) + b"pass\n") or _parses(
            data[: lines[middle][1]]
        ):
            low = middle + 1
        else:
            high = middle
    return low


def _alone(text: bytes) -> bytes:
    """A logical line as a program of its own: heads of blocks get a body, inner branches their beginning."""
    text = _TOKEN.sub(lambda match: b"" if match.lastgroup == "comment" else match.group(), text).rstrip()
    word = re.match(rb"@|\w*", text)
    keyword = word.group() if word is not None else b""
    body = b" pass\n" if text.endswith(b":") else b"\n"
    if keyword in (b"elif", b"else"):
        return b"if 1: pass\n" + text + body if body != b"\n" else b"if 1: pass\n" + text + b"\n"
    if keyword in (b"except", b"finally"):
        return b"try: pass\n" + text + body
    if keyword == b"case":
        return b"match x:\n " + text + body
    if keyword == b"match" and text.endswith(b":"):
        return text + b"\n case _: pass\n"
    if keyword == b"try":
        return text + body + b"finally: pass\n"
    if text.startswith(b"@"):
        return text + b"\ndef f(): pass\n"
    head = b"async def f():\n for _ in x:\n  "
    if text.endswith(b":"):
        return head + text + b"\n   pass\n" if b"\n" not in text else head + text + body
    return head + text + b"\n"


@functools.lru_cache(maxsize=8192)
def _parses(data: bytes) -> bool:
    """Whether Python or libcst accepts a text. Python is asked first, being ten times as fast."""
    import libcst

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(data, "<unknown>", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return True
    except (SyntaxError, RecursionError, MemoryError, ValueError, OverflowError):
        pass  # the older grammar of the running Python decides nothing
    try:
        libcst.parse_module(data)
    except (libcst.ParserSyntaxError, libcst.CSTLogicError, RecursionError, UnicodeDecodeError, ValueError):
        return False
    return True
