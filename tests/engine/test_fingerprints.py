"""Fingerprints stay when code moves and tell apart what looks alike."""

from __future__ import annotations

from tests.reporters.samples import at, finding, sources
from trainlint.engine.fingerprints import fingerprints

CODE = "class Net:\n    def loss(self, x):\n        return mse(x)\n"


def one(text: str, wanted: str = "x)", occurrence: int = 0, path: str = "a", **fields: object) -> str:
    """The fingerprint of a finding at `wanted`."""
    files = sources(**{path: text})
    made = finding(at(files, f"{path}.py", wanted, occurrence), **fields)
    return fingerprints([made], files)[made.identity]


def test_it_is_short_and_hexadecimal():
    assert len(one(CODE, "mse(x)")) == 32
    assert int(one(CODE, "mse(x)"), 16)


def test_it_survives_what_does_not_matter():
    same = one(CODE, "mse(x)")
    assert same == one("import torch\n\n\n" + CODE, "mse(x)")
    assert same == one(CODE, "mse(x)", path="renamed")
    assert same == one(CODE.replace("return mse(x)", "return  mse( x )  # why"), "mse( x )")
    assert same == one(CODE.replace("        return", "        y = 1\n\n        # note\n        return"), "mse(x)")
    assert same == one(CODE.replace("\n", "\r\n"), "mse(x)")


def test_it_changes_with_what_matters():
    different = [
        one(CODE, "mse(x)"),
        one(CODE, "mse(x)", rule="unknown-rule"),
        one(CODE.replace("mse(x)", "mse(x, y)"), "mse(x"),
        one(CODE.replace("mse(x)", "mse(x, '#')"), "mse(x"),
        one(CODE.replace("def loss", "def other"), "mse(x)"),
        one(CODE.replace("class Net", "class Other"), "mse(x)"),
        one("def loss(self, x):\n    return mse(x)\n", "mse(x)"),
        one("return mse(x)\n", "mse(x)"),
    ]
    assert len(set(different)) == len(different)


def test_a_function_that_has_ended_is_no_part_of_it():
    assert one("def f():\n    pass\nif y:\n    mse(x)\n", "mse(x)") == one("if y:\n    mse(x)\n", "mse(x)")


def test_occurrences_are_counted_in_each_file():
    files = sources(a="f(x)\nf(x)\n", b="f(x)\n")
    findings = [finding(at(files, "a.py", "x")), finding(at(files, "a.py", "x", 1)), finding(at(files, "b.py", "x"))]
    first, second, other = (fingerprints(reversed(findings), files)[made.identity] for made in findings)
    assert first != second
    assert first == other
