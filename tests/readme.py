"""Writes the table of rules into the README, between its markers."""

from __future__ import annotations

from pathlib import Path

from trainlint.reporters.listing import as_markdown
from trainlint.rules.catalogue import catalogue

README = Path(__file__).parents[1] / "README.md"
_BEGIN = "<!-- rules: made by `make docs` -->\n"
_END = "<!-- end of rules -->\n"


def regenerated(text: str) -> str:
    """`text` with the table of today's rules."""
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not begin or not end:
        raise ValueError("the README has lost the markers around its table of rules")
    return f"{before}{begin}\n{as_markdown(catalogue())}\n{end}{after}"


if __name__ == "__main__":
    README.write_text(regenerated(README.read_text(encoding="utf-8")), encoding="utf-8")
