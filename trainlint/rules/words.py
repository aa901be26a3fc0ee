"""What several rules say alike."""

from __future__ import annotations

from trainlint.run import Written


def written(number: Written) -> str:
    """What to say of the place where a number was written."""
    setting = number.setting
    if setting is not None:
        return f"the default of {setting.label}" if setting.label else "its default"
    return "it is computed from this number" if number.computed else "the number was written here"
