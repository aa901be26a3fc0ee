"""Says what is missing in, or does not belong into, the wheel and the sdist.

Called with the wheel, the wheel that was built from the sdist, and the sdist. Needs the standard library only.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]


def problems(wheel: Path, from_sdist: Path, sdist: Path) -> list[str]:
    """A sentence for each thing that is wrong."""
    names = zipfile.ZipFile(wheel).namelist()
    found = [f"{name} is in the wheel {count} times" for name, count in Counter(names).items() if count > 1]
    if set(names) != set(zipfile.ZipFile(from_sdist).namelist()):
        found.append("the wheel that is built from the sdist holds other files")
    inside = {name for name in names if name.startswith("trainlint/")}
    wanted = {name for name in _tracked() if name.startswith("trainlint/")} | {"trainlint/rules.yaml"}
    found += (f"{name} is not in the wheel" for name in sorted(wanted - inside))
    found += (f"{name} is in the wheel but not in the repository" for name in sorted(inside - wanted))
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    needed = ("rules.yaml", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "Makefile", "tests/demo.py")
    found += (f"{name} is not in the sdist" for name in needed if name not in packed)
    return found


def _tracked() -> list[str]:
    """The files that git would commit."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode()
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


if __name__ == "__main__":
    wrong = problems(*map(Path, sys.argv[1:4]))
    print(*(wrong or ["the wheel and the sdist hold what they should"]), sep="\n")
    raise SystemExit(1 if wrong else 0)
