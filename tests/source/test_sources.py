"""The files that an analysis can see."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainlint.source.source import Source
from trainlint.source.sources import Sources


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("a = 1\n")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/b.py").write_text("b = 1\n")
    return tmp_path


def text(sources: Sources, path: str) -> str | None:
    source = sources.get(path)
    return None if source is None else source.original.decode()


def test_files_are_read_from_the_root(files):
    sources = Sources(files)
    assert text(sources, "pkg/b.py") == "b = 1\n"
    assert text(sources, str(files / "a.py")) == "a = 1\n"
    assert sources.get("gone.py") is None
    assert sources.get("pkg") is None
    assert sources.get("a.py/b.py") is None


def test_an_unsaved_text_counts_instead_of_the_file(files):
    sources = Sources(files, {"a.py": b"a = 2\n", "new/deep/c.py": b"c = 1\n"})
    assert text(sources, "a.py") == "a = 2\n"
    assert text(sources, "new/deep/c.py") == "c = 1\n"
    assert sources.exists("new/deep/c.py")
    assert not sources.exists("new/c.py")
    assert sources.is_dir("new")
    assert sources.is_dir("new/deep")
    assert sources.is_dir("pkg")
    assert not sources.is_dir("new/deep/c.py")
    assert not sources.is_dir("ne")


def test_a_later_text_replaces_an_earlier_one(files):
    sources = Sources(files, {"a.py": b"a = 2\n"})
    before = sources.get("a.py")
    sources.derived["something"] = 1
    sources.overlay("a.py", Source.read("a.py", b"a = 3\n"))
    assert text(sources, "a.py") == "a = 3\n"
    assert sources.get("a.py") is not before
    assert not sources.derived


def test_a_file_is_read_once_until_it_changes(files):
    sources = Sources(files)
    first = sources.get("a.py")
    sources.derived["something"] = 1
    assert sources.get("a.py") is first
    assert sources.derived
    (files / "a.py").write_text("a = 22\n")
    assert text(sources, "a.py") == "a = 22\n"
    assert not sources.derived
    (files / "a.py").unlink()
    assert sources.get("a.py") is None


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_file_that_cannot_be_read_raises(files):
    (files / "a.py").chmod(0)
    with pytest.raises(OSError, match=r"a\.py"):
        Sources(files).get("a.py")
