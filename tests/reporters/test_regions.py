"""Regions in notebooks: lines of the cell for people, of the file for other programs."""

from __future__ import annotations

from tests.reporters.samples import notebook
from trainlint.reporters.regions import Region, file_region, region
from trainlint.source.sources import Sources


def test_of_the_cell_and_of_the_file(tmp_path):
    files, span = notebook(tmp_path)
    assert region(span, files) == Region(2, 1, 2, 2, cell=2)
    assert region(span, files).said == "cell 2, line 2"
    assert file_region(span, files) == Region(16, 1, 16, 12)


def test_of_a_file_with_a_byte_order_mark_and_other_line_ends(tmp_path):
    _, span = notebook(tmp_path)
    text = (tmp_path / "a.ipynb").read_bytes()
    for end in (b"\r\n", b"\r"):
        (tmp_path / "a.ipynb").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", end))
        assert file_region(span, Sources(tmp_path)) == Region(16, 1, 16, 12)


def test_of_a_text_that_its_file_does_not_hold(tmp_path):
    files, span = notebook(tmp_path)
    text = (tmp_path / "a.ipynb").read_bytes()
    files.overlay("a.ipynb", text)
    assert file_region(span, files) == Region(16, 1, 16, 12), "the file holds the same"
    files.overlay("a.ipynb", text.replace(b"y = 1", b"y = 2"))
    assert region(span, files).cell == 2
    assert file_region(span, files) == Region(1, 1, 1, 2)
