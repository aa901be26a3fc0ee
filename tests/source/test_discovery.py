"""Which files are checked."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from trainlint.source.discovery import Discovery, discover


@pytest.fixture
def folder(tmp_path: Path):
    """Makes empty files, or files with a text, and tells which of them are discovered."""

    def make(*names: str, paths: tuple[str, ...] = (".",), texts: dict[str, str] | None = None, **options: object):
        for name in names:
            write(tmp_path / name, "")
        for name, text in (texts or {}).items():
            write(tmp_path / name, text)
        return list(discover(paths, cwd=tmp_path, **options).files)  # type: ignore[arg-type]

    return make


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_python_files_and_notebooks_in_order(folder):
    assert folder("b.py", "a/z.py", "a/y.ipynb", "w.pyw", "notes.md", "a.pyc", "x.pyi") == [
        "a/y.ipynb",
        "a/z.py",
        "b.py",
        "w.pyw",
    ]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(folder):
    assert folder("train", "venv/x.py", paths=("train", "venv/x.py")) == ["train", "venv/x.py"]


def test_every_file_once(folder):
    assert folder("a/x.py", "b.py", paths=("b.py", "a", ".", "a/../b.py", "a/x.py")) == ["b.py", "a/x.py"]


def test_folders_of_tools_are_left_out(folder):
    inside = (".venv/x.py", ".git/x.py", "node_modules/x.py", "a/__pycache__/x.py", "build/x.py", "site-packages/x.py")
    assert folder("a/x.py", "builder/x.py", *inside) == ["a/x.py", "builder/x.py"]


def test_but_not_when_they_are_given(folder):
    assert folder("build/x.py", "build/dist/x.py", paths=("build",)) == ["build/x.py"]


def test_a_missing_path_is_said_and_the_others_are_checked(tmp_path):
    write(tmp_path / "a.py", "")
    assert discover(["gone", "a.py", "gone.py"], cwd=tmp_path) == Discovery(("a.py",), ("gone", "gone.py"))


def test_a_file_outside_keeps_its_whole_path(tmp_path):
    write(tmp_path / "out/a.py", "")
    (tmp_path / "in").mkdir()
    assert discover(["../out"], cwd=tmp_path / "in").files == ((tmp_path / "out/a.py").as_posix(),)


def test_a_name_that_begins_with_dots_is_not_outside(folder):
    assert folder("..a.py", "..b/x.py") == ["..a.py", "..b/x.py"]


def test_symlinks(tmp_path):
    write(tmp_path / "a/x.py", "")
    os.symlink("..", tmp_path / "a/up")
    os.symlink("a", tmp_path / "b")
    os.symlink("nowhere.py", tmp_path / "dangling.py")
    os.symlink("self.py", tmp_path / "self.py")
    os.symlink("a/x.py", tmp_path / "link.py")
    assert discover(["."], cwd=tmp_path) == Discovery(("a/x.py", "link.py"))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser reads everything")
def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    write(tmp_path / "a.py", "")
    (tmp_path / "shut").mkdir(mode=0)
    assert discover(["."], cwd=tmp_path) == Discovery(("a.py",), (), ("shut",))


# Settings: exclude


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ("old.py", ["a/b/x.py", "a/x.py", "x.py"]),
        ("/old.py", ["a/b/x.py", "a/old.py", "a/x.py", "x.py"]),
        ("a/", ["old.py", "x.py"]),
        ("b", ["a/old.py", "a/x.py", "old.py", "x.py"]),
        ("a/*.py", ["a/b/x.py", "old.py", "x.py"]),
        ("a/**", ["old.py", "x.py"]),
        ("**/x.py", ["a/old.py", "old.py"]),
    ],
)
def test_exclude_patterns_are_those_of_gitignore(folder, exclude, left):
    assert folder("x.py", "old.py", "a/x.py", "a/old.py", "a/b/x.py", exclude=[exclude]) == left


def test_excluded_files_that_are_named_are_taken_unless_forced(folder):
    assert folder("x.py", "y.py", paths=("x.py",), exclude=["x.py"]) == ["x.py"]
    assert folder(paths=("x.py", "y.py"), exclude=["x.py"], force_exclude=True) == ["y.py"]


# Git's own ignore files: what is left is what git leaves.

FILES = ["x.py", "keep.py", "a/x.py", "a/keep.py", "a/b/x.py", "a/b/keep.py", "c d/x.py", "#x.py", "!x.py"]


@pytest.mark.parametrize(
    "ignores",
    [
        {".gitignore": "x.py\n"},
        {".gitignore": "/x.py\n"},
        {".gitignore": "*\n!keep.py\n"},
        {".gitignore": "*\n!*/\n!keep.py\n"},
        {".gitignore": "a/\n!a/keep.py\n"},
        {".gitignore": "a/*\n!a/keep.py\n"},
        {".gitignore": "*.py\n", "a/.gitignore": "!keep.py\n"},
        {".gitignore": "keep.py\n", "a/.gitignore": "!keep.py\n", "a/b/.gitignore": "keep.py\n"},
        {".gitignore": "b\n", "a/.gitignore": "!b\n"},
        {".gitignore": "a\n", "a/.gitignore": "!*\n"},
        {"a/.gitignore": "/x.py\n"},
        {"a/.gitignore": "b/x.py\n"},
        {"a/.gitignore": "*\n"},
        {"a/b/.gitignore": "\n# a comment\n*.py   \n"},
        {".gitignore": "a/**/x.py\n"},
        {".gitignore": "**/b\n"},
        {".gitignore": "c\\ d/\n"},
        {".gitignore": "\\#x.py\n\\!x.py\n"},
        {".gitignore": "x.p[xyz]\n"},
        {".gitignore": "?.py\n"},
        {".gitignore": "x.py\r\n"},
        {".gitignore": "\ufeffx.py\n"},
        {".gitignore": "x.py\n!b/\n"},
        {".gitignore": "x.py\n", "a/.gitignore": "!b/\n"},
        {".gitignore": "*/**\n!keep.py\n"},
        {".gitignore": "!\n***\n[\n\n/\nkeep.py\n"},
    ],
    ids=str,
)
def test_gitignore(folder, tmp_path, ignores):
    subprocess.run(["git", "init", "--quiet", "--template="], cwd=tmp_path, check=True)
    left = folder(*FILES, texts=ignores)
    listed = ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "--others", "--exclude-standard", "-z", "*.py"]
    output = subprocess.run(listed, cwd=tmp_path, check=True, capture_output=True).stdout.decode()
    assert left == sorted(output.split("\0")[:-1], key=lambda name: name.split("/"))


def test_the_ignore_files_above_count_up_to_the_root_of_the_repository(folder):
    texts = {".gitignore": "keep.py\n", "repo/.gitignore": "x.py\n", "repo/.git/HEAD": ""}
    files = ("repo/a/x.py", "repo/a/y.py", "repo/a/keep.py")
    assert folder(*files, texts=texts, paths=("repo/a",)) == ["repo/a/keep.py", "repo/a/y.py"]


def test_without_a_repository_those_above_do_not_count(folder):
    assert folder("a/x.py", texts={".gitignore": "x.py\n"}, paths=("a",)) == ["a/x.py"]


def test_ignore_files_can_be_ignored(folder):
    assert folder("x.py", "y.py", texts={".gitignore": "x.py\n"}, gitignore=False) == ["x.py", "y.py"]


def test_a_folder_is_taken_though_git_ignores_it(folder):
    assert folder("a/x.py", texts={".gitignore": "a/\n", ".git/HEAD": ""}, paths=("a",)) == ["a/x.py"]


def test_a_named_file_is_taken_though_git_ignores_it(folder):
    assert folder("x.py", texts={".gitignore": "x.py\n"}, paths=("x.py",)) == ["x.py"]
