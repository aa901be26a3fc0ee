"""Ignore comments as they are read."""

from __future__ import annotations

import pytest

from trainlint.source.ignores import ignores


def found(text: str) -> list[tuple[tuple[str, ...], str, str]]:
    """Per comment its rules, its reason, and the lines that it covers."""
    data = text.encode()
    return [(one.rules, one.reason, data[one.line_start : one.line_end].decode().rstrip()) for one in ignores(data)]


def test_rules_reason_and_line():
    assert found("x = 1\ny = 2  # trainlint: ignore[a-b, c] because é\nz = 3\n") == [
        (("a-b", "c"), "because é", "y = 2  # trainlint: ignore[a-b, c] because é")
    ]


def test_the_place_of_each_name_is_known():
    data = "é = 1  # trainlint: ignore[a-b,  c]".encode()
    (one,) = ignores(data)
    assert [data[slice(*span)] for span in one.spans] == [b"a-b", b"c"]
    assert data[one.start : one.end] == b"# trainlint: ignore[a-b,  c]"


@pytest.mark.parametrize("comment", ["#trainlint:ignore[a]", "#  trainlint:  ignore[a]", "# trainlint: ignore[ a ,]"])
def test_spaces_do_not_matter(comment):
    assert [rules for rules, _, _ in found(f"x  {comment}\n")] == [("a",)]


@pytest.mark.parametrize(
    "text",
    [
        "x = '# trainlint: ignore[a]'\n",
        "x = '''\n# trainlint: ignore[a]\n'''\n",
        'x = "\\"# trainlint: ignore[a]"\n',
        "# see trainlint: ignore[a]\n",
        "# trainlint: ignore a\n",
        "# trainlint: ignore[a\n]\n",
        "trainlint: ignore[a]\n",
    ],
)
def test_what_only_looks_like_one_is_none(text):
    assert found(text) == []


def test_after_a_string_it_is_one():
    assert len(found("x = 'it\\'s'  # trainlint: ignore[a]\n")) == 1
    assert len(found('x = """a"b"""  # trainlint: ignore[a]\n')) == 1


def test_it_covers_its_whole_statement():
    text = "f(\n    a,  # trainlint: ignore[a]\n    b,\n)\nx = 1\n"
    assert found(text)[0][2] == "f(\n    a,  # trainlint: ignore[a]\n    b,\n)"
    assert found("x = \\\n    1  # trainlint: ignore[a]\n")[0][2] == "x = \\\n    1  # trainlint: ignore[a]"
    assert found("x = '''\n(\n'''  # trainlint: ignore[a]\ny")[0][2] == "x = '''\n(\n'''  # trainlint: ignore[a]"


def test_alone_it_covers_the_next_statement():
    assert found("x = 1\n\n# trainlint: ignore[a]\n\n# more\nf(\n  1)\ny\n")[0][2] == "f(\n  1)"
    assert found("if x:\n    # trainlint: ignore[a]\n    y = 1\n")[0][2] == "y = 1"


def test_alone_at_the_end_it_covers_itself():
    assert found("x = 1\n# trainlint: ignore[a]")[0][2] == "# trainlint: ignore[a]"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends(end):
    text = end.join(
        ["x = 1", "f(a,", "  b)  # trainlint: ignore[a] why", "# trainlint: ignore[b]", "z = \\", "  2", ""]
    )
    assert found(text) == [
        (("a",), "why", end.join(["f(a,", "  b)  # trainlint: ignore[a] why"])),
        (("b",), "", end.join(["z = \\", "  2"])),
    ]


def test_whole_file():
    (one,) = ignores(b"x = 1\n# trainlint: ignore-file[a] generated\n")
    assert (one.whole_file, one.rules, one.reason) == (True, ("a",), "generated")
