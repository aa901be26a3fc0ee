"""Files that were damaged at random, checked in a process of their own: python -m tests.support.mutations COUNT FILE…

Each line of the output is the seed of a mutation that has been survived; what went wrong is on stderr.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from trainlint.engine.project import Request, check
from trainlint.model import Finding, Span
from trainlint.reporters.concise import render as concise
from trainlint.reporters.full import render as full
from trainlint.reporters.json import render as json
from trainlint.rules.catalogue import catalogue
from trainlint.settings import Settings
from trainlint.source.sources import Sources

BRACKETS = b"()[]{}\"'\\#:=,.\n\t @%*\0\xff\r\f"


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """A text with a few bytes, lines or brackets changed, lost, doubled or moved."""
    lines = raw.splitlines(keepends=True) or [b""]
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        line = bytearray(lines[at])
        column = chance.randrange(len(line) + 1)
        what = chance.randrange(9)
        if what == 0:
            line[column : column + chance.choice((1, 1, 8))] = b""
        elif what == 1:
            line[column:column] = bytes([chance.choice(BRACKETS)]) * chance.choice((1, 1, 1, 3, 400))
        elif what == 2:
            line[column:column] = bytes([chance.randrange(256)])
        elif what == 3:
            line = bytearray()
        elif what == 4:
            line += lines[other]
        elif what == 5:
            line = bytearray(lines[other])
        elif what == 6:
            line = bytearray(b" " * chance.randrange(9)) + line.lstrip()
        elif what == 7:
            line = bytearray(line.rstrip(b"\r\n"))
        else:
            line[column:] = b""
        lines[at] = bytes(line)
    return b"".join(lines)[: chance.choice((None, None, None, chance.randrange(len(raw) + 1)))]


def spans(finding: Finding) -> list[Span]:
    """All that a finding speaks of."""
    edits = [edit.span for fix in finding.fixes for edit in fix.edits]
    return [finding.span, *(note.span for note in finding.related), *edits]


def survive(path: Path, seed: int) -> None:
    """Check a file that was mutated with a seed; raises AssertionError if a span lies outside of it."""
    raw = mutated(path.read_bytes(), random.Random(f"{path.name} {seed}"))
    sources = Sources(path.parent, {path.name: raw}, steady=True)
    settings = Settings(root=path.parent, pedantic=True)
    report = check(Request([path.name], sources, lambda _: settings, catalogue(), path.parent, [path.parent]))
    assert not report.failures, (report.failures, *report.tracebacks)
    for finding in report.findings:
        for span in spans(finding):
            source = sources.get(span.path)
            assert source is not None, finding
            assert 0 <= span.start <= span.end <= len(source.original), finding
            source.original[span.start : span.end].decode()
    for render in full, concise, json:
        render(report, sources)


def main(count: str, *files: str) -> None:
    for file in files:
        for seed in range(int(count)):
            print(f"{file} {seed}", file=sys.stderr, flush=True)
            survive(Path(file), seed)
            print(file, seed, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
