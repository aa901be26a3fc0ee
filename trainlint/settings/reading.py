"""From a table of keys and values to a layer: every key known, every value of its type, every name a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trainlint.model import Confidence, Severity
from trainlint.settings.errors import SettingsError
from trainlint.settings.layers import OUTPUT_FORMATS, Layer
from trainlint.settings.nearest import suggestion
from trainlint.settings.patterns import is_pattern
from trainlint.settings.vocabulary import Vocabulary

Keys = tuple[str | int, ...]
Where = Callable[[Keys], str]


def read_layer(table: Mapping[str, Any], vocabulary: Vocabulary, folder: Path, where: Where) -> Layer:
    """The layer that `table` describes.

    `folder` is what its paths are relative to; `where(keys)` says where a key (or, with an index at the end, an item of
    a list) was written. Raises SettingsError with every problem.
    """
    reader = _Reader(vocabulary, folder, where)
    values = {key.replace("-", "_"): reader.read(key, value) for key, value in table.items()}
    if reader.problems:
        raise SettingsError(*reader.problems)
    return Layer(**values)


class _Reader:
    def __init__(self, vocabulary: Vocabulary, folder: Path, where: Where) -> None:
        self.vocabulary = vocabulary
        self.folder = folder
        self.where = where
        self.problems: list[str] = []

    def read(self, key: str, value: object) -> Any:
        kind = _KEYS.get(key)
        if kind is None:
            self.problem((key,), f"there is no setting `{key}`{suggestion(key, _KEYS)}")
            return None
        return kind(self, (key,), value)

    def problem(self, keys: Keys, message: str) -> None:
        self.problems.append(f"{self.where(keys)}: {message}")

    # Types of values ------------------------------------------------------------------------------------------------

    def boolean(self, keys: Keys, value: object) -> bool | None:
        if isinstance(value, bool):
            return value
        self.problem(keys, f"{_dotted(keys)} must be true or false")
        return None

    def string(self, keys: Keys, value: object) -> str | None:
        if isinstance(value, str):
            return value
        self.problem(keys, f"{_dotted(keys)} must be a string")
        return None

    def strings(self, keys: Keys, value: object) -> tuple[str, ...]:
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.problem(keys, f"{_dotted(keys)} must be a list of strings")
        return ()

    def table(self, keys: Keys, value: object) -> Mapping[str, object]:
        if isinstance(value, dict):
            return value
        self.problem(keys, f"{_dotted(keys)} must be a table")
        return {}

    def one_of(self, keys: Keys, value: object, known: tuple[str, ...]) -> str | None:
        if isinstance(value, str) and value in known:
            return value
        hint = suggestion(value, known) if isinstance(value, str) else ""
        self.problem(keys, f"{_dotted(keys)} must be one of {', '.join(known)}{hint}")
        return None

    def path(self, keys: Keys, value: object) -> str | None:
        text = self.string(keys, value)
        return None if text is None else str(self.folder / text)

    def paths(self, keys: Keys, value: object) -> tuple[str, ...]:
        return tuple(str(self.folder / item) for item in self.strings(keys, value))

    def level(self, keys: Keys, value: object) -> Severity | None:
        name = self.one_of(keys, value, _SEVERITIES)
        return None if name is None else Severity[name.upper()]

    def confidence(self, keys: Keys, value: object) -> Confidence | None:
        name = self.one_of(keys, value, _CONFIDENCES)
        return None if name is None else Confidence[name.upper()]

    def fail_on(self, keys: Keys, value: object) -> str | None:
        return self.one_of(keys, value, (*_SEVERITIES, "never"))

    def output_format(self, keys: Keys, value: object) -> str | None:
        return self.one_of(keys, value, OUTPUT_FORMATS)

    # Names of rules -------------------------------------------------------------------------------------------------

    def rule(self, keys: Keys, name: str) -> bool:
        if name in self.vocabulary.rules:
            return True
        self.problem(keys, f"there is no rule `{name}`{suggestion(name, self.vocabulary.rules)}")
        return False

    def selectors(self, keys: Keys, value: object) -> tuple[str, ...]:
        names = self.strings(keys, value)
        known = self.vocabulary.selectors
        for index, name in enumerate(names):
            if name not in known:
                self.problem((*keys, index), f"there is no rule, group or tag `{name}`{suggestion(name, known)}")
        return names

    def severity(self, keys: Keys, value: object) -> Mapping[str, Severity]:
        levels = {}
        for name, level in self.table(keys, value).items():
            if self.rule((*keys, name), name) and (severity := self.level((*keys, name), level)) is not None:
                levels[name] = severity
        return levels

    def options(self, keys: Keys, value: object) -> Mapping[str, Mapping[str, object]]:
        chosen: dict[str, dict[str, object]] = {}
        for rule, table in self.table(keys, value).items():
            if not self.rule((*keys, rule), rule):
                continue
            known = self.vocabulary.options.get(rule, {})
            for name, setting in self.table((*keys, rule), table).items():
                place = (*keys, rule, name)
                if name not in known:
                    self.problem(place, f"rule `{rule}` has no option `{name}`{suggestion(name, known)}")
                elif problem := known[name].problem(setting):
                    self.problem(place, f"{_dotted(place)} {problem}")
                else:
                    chosen.setdefault(rule, {})[name] = setting
        return chosen

    def per_file_ignores(self, keys: Keys, value: object) -> Mapping[str, tuple[str, ...]]:
        ignored = {}
        for pattern, names in self.table(keys, value).items():
            if not is_pattern(pattern):
                self.problem((*keys, pattern), f"`{pattern}` is no pattern")
            ignored[pattern] = self.selectors((*keys, pattern), names)
        return ignored

    def patterns(self, keys: Keys, value: object) -> tuple[str, ...]:
        texts = self.strings(keys, value)
        for index, text in enumerate(texts):
            if not is_pattern(text):
                self.problem((*keys, index), f"`{text}` is no pattern")
        return texts


_SEVERITIES = ("error", "warning", "info")
_CONFIDENCES = ("high", "medium", "low")
_KEYS: Mapping[str, Callable[[_Reader, Keys, object], Any]] = {
    "select": _Reader.selectors,
    "ignore": _Reader.selectors,
    "pedantic": _Reader.boolean,
    "severity": _Reader.severity,
    "options": _Reader.options,
    "per-file-ignores": _Reader.per_file_ignores,
    "exclude": _Reader.patterns,
    "fail-on": _Reader.fail_on,
    "min-confidence": _Reader.confidence,
    "baseline": _Reader.path,
    "knowledge": _Reader.paths,
    "output-format": _Reader.output_format,
}


def _dotted(keys: Keys) -> str:
    return "`" + ".".join(str(key) for key in keys) + "`"
