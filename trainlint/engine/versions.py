"""Two versions of the files of a unit: which statement is which, and whether an analysis sees the same in both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from trainlint.engine.reading import is_code
from trainlint.source.segments import Segment
from trainlint.source.source import Source
from trainlint.syntax.parse import same_meaning

Changes = Mapping[str, tuple[Source, Source]]
_BY_NAME = frozenset({"__dict__", "vars"})  # what looks through all names of a module


@frozen
class Same:
    """Statements of two versions of a file that mean the same, as long as ``names`` are said in idle lines only.

    ``names`` of functions are of no account to whoever looks through the names of the module, unlike ``lasting`` ones.
    """

    pairs: tuple[tuple[Segment, Segment], ...]
    names: frozenset[str]
    lasting: frozenset[str]


def same(before: Source, after: Source) -> Same | None:
    """The statements of two versions that are the same to an analysis; None if it may see something else."""
    if not is_code(before) or before.problem != after.problem:
        return Same((), frozenset(), frozenset()) if before.original == after.original else None
    old, new = list(before.segments), list(after.segments)
    lasting: set[str] = set()
    if len(old) != len(new) or any(one.content is not other.content for one, other in zip(old, new, strict=True)):
        shared = {segment.content for segment in old} & {segment.content for segment in new}
        for segments in (old, new):
            left_out = [each for each in segments if each.content not in shared and _is_idle(each)]
            lasting.update(name for each in left_out for name in names_of(each))
            segments[:] = [each for each in segments if each not in left_out]
    if len(old) != len(new):
        return None
    names = set(lasting)
    for pair in zip(old, new, strict=True):
        found = same_meaning(*pair)
        if found is None or (found and _has_functions(pair[0])):
            return None
        names |= found
        lasting |= found if pair[0].name is None else frozenset()
    return Same(tuple(zip(old, new, strict=True)), frozenset(names), frozenset(lasting))


def _is_idle(segment: Segment) -> bool:
    return segment.name is None and not segment.content.core.text


def _has_functions(segment: Segment) -> bool:
    """Whether a statement that is no definition may hold some, whose places are told by what stands before them."""
    return segment.name is None and b"def" in segment.data


def names_of(segment: Segment) -> frozenset[str]:
    """The names in the idle lines of a statement."""
    return frozenset(each.name for each in segment.content.core.idle)


def unused(found: Mapping[str, Same], texts: Iterable[Source | None], words: frozenset[str]) -> bool:
    """Whether nobody says the names on which the sameness of some files rests: none of the texts, and no ``words``.

    Of variables of functions only their own file can say anything, unless another one gives such a name to something.
    """
    names = frozenset[str]().union(*(each.names for each in found.values()))
    lasting = frozenset[str]().union(*(each.lasting for each in found.values()))
    if not names:
        return True
    if not names.isdisjoint(words):
        return False
    for source in texts:
        if source is None or not is_code(source):
            continue
        suspects = names if source.path in found else lasting | (names & source.names.keys())
        if suspects and any(_says(segment, suspects, bool(lasting)) for segment in source.segments):
            return False
    return True


def _says(segment: Segment, names: frozenset[str], lasting: bool) -> bool:
    said = names & segment.mentions
    return bool(said and not said <= names_of(segment)) or (lasting and not _BY_NAME.isdisjoint(segment.mentions))
