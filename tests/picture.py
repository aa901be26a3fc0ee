"""Draws what trainlint prints about one example, for the README."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "examples" / "output.svg"
EXAMPLE = "examples/broken/house_prices"
WIDTH = 112

# rich's own frame, but with the fonts that the reader has: a picture should not fetch anything.
FRAME = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: {char_height}px;
line-height: {line_height}px; }}
.{unique_id}-title {{ font-size: 18px; font-weight: bold; font-family: sans-serif; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" /></clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def printed() -> str:
    """What the command prints on a terminal with colours."""
    command = [
        sys.executable,
        "-m",
        "trainlint",
        "check",
        "--isolated",
        "--no-cache",
        "--color",
        "always",
        "-q",
        EXAMPLE,
    ]
    environment = {**os.environ, "COLUMNS": str(WIDTH)}
    run = subprocess.run(command, cwd=ROOT, env=environment, check=False, stdout=subprocess.PIPE)
    return run.stdout.decode("utf-8")


def drawn(text: str) -> str:
    """A terminal with this text in it, as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), legacy_windows=False, force_terminal=True)
    console.print(Text.assemble(("$ ", "bold green"), f"trainlint {EXAMPLE}"))
    console.print(Text.from_ansi(text))
    return console.export_svg(title="trainlint", code_format=FRAME, unique_id="trainlint")


if __name__ == "__main__":
    PICTURE.write_text(drawn(printed()), encoding="utf-8", newline="\n")
