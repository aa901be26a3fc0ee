"""The one exception of settings: all that is wrong with a file or an argument, a line each."""

from __future__ import annotations


class SettingsError(Exception):
    """Settings that cannot be used; `problems` are complete messages, each with its place."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
