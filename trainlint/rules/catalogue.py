"""The catalogue of rules: `rules.yaml`, checked and typed."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from attrs import field, frozen
from cattrs import BaseValidationError, Converter, transform_error
from cattrs.gen import make_dict_structure_fn, override
from cattrs.v import format_exception

from trainlint.model import Severity
from trainlint.settings import OPTION_TYPES, Option, Settings, Vocabulary, nearest

if TYPE_CHECKING:
    if sys.version_info >= (3, 11):
        from importlib.resources.abc import Traversable
    else:
        from importlib.abc import Traversable

GROUPS = (
    "data",
    "output",
    "optimizer",
    "loop",
    "mode",
    "model",
    "regularization",
    "numerics",
    "curves",
    "file",
)
_PAGES = "https://github.com/trainlint/trainlint/blob/main/trainlint/rules"
_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class CatalogueError(Exception):
    """`rules.yaml` is not as it should be; the message has a line per problem."""


@frozen
class RuleInfo:
    """What is known of one rule without running it."""

    name: str
    group: str
    summary: str
    severity: Mapping[str, Severity]
    since: str
    pedantic: bool = False
    tags: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(factory=dict)

    @property
    def page(self) -> str:
        """The rule's page, relative to the folder of the rules."""
        return f"{self.group}/{self.name.replace('-', '_')}.md"

    @property
    def url(self) -> str:
        """Where the page can be read online."""
        return f"{_PAGES}/{self.page}"

    @property
    def default_severity(self) -> Severity:
        return self.severity["default"]


class Catalogue(Mapping[str, RuleInfo]):
    """All rules by name, in the order of `rules.yaml`."""

    def __init__(self, rules: Mapping[str, RuleInfo]) -> None:
        self._rules = dict(rules)

    def __getitem__(self, name: str) -> RuleInfo:
        return self._rules[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that settings may use."""
        return Vocabulary(
            rules=frozenset(self._rules),
            groups=frozenset(name for rule in self.values() for name in (rule.group, *rule.tags)),
            options={rule.name: rule.options for rule in self.values()},
        )

    def nearest(self, name: str) -> str | None:
        """The rule that `name` is most likely meant to be."""
        return nearest(name, self._rules)

    def enabled(self, settings: Settings) -> frozenset[str]:
        """The rules that are on: the default set or what is selected, less what is ignored."""
        chosen: set[str] = set()
        for selector in ("default",) if settings.select is None else settings.select:
            chosen.update(self._chosen(selector, settings.pedantic))
        for selector in settings.ignore:
            chosen.difference_update(self._chosen(selector, pedantic=True))
        return frozenset(chosen)

    def _chosen(self, selector: str, pedantic: bool) -> Iterator[str]:
        if selector in self._rules:
            yield selector
            return
        for rule in self.values():
            if selector == "all" or (
                (pedantic or not rule.pedantic) and selector in ("default", rule.group, *rule.tags)
            ):
                yield rule.name

    def options(self, settings: Settings) -> Mapping[str, Mapping[str, object]]:
        """The options of every rule that has some: the defaults with the settings laid over them."""
        return {
            rule.name: {
                **{name: option.default for name, option in rule.options.items()},
                **settings.options.get(rule.name, {}),
            }
            for rule in self.values()
            if rule.options
        }


@cache
def catalogue() -> Catalogue:
    """The catalogue that is shipped."""
    return parse(located().read_text(encoding="utf-8"))


def located() -> Traversable:
    """`rules.yaml`: inside the package where it is installed, beside it in a checkout."""
    packaged = files("trainlint") / "rules.yaml"
    return packaged if packaged.is_file() else Path(__file__).parents[2] / "rules.yaml"


def page(rule: RuleInfo) -> str:
    """The text of the rule's page, as Markdown."""
    return (files("trainlint") / "rules" / rule.page).read_text(encoding="utf-8")


def parse(text: str) -> Catalogue:
    """The catalogue in the YAML `text`; raises CatalogueError with all that is wrong."""
    try:
        entries = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CatalogueError(f"rules.yaml: {error}") from error
    if not isinstance(entries, dict):
        raise CatalogueError("rules.yaml: must be a mapping from rule names to entries")
    rules: dict[str, RuleInfo] = {}
    problems: list[str] = []
    for name, entry in entries.items():
        if not isinstance(entry, dict):
            problems.append(f"{name}: must be a mapping")
            continue
        try:
            rules[name] = _converter().structure({**entry, "name": name}, RuleInfo)
        except BaseValidationError as error:
            problems += transform_error(error, path=str(name), format_exception=_said)
        except (TypeError, ValueError, KeyError) as error:
            problems.append(f"{name}: {error}")
    for rule in rules.values():
        problems += (f"{rule.name}: {problem}" for problem in _problems(rule, entries))
    if problems:
        raise CatalogueError("\n".join(f"rules.yaml: {problem}" for problem in problems))
    return Catalogue(rules)


def _problems(rule: RuleInfo, known: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with an entry whose fields have the right types."""
    if not _NAME.fullmatch(rule.name):
        yield "a rule's name is lower-case words joined by -"
    if rule.group not in GROUPS:
        yield f"there is no group {rule.group!r}; the groups are {', '.join(GROUPS)}"
    if "default" not in rule.severity:
        yield "severity has no case `default`"
    if not rule.summary or rule.summary.endswith("."):
        yield "summary must be a line without a full stop at its end"
    for other in rule.before:
        if other not in known:
            yield f"before names `{other}`, which is no rule"
    for name, option in rule.options.items():
        if option.type not in OPTION_TYPES:
            yield f"options.{name}.type must be one of {', '.join(sorted(OPTION_TYPES))}"
        elif option.default is not None and (problem := option.problem(option.default)):
            yield f"options.{name}.default {problem}"


@cache
def _converter() -> Converter:
    converter = Converter(forbid_extra_keys=True)
    converter.register_structure_hook(Severity, lambda value, _: _severity(value))
    converter.register_structure_hook(bool, lambda value, _: _exactly(value, bool, "true or false"))
    converter.register_structure_hook(str, lambda value, _: _exactly(value, str, "a string"))
    # An option's values are plain scalars: their type is what `type` says, not what a union would make of them.
    untouched = override(struct_hook=lambda value, _: value)
    converter.register_structure_hook(
        Option,
        make_dict_structure_fn(
            Option,
            converter,
            _cattrs_forbid_extra_keys=True,
            default=untouched,
            minimum=untouched,
            maximum=untouched,
            choices=override(struct_hook=lambda value, _: tuple(value)),
        ),
    )
    return converter


def _said(error: BaseException, kind: type | None) -> str:
    return str(error) if isinstance(error, ValueError) else format_exception(error, kind)


def _severity(value: object) -> Severity:
    try:
        return Severity[str(value).upper()]
    except KeyError:
        raise ValueError(f"{value!r} is no severity: error, warning or info") from None


def _exactly(value: object, kind: type, what: str) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{value!r} is not {what}")
    return value


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """A safe loader that refuses the same key twice, where YAML silently takes the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[object] = set()
        for key, _ in node.value:
            name = self.construct_object(key, deep=True)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} is there twice", key.start_mark)
            seen.add(name)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping
